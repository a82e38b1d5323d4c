//! What a thread remembers of the last plans only saves time: each is what it would be if it were read alone.

use std::path::Path;

use virement::plan::{Limit, Plan};
use virement::session::{Desk, Refused, open_draft};

/// A scenario on `itu-2024-2027` that says this.
fn says(change: &str) -> String {
    format!("format = \"virement/scenario@1\"\nextends = \"plan.toml\"\ntitle = \"x\"\n{change}")
}

fn set(target: &str, to: &str) -> String {
    says(&format!("[[change]]\nset = '{target}'\nto = {to}\n"))
}

/// What a plan asks and balances, word for word; what is wrong with it where it is no plan.
fn told(resolved: Result<Plan, Refused>) -> String {
    match resolved {
        Ok(plan) => {
            let rules = |limit: &Limit| format!("{} {:?}\n", limit.id, plan.rules(limit));
            let rules: String = plan.limits().iter().map(rules).collect();
            format!("{rules}{:?}\n{:?}", plan.periods(), plan.cells())
        }
        Err(refused) => refused.problems.iter().map(|own| own.message.clone() + "\n").collect(),
    }
}

/// The desk of a plan, for tests that ask it in turn.
fn desk(name: &str) -> Desk {
    Desk::new(&open_draft(name).expect("a plan")).expect("a desk")
}

fn resolved(desk: &mut Desk, text: &str) -> String {
    told(desk.resolve(text).map(|resolved| resolved.plan))
}

/// The same text on a thread that has read nothing before.
fn alone(name: &str, text: &str) -> String {
    std::thread::scope(|scope| {
        let read = scope.spawn(|| resolved(&mut desk(name), text));
        read.join().expect("a plan that is read")
    })
}

/// Texts that leave limits, cells, revenue or the reserve other than the ones before them, and sound and
/// faulty ones in turn.
fn texts() -> Vec<String> {
    let hold = "[[hold]]\nid = \"h\"\non = { sector = \"ITU-D\" }\nat-least = 1000\n";
    let cut =
        "[[change]]\nscale = \"cells.baseline\"\nwhere = { category = \"travel\" }\nby = \"-5%\"\n";
    let need = cut.replace("baseline", "need");
    vec![
        says(""),
        says(hold),
        set("driver.contributory-unit.value", "310000"),
        set("driver.reserve.value", "20000"),
        says(cut),
        says(hold),
        says(&need),
        set("limit.itu-r-share.min-share", "\"20%\""),
        set("limit.itu-r-share.min-share", "\"99%\""),
        set("limit.itu-r-share.min-share", "\"20%\""),
        set("limit.reserve-floor.min-share", "\"3%\""),
        set("revenue.E.max.\"2027\"", "6000"),
        set("driver.reserve.value", "20000"),
        set("limit.no-such.max", "3"),
        says(""),
    ]
}

#[test]
fn a_plan_is_read_as_if_none_had_been_read_before() {
    let name = "itu-2024-2027";
    let mut desk = desk(name);
    let mut seen = Vec::new();
    for text in texts() {
        let found = resolved(&mut desk, &text);
        assert!(found == alone(name, &text), "{text}");
        seen.push(found);
    }
    // They are long: no more is told than that they differ.
    assert!(seen[0] == seen[14], "the first again");
    assert!(seen[0] != seen[3], "what the reserve has left rests on where it stands");
    assert!(seen[0] != seen[4], "bounds rest on baselines");
    assert!(seen[0] != seen[7], "a limit has another bound");
    assert!(
        seen[8].len() < 1_000,
        "a floor above its ceiling is told after it was sound: {}",
        seen[8]
    );
}

/// Another plan on the same thread, and files that say something else under the names of before.
#[test]
fn another_plan_and_other_files_are_read_as_they_are() {
    let home = tempfile::tempdir().expect("a folder");
    let written = |cells: &str| {
        for (name, bytes) in virement::session::embedded_files("first-steps").expect("a plan") {
            std::fs::write(home.path().join(name), bytes).expect("a file");
        }
        let at = home.path().join("cells.csv");
        let text = std::fs::read_to_string(&at).expect("cells");
        std::fs::write(at, text.replacen("300", cells, 1)).expect("cells");
    };
    let read = |home: &Path| {
        let opened = open_draft(&home.display().to_string()).expect("a plan");
        let mut desk = Desk::new(&opened).expect("a desk");
        resolved(&mut desk, &opened.text)
    };
    let mut seen = Vec::new();
    for cells in ["300", "310", "300"] {
        written(cells);
        let found = read(home.path());
        let afresh = std::thread::scope(|scope| scope.spawn(|| read(home.path())).join());
        assert!(found == afresh.expect("a plan that is read"), "{cells}");
        seen.push(found);
        resolved(&mut desk("itu-2012-2015"), &open_draft("itu-2012-2015").expect("a plan").text);
    }
    assert!(seen[0] == seen[2] && seen[0] != seen[1]);
}
