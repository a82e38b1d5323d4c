//! What enters the hash of a plan.

use virement::session;

use crate::memory::Folder;

/// The hash is made of what the files say, and not of what the program calls it: it is the same whoever built
/// the program, and was written down when these tables first entered it.
#[test]
fn the_hash_of_tables_is_made_of_the_words_of_the_files() {
    let plan = r#"
format = "virement/plan@1"
title = "Tables"
currency = "EUR"
scale = 1
quantum = 1

[[dimension]]
id = "year"
role = "time"
members = [ { id = "2026" }, { id = "2027" } ]
[[dimension]]
id = "line"
members-table = "lines.csv"

[cells]
table = "cells.csv"

[[measure]]
id = "posts"
unit = "posts"
table = "posts.csv"
[[attribution]]
id = "aims"
from = { dimension = "line" }
to = "aim"
table = "aims.csv"

[[limit]]
id = "amounts"
each = ["line", "year"]
bounds = "amounts.csv"
[[limit]]
id = "shares"
each = ["line", "year"]
bounds = "shares.csv"
[[limit]]
id = "changes"
each = ["line"]
bounds = "changes.csv"
[[limit]]
id = "path"
on = { line = "a" }
each = ["line"]
phase-in = { to = "target.csv", over = 2 }

[[stage]]
id = "worth"
maximise = "value"
returns = "returns.csv"
[[stage]]
id = "near"
minimise = "deviation"
targets = "targets.csv"
"#;
    let files = [
        ("plan.toml", plan),
        (
            "lines.csv",
            "id,title,parent,tags\nall,All,,\na,\"A, \"\"so\"\" called\",all,x y\nb,B,all,\n",
        ),
        ("cells.csv", "year,line,baseline\n2026,a,90\n2026,b,100\n2027,a,90\n2027,b,100\n"),
        ("posts.csv", "line,weight\na,1/3\n"),
        ("aims.csv", "line,aim,share\na,one,1/3\na,two,2/3\nb,two,1\n"),
        (
            "amounts.csv",
            "line,year,min,max\nb,2026,\"min(5% of total baseline, 90)\",\nb,2027,,90% of baseline(line = a) + 40\n",
        ),
        ("shares.csv", "line,year,min-share,max-share\na,2026,10%,\nb,2027,,90%\n"),
        ("changes.csv", "line,max-cut,max-rise\nb,50%,1/3\n"),
        ("target.csv", "line,amount\na,100\n"),
        ("returns.csv", "line,up-to,rate\na,50,2\na,,1\nb,,1/7\n"),
        ("targets.csv", "year,line,amount\n2026,a,95\n"),
    ];
    let checked = session::check(&Folder::of(&files).ask("plan.toml"));
    let hash = checked.unwrap_or_else(|refused| panic!("{:?}", refused.problems)).0.hash();
    assert_eq!(hash, "961953708d7eaa706caf3abf448b70ff4c2712674d11b52ab8221dd0088a22c3");
}
