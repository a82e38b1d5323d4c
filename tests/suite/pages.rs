//! What the README and the pages of `docs/` show is what happens: their commands are run, and the
//! lines shown under a command are lines of its output, one after another (`…` leaves some out).
//!
//! Blocks that name a file (```` ```toml file=plan.toml ````) are written to the folder that the
//! page's commands run in. A command that does not end with exit code 0 says so: `# exit 3`.

use std::path::Path;
use std::process::Command;

/// A fenced block: what stands after the opening fence, and its lines.
struct Block {
    label: String,
    lines: Vec<String>,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        if let Some(label) = line.strip_prefix("```") {
            if !open {
                found.push(Block { label: label.trim().into(), lines: Vec::new() });
            }
            open = !open;
        } else if let (true, Some(block)) = (open, found.last_mut()) {
            block.lines.push(line.trim_end().into());
        }
    }
    assert!(!open, "a block is not closed");
    found
}

/// A command and the lines shown under it.
struct Shown {
    command: String,
    lines: Vec<String>,
}

fn commands(block: &Block) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for line in &block.lines {
        if let Some(command) = line.strip_prefix("$ ") {
            found.push(Shown { command: command.into(), lines: Vec::new() });
        } else if let Some(shown) = found.last_mut() {
            shown.lines.push(line.clone());
        }
    }
    found
}

/// Runs the command in `folder` and gives its exit code and the lines of its output.
fn run(command: &str, folder: &Path) -> (Option<i32>, Vec<String>) {
    let program = Path::new(env!("CARGO_BIN_EXE_virement"));
    let folder_of_program = program.parent().expect("a folder").display().to_string();
    let path = format!("{folder_of_program}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .env("LANG", "C.UTF-8")
        .env("XDG_STATE_HOME", folder.join("state"))
        .env_remove("LC_ALL")
        .env_remove("NO_COLOR")
        .output()
        .expect("a shell");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("text");
    (output.status.code(), text.lines().map(|line| line.trim_end().to_string()).collect())
}

/// Every stretch between ellipses is found whole, after the one before it.
fn assert_shown(shown: &Shown, lines: &[String], page: &str) {
    let mut from = 0;
    for stretch in shown.lines.split(|line| line.trim() == "…") {
        let first = stretch.iter().position(|line| !line.is_empty());
        let last = stretch.iter().rposition(|line| !line.is_empty());
        let (Some(first), Some(last)) = (first, last) else { continue };
        let stretch = &stretch[first..=last];
        let at = lines[from..].windows(stretch.len()).position(|window| window == stretch);
        let Some(at) = at else {
            panic!(
                "{page}: `{}` does not show\n{}\nbut\n{}",
                shown.command,
                stretch.join("\n"),
                lines.join("\n")
            );
        };
        from += at + stretch.len();
    }
}

fn assert_page(name: &str) {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let page = page.expect("the page");
    let folder = tempfile::tempdir().expect("a folder");
    let blocks = blocks(&page);
    for block in &blocks {
        if let Some((_, file)) = block.label.split_once("file=") {
            let file = folder.path().join(file);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(&file, block.lines.join("\n") + "\n").expect("a file");
        }
    }
    let shown: Vec<Shown> = blocks.iter().flat_map(commands).collect();
    assert!(!shown.is_empty(), "{name} shows no command");
    for shown in shown {
        let exit = shown.command.split_once("# exit ").map_or("0", |(_, exit)| exit.trim());
        let (code, lines) = run(&shown.command, folder.path());
        let code = code.map_or_else(|| "none".into(), |code| code.to_string());
        assert_eq!(code, exit, "{name}: `{}`\n{}", shown.command, lines.join("\n"));
        assert_shown(&shown, &lines, name);
    }
}

#[test]
fn what_the_readme_shows_is_what_happens() {
    assert_page("README.md");
}

#[test]
fn the_guide_s_plan_is_a_plan_and_its_commands_do_what_it_says() {
    assert_page("docs/guide.md");
}

#[test]
fn the_language_page_s_plan_is_a_plan() {
    assert_page("docs/language.md");
}

#[test]
fn the_recipes_are_plans_with_the_answers_that_they_state() {
    assert_page("docs/recipes.md");
}

#[test]
fn the_page_on_batches_shows_what_happens() {
    assert_page("docs/batches.md");
}

#[test]
fn the_page_on_explanations_shows_what_is_said() {
    assert_page("docs/explain.md");
}

#[test]
fn the_screen_page_s_line_mode_says_what_it_shows() {
    assert_page("docs/screen.md");
}

#[test]
fn the_tutorial_s_commands_do_what_it_says() {
    assert_page("docs/tutorial.md");
}

#[test]
fn the_page_on_moves_and_comparisons_shows_what_happens() {
    assert_page("docs/moves.md");
}

#[test]
fn the_gate_runs_the_test_command_of_the_readme() {
    let read = |name: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
    };
    let readme = blocks(&read("README.md"));
    let command =
        readme.iter().find(|b| b.label == "sh" && b.lines.join("").contains("cargo test"));
    let command = command.expect("the README has a test command").lines.join("\n");
    assert!(read(".ci/run").contains(&command), "`{command}` is not what .ci/run runs");
}
