//! Every family of limits that may be missed, on plans worked by hand: by how much the least miss
//! leaves it missed, and which way the stage moves its line.
//!
//! Lines a 100, b 100, c 200 and a revenue of 400, or years 2024 and 2025 with lines a and b of 100
//! and a revenue of 200 each.

use virement::explain;
use virement::units::{Amount, CellId};

use crate::families::years;
use crate::memory::Folder;
use crate::stages::{SHORTFALL, allocation, exact, folder, limit};

/// The plan has these amounts and misses by `miss` in all; the stage lifts the line where `lifts`
/// is 1, lowers it where it is -1, and adds nothing where what must hold explains the line.
fn assert_missed(files: Folder, amounts: &[&str], miss: &str, (line, lifts): (usize, i32)) {
    assert_eq!(exact(files.clone()), amounts);
    let (plan, found) = allocation(files);
    assert_eq!(found.rounds[0].bound.to_string(), miss);
    let parts = explain::contributions(&plan, &found, &[CellId::new(line)]);
    let own = parts.iter().filter(|part| part.by.text().starts_with("shortfall"));
    let adds: Amount = own.map(|part| &part.money).sum();
    let sign = i32::from(adds.is_positive()) - i32::from(adds.is_negative());
    assert_eq!(sign, lifts, "{parts:?}");
}

/// A soft limit, what must hold beside it, and the stage. `a: max = 3` is a limit on line a.
fn soft(it: &str, hard: &[&str]) -> String {
    let own = limit("it", &format!("{}\nstrength = \"soft\"", written(it)));
    let hard = hard.iter().enumerate();
    let hard = hard.map(|(place, rest)| limit(&format!("hard-{place}"), &written(rest)));
    own + &hard.collect::<String>() + SHORTFALL
}

fn written(text: &str) -> String {
    match text.split_once(": ") {
        Some((line, rest)) => format!("on = {{ line = \"{line}\" }}\n{rest}"),
        None => text.into(),
    }
}

const RESERVE: &str = "[[driver]]\nid = \"reserve\"\nunit = \"plan\"\nvalue = ";

/// A reserve of 60, of which 50 may be drawn, and a revenue of 360.
fn reserve(text: &str) -> Folder {
    let decision = "[[revenue]]\nid = \"draw\"\nmin = 0\nmax = 50\n";
    folder(360, &format!("{decision}{RESERVE}60\n{text}"))
}

/// A reserve of 19, and years that may spend less than their 200.
fn up_to(text: &str) -> Folder {
    let mut files = years([200, 200], &format!("{RESERVE}19\n{text}"));
    let plan = String::from_utf8(files.0["plan.toml"].clone()).expect("text");
    let plan = plan.replace("spend = \"all\"", "spend = \"up-to\"");
    files.0.insert("plan.toml".into(), plan.into_bytes());
    files
}

fn posts(text: &str) -> Folder {
    let measure = "[[measure]]\nid = \"posts\"\nunit = \"posts\"\ntable = \"posts.csv\"\n";
    let files = folder(400, &format!("{measure}{text}"));
    files.with("posts.csv", "line,weight\na,0.1\nc,0.2\n")
}

/// Goal one receives a and half of b.
fn goal(text: &str) -> Folder {
    let goal = "[[attribution]]\nid = \"goal\"\nfrom = { dimension = \"line\" }\nto = \"goal\"\n\
                table = \"goal.csv\"\n";
    let shares = "line,goal,share\na,one,1\nb,one,50%\nb,two,1/2\nc,two,1\n";
    folder(400, &format!("{goal}{text}")).with("goal.csv", shares)
}

/// c at most 170 wants 30 to go to a and b, which may rise to 110 each.
#[test]
fn a_missed_ceiling() {
    let text = soft(
        "c: max = 170",
        &["each = [\"line\"]\non = { line = [\"a\", \"b\"] }\nmax-rise = \"10%\""],
    );
    assert_missed(folder(400, &text), &["110", "110", "180"], "10", (2, -1));
}

/// a at 130; b and c may give 5 % of theirs: 5 and 10.
#[test]
fn a_missed_equality() {
    let text = soft(
        "a: equal = 130",
        &["on = { line = [\"b\", \"c\"] }\nwithin = \"line\"\nmax-out = \"5% of baseline\""],
    );
    assert_missed(folder(400, &text), &["115", "95", "190"], "15", (0, 1));
}

/// c at most 40 % of 400, which is 160; a and b may have 115 each.
#[test]
fn a_missed_greatest_share() {
    let text = soft(
        "c: max-share = \"40%\"",
        &["each = [\"line\"]\non = { line = [\"a\", \"b\"] }\nmax = 115"],
    );
    assert_missed(folder(400, &text), &["115", "115", "170"], "10", (2, -1));
}

/// a at least 40 % of a and c, with b at least 100 and c at least 190: 0.4 x 300 - 110.
#[test]
fn a_missed_least_share() {
    let text = soft(
        "a: min-share = \"40%\"\nof = { line = [\"a\", \"c\"] }",
        &["b: min = 100", "c: min = 190"],
    );
    assert_missed(folder(400, &text), &["110", "100", "190"], "10", (0, 1));
}

