//! Reads `[balance]`.

use super::drivers::Terms;
use super::problem::Problem;
use super::reader::{Reader, with_help, wrong_kind};
use super::schema;
use super::slices::axis;
use super::suggest::suggest;
use super::tree::{Datum, Table};
use crate::plan::{Balance, Level, Spend};

/// The balance of the plan, where it has one.
pub(crate) fn balance(
    root: &Table,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Balance> {
    let node = root.get("balance")?;
    let Datum::Table(table) = &node.datum else {
        problems.push(wrong_kind(node, "balance", "a table"));
        return None;
    };
    let reader = Reader::new(table, node.place, &schema::BALANCE, problems);
    let spend = match reader.text("spend", problems) {
        None | Some("all") => Spend::All,
        Some("up-to") => Spend::UpTo,
        Some(other) => {
            let place = table.get("spend").map_or(node.place, |node| node.place);
            let problem =
                Problem::new("spend", format!("`{other}` is no way to spend"), place, "unknown");
            problems.push(with_help(problem, suggest(other, ["all", "up-to"])));
            return None;
        }
    };
    let level = match reader.text("each", problems) {
        None => terms.time().map(|_| Level::Depth(0)),
        Some(name) => {
            let place = table.get("each").map_or(node.place, |node| node.place);
            let axis = axis(name, place, terms.dimensions, problems)?;
            if !terms.dimensions[axis.dimension].is_time() {
                problems.push(
                    Problem::new(
                        "balance-level",
                        format!("`{name}` is no level of the time dimension"),
                        place,
                        "this level",
                    )
                    .help(
                        "name a level of the dimension with `role = \"time\"`, or leave `each` out",
                    ),
                );
                return None;
            }
            Some(axis.level)
        }
    };
    Some(Balance { level, spend })
}
