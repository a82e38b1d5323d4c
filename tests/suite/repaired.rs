//! What the program tells of a clash that has repairs, and the scenario that it writes of one.

use std::path::Path;
use std::process::{Command, Output};

use virement::explain::Repair;
use virement::session;

fn virement(args: &[&str], home: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(args)
        .current_dir(home)
        .output()
        .expect("the program runs")
}

/// Every infeasible scenario that is shipped: its conflict, and a repair that solves.
#[test]
fn shipped_clashes_are_explained_and_repaired() {
    let shipped: [(&str, &str, usize); 3] = [
        ("first-steps", "impossible", 3),
        ("itu-2012-2015", "infeasible", 5),
        ("itu-2024-2027", "infeasible", 2),
    ];
    for (plan, scenario, size) in shipped {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path();
        assert!(virement(&["init", plan, "mine"], home).status.success());
        let file = format!("mine/{scenario}.scenario.toml");
        let out = virement(&["explain", &file, "--format", "json"], home);
        assert_eq!(out.status.code(), Some(3));
        let json: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
        assert_eq!(json["conflict"].as_array().map(Vec::len), Some(size), "{plan}");
        assert!(!json["repairs"].as_array().expect("a list").is_empty(), "{plan}");
        let mended = "mine/mended.scenario.toml";
        let out = virement(&["explain", &file, "--apply", "1", "-o", mended], home);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(virement(&["solve", mended], home).status.code(), Some(0), "{plan}");
        let out = virement(&["explain", &file, "--apply", "1", "-o", &file], home);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && said.contains("is there already"), "{said}");
        let out = virement(&["explain", &file, "--apply", "99", "-o", mended], home);
        assert_eq!(out.status.code(), Some(2));
    }
}

/// The unit of the large plan falls by a twentieth: what gives is the unit alone, three figures together, or all
/// else, and that solves.
#[test]
fn a_fall_of_revenue_is_repaired_by_one_figure_by_several_or_by_all_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    assert!(virement(&["init", "itu-2024-2027", "mine"], home).status.success());
    let text = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\
        [[change]]\nset = \"driver.contributory-unit.value\"\nto = \"300000\"\n";
    std::fs::write(home.join("mine/fall.scenario.toml"), text).expect("a file");
    let request = session::find(&home.join("mine/fall.scenario.toml").display().to_string());
    let request = request.expect("a scenario");
    let Ok((solved, _)) = session::answer(&request) else { panic!("a problem") };
    // Each is solved on the way; once is enough.
    let repairs = session::repairs(&request, &solved, false);
    let unit = |own: &Repair| {
        own.changes.iter().any(|change| change.path == "driver.contributory-unit.value")
    };
    // The one by the unit alone costs little more than one that moves two other figures by next to nothing.
    assert!(repairs[0].changes.len() == 1 && unit(&repairs[0]), "{repairs:?}");
    assert!(repairs[1].changes.len() > 1 && unit(&repairs[1]), "{repairs:?}");
    let last = repairs.last().expect("a repair");
    assert!(last.changes.len() > 4 && !unit(last), "{repairs:?}");
    let mended = "mine/mended.scenario.toml";
    session::apply(&request, &solved, last, &home.join(mended)).expect("written");
    let written = std::fs::read_to_string(home.join(mended)).expect("a file");
    assert!(!written.contains("driver.contributory-unit.value"), "{written}");
    assert_eq!(virement(&["solve", mended], home).status.code(), Some(0));
}

/// The Reserve Account has some 12 200 and a year's expenses are some 160 000: it cannot keep a fifth of them.
#[test]
fn a_reserve_keeps_the_share_that_it_can() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    assert!(virement(&["init", "itu-2024-2027", "mine"], home).status.success());
    let text = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\
        [[change]]\nset = \"limit.reserve-floor.min-share\"\nto = \"20%\"\n";
    std::fs::write(home.join("mine/kept.scenario.toml"), text).expect("a file");
    let words =
        ["explain", "mine/kept.scenario.toml", "--apply", "1", "-o", "mine/new.scenario.toml"];
    assert_eq!(virement(&words, home).status.code(), Some(0));
    let written = std::fs::read_to_string(home.join("mine/new.scenario.toml")).expect("a file");
    assert!(written.contains("to  = \"7.63%\""), "{written}");
    assert_eq!(virement(&["solve", "mine/new.scenario.toml"], home).status.code(), Some(0));
}

/// Clashes of a turnover, whose distances bend with every line, and of a ratio, which is no share: each is named,
/// proven and certified from its files.
#[test]
fn clashes_of_turnovers_and_ratios_are_certified() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    assert!(virement(&["init", "itu-2024-2027", "mine"], home).status.success());
    let changes = [
        ("presence", "[[change]]\nset = \"limit.regional-presence-floor.min\"\nto = 26000\n"),
        (
            "ratio",
            "[[change]]\nset = \"limit.field-contracts-ratio.at-least-ratio\"\nto = 1.3\n\
             [[change]]\nset = \"limit.field-contracts-ratio.at-most-ratio\"\nto = 1.4\n",
        ),
    ];
    for (name, change) in changes {
        let text = format!("format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n{change}");
        let file = format!("mine/{name}.scenario.toml");
        std::fs::write(home.join(&file), text).expect("a file");
        let args = ["solve", &file, "--format", "json", "-o", "r.json", "--certificate", "c.json"];
        assert_eq!(virement(&args, home).status.code(), Some(3), "{name}");
        let out = virement(&["certify", "r.json", "--certificate", "c.json", &file], home);
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(said.contains("certified: infeasible"), "{name}: {said}");
        std::fs::remove_file(home.join("r.json")).expect("a result");
        std::fs::remove_file(home.join("c.json")).expect("a certificate");
    }
}
