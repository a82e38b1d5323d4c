//! The README's picture is drawn from the screen itself, so that it cannot go stale.

use std::fmt::Write;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::planner::Planner;

/// The width and the height of a character, in pixels.
const WIDE: usize = 8;
const HIGH: usize = 17;

fn colours(cell: &Cell) -> (&'static str, &'static str, bool) {
    let front = match cell.fg {
        Color::LightBlue => "#79b8ff",
        Color::Yellow => "#ffab40",
        Color::LightCyan => "#7fdbda",
        _ if cell.modifier.contains(Modifier::DIM) => "#8b949e",
        _ => "#e6edf3",
    };
    let back = "#0d1117";
    let bold = cell.modifier.contains(Modifier::BOLD);
    if cell.modifier.contains(Modifier::REVERSED) {
        (back, front, bold)
    } else {
        (front, back, bold)
    }
}

/// A frame as an SVG picture: a rectangle behind what is not on the ground, a text for each stretch
/// of one look.
fn svg(buffer: &Buffer) -> String {
    let area = buffer.area;
    let (width, height) = (usize::from(area.width) * WIDE, usize::from(area.height) * HIGH + 8);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"13\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#0d1117\"/>\n"
    );
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let look = colours(&buffer[(x, y)]);
            let start = x;
            let mut text = String::new();
            while x < area.right() && colours(&buffer[(x, y)]) == look {
                let symbol = buffer[(x, y)].symbol();
                text.push_str(symbol);
                x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol).max(1))
                    .expect("a width");
            }
            stretch(
                &mut out,
                (usize::from(start), usize::from(y)),
                usize::from(x - start),
                &text,
                look,
            );
        }
    }
    out + "</svg>\n"
}

fn stretch(
    out: &mut String,
    (x, y): (usize, usize),
    length: usize,
    text: &str,
    (front, back, bold): (&str, &str, bool),
) {
    let (left, top, long) = (x * WIDE, y * HIGH + 4, length * WIDE);
    if back != "#0d1117" {
        let _ = writeln!(
            out,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{long}\" height=\"{HIGH}\" fill=\"{back}\"/>"
        );
    }
    let shown = text.trim_end();
    if shown.trim().is_empty() {
        return;
    }
    let lead = shown.chars().count() - shown.trim_start().chars().count();
    let shown = shown.trim_start().replace('&', "&amp;").replace('<', "&lt;");
    let columns = unicode_width::UnicodeWidthStr::width(shown.as_str());
    let weight = if bold { " font-weight=\"bold\"" } else { "" };
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" textLength=\"{}\" xml:space=\"preserve\" fill=\"{front}\"{weight}>{shown}</text>",
        left + lead * WIDE,
        top + 13,
        columns * WIDE
    );
}

#[test]
fn the_picture_of_the_screen_is_what_the_screen_shows() {
    let mut planner = Planner::open("itu-2024-2027");
    planner.resize(132, 36).press("[end][left][left]106000[enter][up][up] [down]");
    let drawn = svg(&planner.buffer());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screen.svg");
    if std::env::var_os("VIREMENT_DRAW").is_some() {
        std::fs::write(&path, &drawn).expect("the picture");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == drawn,
        "docs/screen.svg is stale: run the tests with VIREMENT_DRAW=1 and look at it"
    );
}
