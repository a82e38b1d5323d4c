//! Batches whose files were damaged, or left half written.

use std::path::{Path, PathBuf};

use crate::batches::{first_steps, text, virement};

const DRAWS: &str = "
[[vary]]
set = \"driver.unit-value.value\"
draw = \"normal\"
mean = 19000
sd = 900
decimals = 0
count = 60
seed = 7
";

fn done(words: &[&str]) {
    let output = virement(words);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The rows of the first part of a folder.
fn part(folder: &str) -> PathBuf {
    let entries = std::fs::read_dir(Path::new(folder).join("parts")).expect("parts");
    let mut rows: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    rows.retain(|path| path.extension().is_some_and(|end| end == "parquet"));
    rows.sort();
    rows.swap_remove(0)
}

/// A part of a finished shard that was damaged, cut or taken away is told by `merge`, and made anew by the batch.
#[test]
fn a_damaged_shard_is_mended_by_running_it_again() {
    let plan = first_steps(DRAWS);
    let path = text(&plan.path().join("futures.scenario.toml"));
    let out = tempfile::tempdir().expect("a folder");
    let at = |name: &str| text(&out.path().join(name));
    done(&["batch", &path, "-o", &at("whole")]);
    let whole = std::fs::read(out.path().join("whole/batch.parquet")).expect("a file");
    let (one, two, joined) = (at("one"), at("two"), at("joined.parquet"));
    done(&["batch", &path, "-o", &one, "--shard", "1/2"]);
    done(&["batch", &path, "-o", &two, "--shard", "2/2"]);
    let damages: [fn(&Path); 4] = [
        |rows| {
            let mut bytes = std::fs::read(rows).expect("rows");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(rows, bytes).expect("rows");
        },
        |rows| std::fs::write(rows, b"").expect("rows"),
        |rows| std::fs::remove_file(rows).expect("rows"),
        |rows| std::fs::remove_file(rows.with_extension("json")).expect("a witness"),
    ];
    for damage in damages {
        damage(&part(&two));
        let refused = virement(&["merge", "-o", &joined, &one, &two]);
        assert_eq!(refused.status.code(), Some(5));
        assert!(!Path::new(&joined).exists());
        done(&["batch", &path, "-o", &two, "--shard", "2/2"]);
        done(&["merge", "-o", &joined, &one, &two]);
        assert!(std::fs::read(&joined).expect("a file") == whole);
        std::fs::remove_file(&joined).expect("a file");
    }
}

/// What a kill leaves of files that were being written is gone after the next run.
#[test]
fn what_was_half_written_is_swept_away() {
    let plan = first_steps(DRAWS);
    let path = text(&plan.path().join("futures.scenario.toml"));
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().join("rows");
    done(&["batch", &path, "-o", &text(&folder), "--shard", "1/2"]);
    let strays = [folder.join(".virement-a1B2c3"), folder.join("parts/.virement-x")];
    for stray in &strays {
        std::fs::write(stray, b"half").expect("a file");
    }
    done(&["batch", &path, "-o", &text(&folder), "--shard", "1/2"]);
    assert!(strays.iter().all(|stray| !stray.exists()));
}