/// b at 20 % of 400 is 80, and it has at least 90.
#[test]
fn a_missed_equal_share() {
    let text = soft("b: equal-share = \"20%\"", &["b: min = 90"]);
    assert_missed(folder(400, &text), &["310/3", "90", "620/3"], "10", (1, -1));
}

/// 40 must go. a would keep 95; b has at least 92 and c 180, so 88 are left.
#[test]
fn a_missed_greatest_cut() {
    let text = soft("a: max-cut = \"5%\"", &["b: min = 92", "c: min = 180"]);
    assert_missed(folder(360, &text), &["88", "92", "180"], "7", (0, 0));
}

/// 40 come. c would have 208 at most; a and b take 12 each.
#[test]
fn a_missed_greatest_rise() {
    let text = soft(
        "c: max-rise = \"4%\"",
        &["each = [\"line\"]\non = { line = [\"a\", \"b\"] }\nmax = 112"],
    );
    assert_missed(folder(440, &text), &["112", "112", "216"], "8", (2, -1));
}

/// 40 must go. a would keep 97; b has at least 92 and c 180.
#[test]
fn a_missed_greatest_change() {
    let text = soft("a: max-change = \"3%\"", &["b: min = 92", "c: min = 180"]);
    assert_missed(folder(360, &text), &["88", "92", "180"], "9", (0, 0));
}

/// In 2024 b has at most 100, so a at least 100, and 95 in 2025. There b has at least 90 of 180.
#[test]
fn a_missed_step_down() {
    let text = soft(
        "a: max-step-down = \"5%\"",
        &[
            "on = { line = \"b\", year = \"2024\" }\nmax = 100",
            "on = { line = \"b\", year = \"2025\" }\nmin = 90",
        ],
    );
    assert_missed(years([200, 180], &text), &["100", "100", "90", "90"], "5", (2, 0));
}

/// In 2025 a may have at most 80 % of 2024, where it has at most 105: 84. b leaves it 87.
#[test]
fn a_missed_step_up() {
    let text = soft(
        "a: max-step-up = \"-20%\"",
        &[
            "on = { line = \"a\", year = \"2024\" }\nmax = 105",
            "on = { line = \"b\", year = \"2025\" }\nmax = 93",
        ],
    );
    assert_missed(years([200, 180], &text), &["105", "95", "87", "93"], "3", (2, -1));
}

/// a has at least 112, and should receive 5.
#[test]
fn a_missed_cap_on_what_a_slice_receives() {
    let text = soft("a: max-in = 5", &["a: min = 112"]);
    assert_missed(folder(400, &text), &["112", "96", "192"], "7", (0, 0));
}

/// a receives 20. b and c should give 4 each: 12 too much, whoever gives it.
#[test]
fn missed_caps_on_what_lines_give() {
    let text = soft("max-out = 4\nwithin = \"line\"", &["a: min = 120"]);
    assert_missed(folder(400, &text), &["120", "280/3", "560/3"], "12", (0, 0));
}

/// a has at least 125, and Council may move 10 % of it: 15 too much.
#[test]
fn missed_tiers() {
    let text = soft(
        "within = \"line\"\ntiers = [{ up-to = \"5% of baseline\", authority = \"Secretary-General\" }, { up-to = \"10% of baseline\", authority = \"Council\" }]",
        &["a: min = 125"],
    );
    assert_missed(folder(400, &text), &["125", "275/3", "550/3"], "15", (0, 0));
}

/// a has at least 120, so 20 move; 15 should.
#[test]
fn a_missed_turnover() {
    let text = soft("max-turnover = 15\nwithin = \"line\"", &["a: min = 120"]);
    assert_missed(folder(400, &text), &["120", "280/3", "560/3"], "5", (0, 0));
}

/// In each year a has at least 105: 5 + 5 move between the cells, and 7 should.
#[test]
fn a_missed_turnover_of_single_cells() {
    let text = soft(
        "max-turnover = 7\nwithin = \"cells\"",
        &["each = [\"year\"]\non = { line = \"a\" }\nmin = 105"],
    );
    assert_missed(years([200, 200], &text), &["105", "95", "105", "95"], "3", (0, 0));
}

/// a at least 90 and c at most 205, of which 40 % are 82.
#[test]
fn a_missed_greatest_ratio() {
    let text =
        soft("a: at-most-ratio = \"40%\"\nto = { line = \"c\" }", &["a: min = 90", "c: max = 205"]);
    assert_missed(folder(400, &text), &["90", "105", "205"], "8", (0, -1));
}

/// a at most 110 and c at least 190, of which 60 % are 114.
#[test]
fn a_missed_least_ratio() {
    let text =
        soft("a: at-least-ratio = 0.6\nto = { line = \"c\" }", &["a: max = 110", "c: min = 190"]);
    assert_missed(folder(400, &text), &["110", "100", "190"], "4", (0, 1));
}

