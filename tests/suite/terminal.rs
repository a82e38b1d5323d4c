//! The program on a real pseudo-terminal: keys go in, the screen is read, nothing sleeps.
//!
//! `script` (util-linux) makes the pseudo-terminal; what comes out of it is read as a terminal does.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a text may take to appear on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

fn size(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has a size")
}

struct Session {
    child: Child,
    keys: ChildStdin,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    raw: Vec<u8>,
}

impl Session {
    /// Starts the program on a terminal of 40 lines and 120 columns.
    fn start(folder: &Path, words: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_virement");
        Self::start_shell(folder, &format!("exec '{program}' {words}"))
    }

    /// Starts a line of a shell on such a terminal.
    fn start_shell(folder: &Path, line: &str) -> Self {
        let line = format!("stty rows 40 cols 120; {line}");
        let mut child = Command::new("script")
            .args(["-qefc", &line, "/dev/null"])
            .current_dir(folder)
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("NO_COLOR")
            .env("XDG_STATE_HOME", folder.join("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("`script` of util-linux");
        let keys = child.stdin.take().expect("a pipe");
        let mut out = child.stdout.take().expect("a pipe");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = out.read(&mut bytes) {
                if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(size(40), size(120), 0);
        Self { child, keys, output, screen, raw: Vec::new() }
    }

    fn contents(&self) -> String {
        self.screen.screen().contents().replace('\u{202f}', " ")
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    /// Waits until the screen shows a text.
    fn see(&mut self, text: &str) -> &mut Self {
        while !self.contents().contains(text) {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("{error}: no `{text}` appears in\n{}", self.contents()),
            }
        }
        self
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).expect("keys");
        self.keys.flush().expect("keys");
        self
    }

    /// Waits until the program has ended, and gives all that it wrote.
    fn end(mut self) -> String {
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.take(&bytes);
        }
        self.child.wait().expect("an end");
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// The program itself, which `script` has started.
    fn program(&self) -> String {
        let own = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{own}/task/{own}/children"));
        let children = children.expect("the children of a process");
        children.split_whitespace().next().expect("the program").to_string()
    }

    fn signal(&self, name: &str) {
        let done = Command::new("kill").args([name, &self.program()]).status();
        assert!(done.expect("`kill`").success());
    }

    /// Gives the terminal another size, as a window manager would.
    fn resize(&mut self, rows: u16, columns: u16) {
        let terminal = PathBuf::from(format!("/proc/{}/fd/0", self.program()));
        let terminal = std::fs::read_link(terminal).expect("its terminal");
        let words = ["rows", &rows.to_string(), "cols", &columns.to_string()].map(String::from);
        let done = Command::new("stty").arg("-F").arg(terminal).args(words).status();
        assert!(done.expect("`stty`").success());
        self.screen.screen_mut().set_size(size(rows), size(columns));
    }
}

#[test]
fn a_planner_types_holds_undoes_saves_and_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("balanced 1 000").press("\x1b[H520");
    session.see("can be done").press("\r").see("hold spectrum at 520").see("⚓");
    session.press("u").see("undid: hold").press("\x12").see("redid: hold");
    session.press("\x13").see("Save the scenario as").press("\x15mine/first\r");
    session.see("saved as mine/first.scenario.toml").press("q");
    let raw = session.end();
    assert!(raw.contains("\x1b[?1049l") && raw.contains("\x1b[?25h"), "the terminal is given back");
    let text = std::fs::read_to_string(folder.path().join("mine/first.scenario.toml"));
    assert!(text.expect("the scenario").contains("at = 520"));
    let mut session = Session::start(folder.path(), "tui mine/first.scenario.toml");
    session.see("520").see("⚓").press("q");
    session.end();
}

#[test]
fn edits_survive_kill_and_are_offered_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("balanced 1 000").press("\x1b[H520\r").see("hold spectrum at 520");
    session.press("u").see("undid").press("530\r").see("hold spectrum at 530");
    session.signal("-9");
    session.end();
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("Edits that were not saved").see("hold spectrum at 530").press("r");
    session.see("are back").see("⚓").press("qn");
    session.end();
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("balanced 1 000").press("q");
    assert!(!session.end().contains("Edits that were not saved"));
}

#[test]
fn a_signal_gives_the_terminal_back_and_keeps_the_edits() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut session = Session::start(folder.path(), "tui first-steps");
        session.see("balanced 1 000").press("\x1b[H520\r").see("hold spectrum at 520");
        session.signal(signal);
        assert!(session.end().contains("\x1b[?1049l"), "{signal}");
        let mut session = Session::start(folder.path(), "tui first-steps");
        session.see("Edits that were not saved").press("gq");
        session.end();
    }
}

