//! Every family of limits that must hold, with the pressure that each sense adds, worked by hand.
//!
//! Lines a 100, b 100, c 200 and a revenue of 400, or years 2024 and 2025 with lines a and b of 100
//! and a revenue of 200 each. A line of baseline w ends at w (1 + l + what its limits add), where l
//! is the pressure of its balance: the comments solve for l and for the pressure p of the limit.

use virement::explain;
use virement::plan::ReadingKind;
use virement::units::{Amount, CellId};

use crate::memory::Folder;
use crate::stages::{PLAN, allocation, exact, folder, limit};

/// Two years of lines a and b.
pub(crate) fn years(incomes: [i64; 2], text: &str) -> Folder {
    let plan = PLAN.replace(
        "[[dimension]]\nid = \"line\"",
        "[[dimension]]\nid = \"year\"\nrole = \"time\"\n\
         members = [ { id = \"2024\" }, { id = \"2025\" } ]\n\n[[dimension]]\nid = \"line\"",
    );
    let plan = plan.replace("{ id = \"b\" }, { id = \"c\" }", "{ id = \"b\" }");
    let plan = plan.replace("spend = \"all\"", "each = \"year\"\nspend = \"all\"");
    let [first, second] = incomes;
    let income = format!("amounts = {{ \"2024\" = {first}, \"2025\" = {second} }}");
    let plan = format!("{plan}\n[[revenue]]\nid = \"grants\"\n{income}\n{text}");
    let cells = "year,line,baseline\n2024,a,100\n2024,b,100\n2025,a,100\n2025,b,100\n";
    Folder::of(&[("plan.toml", &plan), ("cells.csv", cells)])
}

/// The plan has these amounts, and the limit this pressure on its own slice. A floor lifts what it
/// bounds and a ceiling lowers it; what is added to each line adds up to its change.
fn assert_worked(files: Folder, amounts: &[&str], (id, member, pressure): (&str, &str, &str)) {
    assert_eq!(exact(files.clone()), amounts);
    let (_, found) = allocation(files);
    let own = found.pressures.iter().find(|pressure| {
        let origin = &pressure.origin;
        origin.kind == ReadingKind::Limit && origin.id == *id && origin.member == member
    });
    let own = own.unwrap_or_else(|| panic!("`{id}[{member}]` does not press"));
    assert_eq!(own.normalised().to_string(), pressure, "{id}");
}

fn on(line: &str, rest: &str) -> String {
    limit("it", &format!("on = {{ line = {line} }}\n{rest}"))
}

/// A reserve of 19 before the first year, against the expenses of each.
fn reserve_years(bound: &str) -> Folder {
    let driver = "[[driver]]\nid = \"reserve\"\nvalue = 19\nunit = \"plan\"\n";
    let rest = format!("measure = \"reserve\"\n{bound}\nof = {{ expenses = \"year\" }}");
    let mut files = years([200, 200], &(driver.to_string() + &limit("it", &rest)));
    let plan = String::from_utf8(files.0["plan.toml"].clone()).expect("text");
    let plan = plan.replace("spend = \"all\"", "spend = \"up-to\"");
    files.0.insert("plan.toml".into(), plan.into_bytes());
    files
}

/// Goal one receives a and half of b.
fn goal(bound: &str) -> Folder {
    let text = "[[attribution]]\nid = \"goal\"\nfrom = { dimension = \"line\" }\nto = \"goal\"\n\
                table = \"goal.csv\"\n";
    let text = text.to_string() + &limit("it", &format!("measure = {{ goal = \"one\" }}\n{bound}"));
    folder(400, &text).with("goal.csv", "line,goal,share\na,one,1\nb,one,50%\nb,two,1/2\nc,two,1\n")
}

/// A post for every 10 of a and every 5 of c.
fn posts(bound: &str) -> Folder {
    let text = "[[measure]]\nid = \"posts\"\nunit = \"posts\"\ntable = \"posts.csv\"\n";
    let text = text.to_string() + &limit("it", &format!("measure = \"posts\"\n{bound}"));
    folder(400, &text).with("posts.csv", "line,weight\na,0.1\nc,0.2\n")
}

/// a at 130: b and c give 30 of 300, l = -0.1, and 1 + p + l = 1.3.
#[test]
fn a_floor_lifts_its_line() {
    let files = folder(400, &on("\"a\"", "min = 130"));
    assert_worked(files, &["130", "90", "180"], ("it", "", "0.4"));
}

/// c at 170: a and b take 30 of 200, l = 0.15, and p + l = -0.15.
#[test]
fn a_ceiling_lowers_its_line() {
    let files = folder(400, &on("\"c\"", "max = 170"));
    assert_worked(files, &["115", "115", "170"], ("it", "", "-0.3"));
}

