use super::args::{Format, Sweep};
use super::run::{Exit, misuse};
use super::screen::Screen;
use super::transfers::{in_format, out};
use crate::report;
use crate::scenario::Varied;
use crate::session::{self, batch};
use crate::units::Amount;

/// Walks along one figure.
pub(super) fn sweep(screen: &Screen, asked: &Sweep) -> Exit {
    let ends = figure(&asked.from).and_then(|from| Ok((from, figure(&asked.to)?)));
    let ((from, one), (to, two)) = match ends {
        Ok(ends) => ends,
        Err(message) => return misuse(screen, &message),
    };
    if one != two {
        return misuse(screen, "write both --from and --to with %, or neither");
    }
    let name = asked.scenario.as_deref().unwrap_or(session::DEFAULT_PLAN);
    let varied = Varied::new(&asked.vary, one);
    let swept = match batch::sweep(name, varied, (&from, &to), &asked.by) {
        Ok(swept) => swept,
        Err(message) => return misuse(screen, &message),
    };
    let mut tables = report::sweep(&swept);
    // One table in CSV: that of the totals, where some are asked for.
    if asked.format == Format::Csv && tables.len() > 1 {
        tables.remove(0);
    }
    let clashes = swept.stretches.iter().all(|own| own.clash.is_some());
    match in_format(screen, asked.format, &tables, asked.output.is_some()) {
        Ok(text) => out(screen, &text, asked.output.as_deref(), || {
            if clashes { Exit::Infeasible } else { Exit::Fine }
        }),
        Err(message) => misuse(screen, &message),
    }
}

/// A number, or a percentage in percent points.
fn figure(text: &str) -> Result<(Amount, bool), String> {
    let (digits, percent) = match text.trim().strip_suffix('%') {
        Some(points) => (points.trim(), true),
        None => (text.trim(), false),
    };
    let found = Amount::parse(digits).map_err(|fault| format!("`{text}` {fault}"))?;
    Ok((found, percent))
}