#[test]
fn keys_in_all_their_spellings_are_answered_and_nonsense_is_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("balanced 1 000");
    // A place of the mouse that is zero, sequences of nobody's, and bytes that are no text.
    session.press("\x1b[<0;0;0M\x1b[999z\x1b[200z\x1b[9;9y");
    session.keys.write_all(&[0xff, 0xc3, 0x28]).expect("bytes");
    session.press("\x1b2").see("pressure").press("\x1bOQ\x1b[13~").see("Contributory");
    session.press("\x1b[Z").see("pressure").press("\x1b[[A").see("rows Priority");
    session.press("\x1b[4~").press("\x1b[1~\x1b[7~\x1b[F\x1bOF\x1bOH").press("520");
    session.see("Hold").press("\x08\x08\x0840\n").see("hold").press("\x1a").see("undid: hold");
    session.press("\x1b[200~?\x1b[201~?").see("Keys of this screen").press("\x1b[B?qn");
    let raw = session.end();
    assert!(!raw.contains("panicked") && raw.contains("\x1b[?1049l"), "{raw}");
}

#[test]
fn a_terminal_that_vanishes_without_a_signal_ends_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let gone = folder.path().join("gone");
    let made = Command::new("mkfifo").arg(&gone).status();
    assert!(made.expect("`mkfifo`").success());
    // A session of its own gets no signal when the terminal goes; the pipe tells when it has ended.
    let program = env!("CARGO_BIN_EXE_virement");
    let line = format!("exec 9>gone; exec setsid -w '{program}' tui first-steps");
    let mut session = Session::start_shell(folder.path(), &line);
    let mut pipe = std::fs::File::open(gone).expect("the pipe");
    session.see("balanced 1 000").press("\x1b[H520\r").see("hold spectrum at 520");
    session.child.kill().expect("the terminal ends");
    let (sender, ended) = channel();
    std::thread::spawn(move || sender.send(pipe.read_to_end(&mut Vec::new()).is_ok()));
    assert!(ended.recv_timeout(PATIENCE).expect("the program ends"));
    session.child.wait().expect("an end");
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("Edits that were not saved").press("gq");
    session.end();
}

#[test]
fn a_storm_of_sizes_is_weathered() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), "tui first-steps --no-mouse");
    session.see("balanced 1 000");
    for (rows, columns) in [(1, 1), (15, 60), (100, 300), (14, 200), (2, 90), (24, 80), (40, 120)] {
        session.resize(rows, columns);
    }
    // Where a key comes together with a new size, crossterm (0.29, `source/unix/mio.rs`) returns the size
    // first and looks at the key when the next one comes: so another one follows.
    session.see("balanced 1 000").press("?");
    std::thread::sleep(Duration::from_millis(500));
    session.press("\x1b[B").see("Keys of this screen").press("?q");
    session.end();
}

/// Spectrum can be anything up to 530 (worked in `plan.toml`).
#[test]
fn an_edit_that_clashes_leads_to_the_nearest_figure_and_the_mouse_chooses() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("balanced 1 000").press("\x1b[H600").see("530 is the most it can have");
    session.press("\r").see("These cannot hold together").see("the nearest figure");
    session.press("\r").see("at 530").see("balanced 1 000").see("⚓");
    // A click on the second line, a turn of the wheel beside the figure, and a tab.
    session.press("\x1b[<0;22;7M\x1b[<0;22;7m").see("radio · access");
    session.press("\x1b[<64;3;7M").see("radio · spectrum");
    session.press("\x1b[<0;20;2M\x1b[<0;20;2m").see("pressure");
    session.press("\x1b1").see("rows Priority").press("u").see("undid").press("q");
    let raw = session.end();
    assert!(!raw.contains("panicked") && raw.contains("\x1b[?1049l"), "{raw}");
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), "tui first-steps");
    session.see("balanced 1 000").press("\x1b[H520\r").see("hold spectrum at 520");
    session.resize(10, 50);
    session.see("virement needs 60 × 15").see("Nothing is lost");
    session.resize(24, 80);
    session.see("balanced 1 000").see("⚓").press("qn");
    session.end();
}

#[test]
fn two_programs_on_one_file_know_of_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = Session::start(folder.path(), "tui first-steps");
    first.see("balanced 1 000");
    let mut second = Session::start(folder.path(), "tui first-steps");
    second.see("another virement edits this file too").press("q");
    second.end();
    first.press("q");
    first.end();
}

#[test]
fn a_table_that_changes_on_disk_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(["init", "first-steps", "plan"])
        .current_dir(folder.path())
        .output();
    assert!(made.expect("a plan").status.success());
    let mut session = Session::start(folder.path(), "tui plan/plan.toml");
    session.see("balanced 1 000");
    let plan = folder.path().join("plan/plan.toml");
    let text = std::fs::read_to_string(&plan).expect("the plan");
    std::fs::write(&plan, text.replace("value = 20000", "value = 19000")).expect("the plan");
    session.see("plan.toml has changed on disk").see("balanced 950").press("q");
    session.end();
}