/// a at 80: l = 20/300, and p + l = -0.2.
#[test]
fn an_equality_lowers_where_the_line_would_stand_higher() {
    let files = folder(400, &on("\"a\"", "equal = 80"));
    assert_worked(files, &["80", "320/3", "640/3"], ("it", "", "-4/15"));
}

/// c at 40 % of 400: 160. The row is 0.6 c - 0.4 a - 0.4 b: -0.4 p + l = 0.2 and 0.6 p + l =
/// -0.2, so p = -0.4, and 0.6 of it on the line itself.
#[test]
fn a_greatest_share_of_all_lowers_its_line() {
    let files = folder(400, &on("\"c\"", "max-share = \"40%\""));
    assert_worked(files, &["120", "120", "160"], ("it", "", "-0.24"));
}

/// a at 40 % of a and c: the row is 0.6 a - 0.4 c. The balance says 60 p - 80 p + 400 l = 0, the row
/// -20 + 68 p - 20 l = 0: p = 20/67, and 0.6 of it on a.
#[test]
fn a_least_share_of_a_slice_lifts_its_line() {
    let files = folder(400, &on("\"a\"", "min-share = \"40%\"\nof = { line = [\"a\", \"c\"] }"));
    assert_worked(files, &["8000/67", "6800/67", "12000/67"], ("it", "", "12/67"));
}

/// b at 20 % of 400: 80. 0.8 p + l = -0.2 and -0.2 p + l = 1/15: p = -4/15.
#[test]
fn an_equal_share_sets_its_line() {
    let files = folder(400, &on("\"b\"", "equal-share = \"20%\""));
    assert_worked(files, &["320/3", "80", "640/3"], ("it", "", "-16/75"));
}

/// 40 must go; a gives 5, so b and c give 35 of 300: l = -7/60, and p + l = -0.05.
#[test]
fn a_greatest_cut_lifts_its_line() {
    let files = folder(360, &on("\"a\"", "max-cut = \"5%\""));
    assert_worked(files, &["95", "265/3", "530/3"], ("it", "", "1/15"));
}

/// 40 come; c takes 8, so a and b take 16 each: l = 0.16, and p + l = 0.04.
#[test]
fn a_greatest_rise_lowers_its_line() {
    let files = folder(440, &on("\"c\"", "max-rise = \"4%\""));
    assert_worked(files, &["116", "116", "208"], ("it", "", "-0.12"));
}

/// a gives 3 of 40: l = -37/300, and p + l = -0.03.
#[test]
fn a_greatest_change_bounds_a_cut() {
    let files = folder(360, &on("\"a\"", "max-change = \"3%\""));
    assert_worked(files, &["97", "263/3", "526/3"], ("it", "", "7/75"));
}

/// a takes 3 of 40: l = 37/300, and p + l = 0.03.
#[test]
fn a_greatest_change_bounds_a_rise() {
    let files = folder(440, &on("\"a\"", "max-change = \"3%\""));
    assert_worked(files, &["103", "337/3", "674/3"], ("it", "", "-7/75"));
}

/// a takes 5 of 40: l = 35/300, and p + l = 0.05.
#[test]
fn what_a_slice_receives_is_capped() {
    let files = folder(440, &on("\"a\"", "max-in = 5"));
    assert_worked(files, &["105", "335/3", "670/3"], ("it", "", "-1/15"));
}

/// a and b give 10 of 40 together, c 30: l = -0.15, and p + l = -0.05.
#[test]
fn what_a_slice_gives_is_capped() {
    let files = folder(360, &on("[\"a\", \"b\"]", "max-out = 10"));
    assert_worked(files, &["95", "95", "170"], ("it", "", "0.1"));
}

/// The row is a - 0.6 c: -20 + 172 p - 20 l = 0, and the balance 100 p - 120 p + 400 l = 0.
#[test]
fn a_least_ratio_lifts_its_line() {
    let files = folder(400, &on("\"a\"", "at-least-ratio = 0.6\nto = { line = \"c\" }"));
    assert_worked(files, &["6400/57", "17200/171", "32000/171"], ("it", "", "20/171"));
}

/// The row is a - 0.4 c: 20 + 132 p + 20 l = 0, and the balance 20 p + 400 l = 0.
#[test]
fn a_greatest_ratio_lowers_its_line() {
    let files = folder(400, &on("\"a\"", "at-most-ratio = \"40%\"\nto = { line = \"c\" }"));
    assert_worked(files, &["11200/131", "13200/131", "28000/131"], ("it", "", "-20/131"));
}

/// The row is a25 - 0.95 a24. 2024: 0.95 p = 2 l. 2025: p + 2 m = -0.2. So 0.9 + 0.5 p = 0.95 -
/// 0.45125 p.
#[test]
fn a_greatest_step_down_lifts_the_later_year() {
    let files = years([200, 180], &on("\"a\"", "max-step-down = \"5%\""));
    assert_worked(
        files,
        &["74200/761", "78000/761", "70490/761", "66490/761"],
        ("it", "2025", "40/761"),
    );
}

