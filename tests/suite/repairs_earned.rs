//! Repairs by revenue that stands: each plan worked by hand.

use crate::repairs::{folder, offered, repaired};

/// Sales are set aside for schools, and are to double beyond what schools may get: the ceiling rises, or less is
/// expected. What a plan expects is no planner's figure.
#[test]
fn the_amount_of_a_revenue_line_gives_way() {
    let sold = "[[revenue]]\nid = \"sales\"\ntitle = \"Sales\"\namount = 40\n\
                [[fund]]\nid = \"sold\"\nrevenue = [\"sales\"]\non = { line = \"b\" }\n\
                [[limit]]\nid = \"cap\"\non = { line = \"b\" }\nmax = 60\n";
    let folder = folder(sold, "[[change]]\nset = \"revenue.sales.amount\"\nto = 80\n");
    let (told, repairs) = offered(&folder, false);
    assert_eq!(
        told,
        [
            "raise the ceiling of Schools (`cap`) from 60 to 80: 20",
            "lower the revenue of Sales (`sales`) from 80 to 60: 20",
        ]
    );
    assert_eq!(
        repairs[1].changes[0].approval.as_deref(),
        Some("whoever sets the revenue of Sales")
    );
    assert_eq!(repaired(&folder, &repairs[0]), ["200", "80"]);
    assert_eq!(repaired(&folder, &repairs[1]), ["200", "60"]);
}

/// Less is expected of grants than schools and roads need: where a scenario says so it may give way, where the
/// plan does, only if all may.
#[test]
fn revenue_of_the_plan_gives_way_where_all_may() {
    let floors = "[[limit]]\nid = \"floor\"\nmin = 210\n";
    let raised = "raise the revenue of grants (`grants`) from 200 to 210: 10";
    let folder = folder("", floors);
    let (told, _) = offered(&folder, false);
    assert_eq!(told, ["lower the floor of all lines together (`floor`) from 210 to 200: 10"]);
    let (told, repairs) = offered(&folder, true);
    let place = told.iter().position(|told| told == raised);
    let place = place.unwrap_or_else(|| panic!("{told:?}"));
    assert_eq!(repaired(&folder, &repairs[place]), ["105", "105"]);
}