/// A parent in a folder below, and a scenario that comes while the screen is open.
#[test]
fn files_in_folders_below_are_watched_and_new_scenarios_are_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Command::new(env!("CARGO_BIN_EXE_virement"))
        .args(["init", "first-steps", "plan"])
        .current_dir(folder.path())
        .output();
    assert!(made.expect("a plan").status.success());
    let below = folder.path().join("plan/below/deeper");
    std::fs::create_dir_all(&below).expect("a folder");
    let scenario = |extends: &str, rest: &str| {
        let head = "format = \"virement/scenario@1\"\ntitle = \"A scenario\"\n";
        format!("{head}extends = \"{extends}\"\n{rest}")
    };
    let parent = |value: u32| {
        let change = format!("[[change]]\nset = \"driver.unit-value.value\"\nto = {value}\n");
        std::fs::write(below.join("parent.scenario.toml"), scenario("../../plan.toml", &change))
    };
    parent(19_000).expect("a parent");
    let own = scenario("below/deeper/parent.scenario.toml", "");
    std::fs::write(folder.path().join("plan/own.scenario.toml"), &own).expect("a scenario");
    let mut session = Session::start(folder.path(), "tui plan/own.scenario.toml");
    session.see("balanced 950").press("\x1b[H400\r").see("hold spectrum at 400");
    parent(18_000).expect("a parent");
    session.see("below/deeper/parent.scenario.toml has changed").see("balanced 900").see("⚓");
    std::fs::write(folder.path().join("plan/later.scenario.toml"), own).expect("a scenario");
    session.see("later.scenario.toml has changed on disk").press("\x1b5");
    session.see("later.scenario.toml").press("qn");
    session.end();
}

#[test]
fn an_editor_is_lent_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("edit"), "sed -i 's/New scenario/By hand/' \"$1\"\n")
        .expect("an editor");
    let program = env!("CARGO_BIN_EXE_virement");
    let line = format!("EDITOR='sh edit' exec '{program}' tui first-steps");
    let mut session = Session::start_shell(folder.path(), &line);
    session.see("balanced 1 000").press("o").see("edit the file by hand");
    session.press("R").see("+ title   = \"New scenario\"").see("- title   = \"By hand\"");
    session.press("kqn");
    session.end();
}

#[test]
fn without_words_it_opens_with_a_welcome_and_without_a_terminal_it_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), "");
    session.see("Welcome to virement").press("\x1b").see("rows Category").press("O");
    // Another plan is opened in its place, and one of one's own is begun from it.
    session.see("type a part of a name").press("first limits\r").see("balanced 950");
    session.press("O").see("type a part of a name").press("first-steps\t").see("the folder for");
    session.press("mine\r").see("balanced 1 000").see("new scenario").press("q");
    session.end();
    assert!(folder.path().join("mine/plan.toml").is_file());
    let output = Command::new(env!("CARGO_BIN_EXE_virement")).stdin(Stdio::null()).output();
    let output = output.expect("the program");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("virement tui"));
}

/// A program in the line mode is fed edits, a hold each, and killed after some answers and a moment more.
/// What is offered again is one of the states that were typed, and none that was answered is lost.
#[test]
fn a_program_that_is_killed_at_any_moment_loses_no_edit_that_it_answered() {
    let home = tempfile::tempdir().expect("a folder");
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_virement"))
            .args(["tui", "--plain", "first-steps"])
            .current_dir(home.path())
            .env("LANG", "C.UTF-8")
            .env("XDG_STATE_HOME", home.path().join("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program")
    };
    let held = |text: &str| -> Option<i64> {
        let mut lines = text.lines().rev();
        let line = lines.find(|line| line.starts_with('+') && line.contains("at = "))?;
        line.rsplit(' ').next()?.parse().ok()
    };
    for round in 0..12_i64 {
        let mut child = start();
        let mut input = child.stdin.take().expect("a pipe");
        let mut lines = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
        let edits: Vec<String> =
            (0..40).map(|n| format!("hold sector=radio = {}\n", 550 + n)).collect();
        let edits = edits.concat();
        let feeder = std::thread::spawn(move || drop(input.write_all(edits.as_bytes())));
        // The first answer is that of the plan itself, then there is a word on help.
        let (mut line, mut answers) = (String::new(), 0_i64);
        while answers < 2 + (round * 7) % 23 {
            line.clear();
            assert!(std::io::BufRead::read_line(&mut lines, &mut line).expect("a line") > 0);
            answers += i64::from(line.starts_with("balanced"));
        }
        let moment = u64::try_from(round * round * 131 % 9_000).expect("above zero");
        std::thread::sleep(Duration::from_micros(moment));
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
        feeder.join().expect("what was typed is typed");
        let mut again = start();
        let mut input = again.stdin.take().expect("a pipe");
        input.write_all(b"recover\nchanges\ndiscard\nrevert\nquit\n").expect("a pipe");
        drop(input);
        let output = again.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let at = held(&text).unwrap_or_else(|| panic!("round {round}: {text}"));
        assert!(at >= 550 + answers - 2 && at < 590, "round {round}: {at} after {answers}: {text}");
    }
}