/// The row is a25 - 1.05 a24. 2024: -1.05 p + 2 l = 0. 2025: p + 2 m = 0.2. So 1.1 + 0.5 p = 1.05 -
/// 0.55125 p.
#[test]
fn a_greatest_step_up_lowers_the_later_year() {
    let files = years([200, 220], &on("\"a\"", "max-step-up = \"5%\""));
    assert_worked(
        files,
        &["86200/841", "82000/841", "90510/841", "94510/841"],
        ("it", "2025", "-40/841"),
    );
}

/// From 100 to 130 in three steps: 110, 120. In 2025 b gives 20: l = -0.2, and p + l = 0.2.
#[test]
fn a_path_sets_each_year() {
    let files = years([200, 200], &on("\"a\"", "phase-in = { to = \"t.csv\", over = 3 }"))
        .with("t.csv", "amount\n130\n");
    assert_worked(files, &["110", "90", "120", "80"], ("it", "2025", "0.4"));
}

/// 19 are 10 % of 190: expenses fall by 5 % in each year. The row is 19 - 0.1 (a + b) at least 0:
/// its multiplier is 0.5, and it lifts the reserve by lowering the lines.
#[test]
fn a_reserve_bounds_what_may_be_spent() {
    let files = reserve_years("min-share = \"10%\"");
    assert_worked(files, &["95", "95", "95", "95"], ("it", "2024", "0.05"));
}

/// a has 50, and b and c 350 of 300: l = 1/6, and p + l = -0.5.
#[test]
fn a_fund_that_is_only_caps_its_slice() {
    let files = folder(
        350,
        "[[revenue]]\nid = \"gift\"\namount = 50\n[[fund]]\nid = \"it\"\nrevenue = [\"gift\"]\n\
         on = { line = \"a\" }\nonly = true\n",
    );
    assert_worked(files, &["50", "350/3", "700/3"], ("it", "", "-2/3"));
}

/// a has 150, and b and c 250 of 300: l = -1/6, and p + l = 0.5.
#[test]
fn a_fund_lifts_its_slice() {
    let files = folder(
        250,
        "[[revenue]]\nid = \"gift\"\namount = 150\n[[fund]]\nid = \"it\"\nrevenue = [\"gift\"]\n\
         on = { line = \"a\" }\n",
    );
    assert_worked(files, &["150", "250/3", "500/3"], ("it", "", "2/3"));
}

/// a + b/2 at most 120: 150 p + 400 l = 0 and 150 + 125 p + 150 l = 120.
#[test]
fn a_ceiling_on_what_a_goal_receives_lowers_what_it_rests_on() {
    let files = goal("max = 120");
    assert_worked(files, &["800/11", "1040/11", "2560/11"], ("it", "", "-24/55"));
}

/// 0.1 a + 0.2 c at least 55: 50 p + 400 l = 0 and 50 + 9 p + 50 l = 55: p = 20/11, 0.2 of it on c.
#[test]
fn a_floor_under_a_measure_lifts_what_counts_most() {
    let files = posts("min = 55");
    assert_worked(files, &["1050/11", "850/11", "2500/11"], ("it", "", "4/11"));
}

/// 3 a + 2 c from 700 to 747.5 takes 12.5 to a and 5 to c, all from b: a turnover of 17.5. At most
/// 16.5: b gives 16.5, a + c take it, and 3 a + 2 c = 47.5, so a takes 14.5 and c 2. Then 3 p + l + t/2
/// = 0.145, l - t/2 = -0.165 and 2 p + l + t/2 = 0.01: t = -0.095, half of it on each line.
#[test]
fn a_turnover_lowers_what_rises_and_lifts_what_falls() {
    let text = "[[measure]]\nid = \"worth\"\nunit = \"points\"\ntable = \"w.csv\"\n".to_string()
        + &limit("worth", "measure = \"worth\"\nmin = 747.5")
        + &limit("it", "max-turnover = 16.5\nwithin = \"line\"");
    let files = folder(400, &text).with("w.csv", "line,weight\na,3\nc,2\n");
    assert_worked(files.clone(), &["114.5", "83.5", "202"], ("it", "", "-0.0475"));
    assert_worked(files.clone(), &["114.5", "83.5", "202"], ("worth", "", "0.405"));
    let (plan, found) = allocation(files);
    let adds = |line| {
        let parts = explain::contributions(&plan, &found, &[CellId::new(line)]);
        let own = parts.iter().filter(|part| part.by.text() == "it");
        own.map(|part| &part.money).sum::<Amount>().to_string()
    };
    assert_eq!([adds(0), adds(1), adds(2)], ["-4.75", "4.75", "-9.5"]);
}
