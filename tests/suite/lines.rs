//! The line mode: everything can be done in words.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the line mode on a scenario, with commands on standard input.
fn plain(folder: &Path, name: &str, commands: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(["tui", "--plain", name])
        .current_dir(folder)
        .env("LANG", "C.UTF-8")
        .env("VISUAL", "true")
        .env("XDG_STATE_HOME", folder.join("state"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("a pipe").write_all(commands.as_bytes()).expect("commands");
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("text").replace('\u{202f}', " ")
}

#[test]
fn everything_can_be_done_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = plain(
        folder.path(),
        "first-steps",
        "set driver.unit-value.value = 19000\nhold priority=access = 500\nexplain access\nshow priority\noff access-floor\nholds\nchanges\nundo\nundo\nundo\nredo\nsave mine/cut\nquit\n",
    );
    insta::assert_snapshot!("plain_session", said);
    let written = std::fs::read_to_string(folder.path().join("mine/cut.scenario.toml"));
    assert!(written.expect("the scenario").contains("to = 19000"));
    let said = plain(folder.path(), "mine/cut.scenario.toml", "show\n");
    assert!(said.contains("balanced 950"), "{said}");
}

#[test]
fn what_the_screen_can_the_line_mode_can() {
    let folder = tempfile::tempdir().expect("a folder");
    let commands = [
        "hold spectrum = 480; why the Council asked; by me; until 2027-01-01",
        "moved",
        "moved priority",
        "holds",
        "limit cap: sector=radio <= 560; by me",
        "worth cap",
        "off no-such-limit",
        "undo",
        "undo",
        "floor spectrum = 510; paid by sector=development",
        "undo",
        "walk driver.unit-value.value = 18000 to 22000",
        "transfers priority",
        "scenarios",
        "compare cut-5 priority",
        "bridge cut-5",
        "write t.csv",
        "write t.csv",
        "edit",
        "save mine/a",
        "hold spectrum = 470",
        "save mine/a",
        "save! mine/a",
        "hold spectrum = 1; because",
    ];
    let said = plain(folder.path(), "first-steps", &(commands.join("\n") + "\n"));
    insta::assert_snapshot!("plain_everything", said);
    let table = std::fs::read_to_string(folder.path().join("t.csv")).expect("the table");
    assert!(table.lines().count() > 1, "{table}");
    let saved = std::fs::read_to_string(folder.path().join("mine/a.scenario.toml"));
    assert!(saved.expect("the scenario").contains("at = 470"));
}

#[test]
fn a_clash_is_repaired_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = plain(
        folder.path(),
        "first-steps",
        "range spectrum\nhold priority=spectrum = 600\nrepairs\nrepair 9\nrepair 1\nwhy spectrum\nquit\n",
    );
    insta::assert_snapshot!("plain_repairs", said);
}

#[test]
fn what_cannot_be_done_is_said_and_the_next_line_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = plain(
        folder.path(),
        "first-steps",
        "dance\nhold nowhere = 5\nhold access\nhold access = 5%\nundo\nhold access = 2000\nundo\nhelp\n",
    );
    insta::assert_snapshot!("plain_refusals", said);
}

#[test]
fn edits_that_were_not_saved_are_offered_again() {
    let folder = tempfile::tempdir().expect("a folder");
    plain(folder.path(), "first-steps", "hold access = 510\n");
    let said = plain(folder.path(), "first-steps", "recover\nholds\nundo\n");
    assert!(said.contains("edits were not saved"), "{said}");
    assert!(said.contains("⚓ priority = access   held at 510"), "{said}");
    let said = plain(folder.path(), "first-steps", "quit\n");
    assert!(!said.contains("edits were not saved"), "{said}");
}

/// A value may be written as a file has it.
#[test]
fn quotes_around_a_value_are_no_part_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = plain(
        folder.path(),
        "first-steps",
        "set limit.access-floor.min = \"50% of total baseline\"\nchanges\nsave mine/a\nchanges\n",
    );
    assert!(said.contains("to = \"50% of total baseline\""), "{said}");
    assert!(said.ends_with("nothing differs from what is saved\n"), "{said}");
}