/// From 100 to 130 in three steps are 110 and 120; a has at most 105 in both years.
#[test]
fn a_missed_path() {
    let text = soft(
        "a: phase-in = { to = \"t.csv\", over = 3 }",
        &["each = [\"year\"]\non = { line = \"a\" }\nmax = 105"],
    );
    assert_missed(
        years([200, 200], &text).with("t.csv", "amount\n130\n"),
        &["105", "95", "105", "95"],
        "20",
        (0, 1),
    );
}

/// The floors need 390 of 360, so 30 of the reserve of 60 are drawn; 40 should be left.
#[test]
fn a_missed_reserve() {
    let text =
        soft("measure = \"reserve\"\nmin = 40", &["a: min = 100", "b: min = 100", "c: min = 190"]);
    assert_missed(reserve(&text), &["100", "100", "190"], "10", (0, 0));
}

/// 97 each are 194 a year; 10 % of it are 19.4 against a reserve of 19, in both years.
#[test]
fn a_missed_reserve_against_expenses() {
    let text = soft(
        "measure = \"reserve\"\nmin-share = \"10%\"\nof = { expenses = \"year\" }",
        &["each = [\"year\", \"line\"]\nmin = 97"],
    );
    assert_missed(up_to(&text), &["97", "97", "97", "97"], "0.8", (0, -1));
}

/// A post for every 10 of a and every 5 of c: at most 45, but 95 and 190 need 47.5.
#[test]
fn a_missed_measure() {
    let text = soft("measure = \"posts\"\nmax = 45", &["a: min = 95", "c: min = 190"]);
    assert_missed(posts(&text), &["95", "115", "190"], "2.5", (2, -1));
}

/// a and half of b should make 180; a may have 110 and b 120.
#[test]
fn a_missed_share_of_a_goal() {
    let text = soft("measure = { goal = \"one\" }\nmin = 180", &["a: max = 110", "b: max = 120"]);
    assert_missed(goal(&text), &["110", "120", "170"], "10", (0, 1));
}

/// a asks for 120, and 10 may move. Each unit that moves beyond them costs the turnover's weight and
/// gives a unit to a: it moves where the turnover weighs less, stays where it weighs more, and where
/// both weigh the same nothing more than needed moves.
#[test]
fn a_turnover_is_weighed_against_what_it_moves() {
    let files = |weight: &str| {
        let turnover = format!("max-turnover = 10\nwithin = \"line\"\nweight = {weight}");
        let wish = limit("wish", &written("a: min = 120\nstrength = \"soft\""));
        folder(400, &(wish + &soft(&turnover, &[])))
    };
    assert_missed(files("0.5"), &["120", "280/3", "560/3"], "5", (0, 0));
    assert_missed(files("2"), &["110", "290/3", "580/3"], "10", (0, 1));
    assert_missed(files("1"), &["110", "290/3", "580/3"], "10", (0, 1));
}

/// a misses m of 120 and the turnover exceeds 10 by 10 - m: the largest of m/120 and (10 - m)/10 is
/// least where both are 1/13.
#[test]
fn an_even_spread_weighs_a_turnover_against_its_bound() {
    let wish = limit("wish", &written("a: min = 120\nstrength = \"soft\""));
    let text = wish + &soft("max-turnover = 10\nwithin = \"line\"", &[]);
    let text = text.replace("\"shortfall\"\n", "\"shortfall\"\nspread = \"even\"\n");
    let files = folder(400, &text);
    let (_, found) = allocation(files.clone());
    assert_eq!(found.rounds[0].bound, Amount::ratio(1, 13));
    let loss = text.replace("spread = \"even\"\n", "spread = \"even\"\nloss = \"10%\"\n");
    let (_, found) = allocation(folder(400, &loss));
    // 1/13 and a tenth of it: a may miss 132/13 of 120, and calibration takes all of it.
    assert_eq!(found.exact[0], Amount::ratio(1428, 13));
    assert_eq!(exact(files)[0], "1440/13");
}

/// The least miss is 10: 120 for a are 20 moved. A loss of 10 % lets 21 move, and the later stage
/// makes b as small as it can: it gives 21, of which c takes 1.
#[test]
fn a_later_stage_may_use_the_loss_of_a_missed_turnover() {
    let text = soft("max-turnover = 10\nwithin = \"line\"", &["a: min = 120"]);
    let later = "[[stage]]\nid = \"small\"\nminimise = \"amount\"\non = { line = \"b\" }\n";
    let found = exact(folder(400, &format!("{text}loss = \"10%\"\n{later}")));
    assert_eq!(found[1], "79");
    assert_eq!(exact(folder(400, &format!("{text}{later}"))), ["120", "80", "200"]);
}

/// 19/3 may move, and do: a takes 6 1/3. Whole figures keep to it, so that 6 move.
#[test]
fn a_turnover_that_is_kept_is_kept_on_the_published_figures() {
    let wish = limit("wish", &written("a: min = 120\nstrength = \"soft\""));
    let turnover = "max-turnover = \"19/3\"\nwithin = \"line\"\nweight = 3";
    let (plan, found) = allocation(folder(400, &(wish + &soft(turnover, &[]))));
    assert_eq!(found.exact[0], Amount::ratio(319, 3));
    assert_eq!(found.amount(&plan, CellId::new(0)), Amount::whole(106));
}
