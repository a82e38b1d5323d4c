//! What the program tells of a clash that has repairs, and the scenario that it writes of one.

use std::path::Path;
use std::process::{Command, Output};

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

/// The unit of the large plan falls by a twentieth: what gives are three figures together, or the unit alone, and
/// either solves.
#[test]
fn a_fall_of_revenue_is_repaired_by_several_figures_or_by_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    assert!(virement(&["init", "itu-2024-2027", "mine"], home).status.success());
    let text = "format = \"virement/scenario@1\"\nextends = \"plan.toml\"\n\
        [[change]]\nset = \"driver.contributory-unit.value\"\nto = \"300000\"\n";
    std::fs::write(home.join("mine/fall.scenario.toml"), text).expect("a file");
    let fall = "mine/fall.scenario.toml";
    let out = virement(&["explain", fall, "--format", "json"], home);
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let repairs = json["repairs"].as_array().expect("a list");
    let size = |number: u64| repairs.iter().filter(|row| row["repair"] == number).count();
    assert!(size(1) > 1, "{repairs:?}");
    let alone = (2..=4).find(|number| size(*number) == 1).expect("a repair by one figure");
    let mended = "mine/mended.scenario.toml";
    virement(&["explain", fall, "--apply", &alone.to_string(), "-o", mended], home);
    let written = std::fs::read_to_string(home.join(mended)).expect("a file");
    assert_eq!(written.matches("driver.contributory-unit.value").count(), 1, "{written}");
    assert_eq!(virement(&["solve", mended], home).status.code(), Some(0));
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
