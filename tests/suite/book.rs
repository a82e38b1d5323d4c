//! The pages under `docs/` make a book (mdBook): each is in its contents, and no link leads nowhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(page: &Path) -> String {
    std::fs::read_to_string(page).unwrap_or_else(|_| panic!("there is no {}", page.display()))
}

/// The pages of a folder and of those below it.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What the links of a page lead to, code left out.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
        } else if !code {
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            found.extend(targets.map(String::from));
        }
    }
    found
}

/// The anchors that a browser finds on a page: its headings in small letters, with dashes.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut code = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
        }
        let title = line.trim_start_matches('#');
        if !code && title.len() < line.len() && title.starts_with(' ') {
            let kept = title.trim().to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            found.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    found
}

#[test]
fn every_page_is_in_the_contents_of_the_book_once() {
    let docs = root().join("docs");
    let book: toml::Table = read(&docs.join("book.toml")).parse().expect("TOML");
    assert_eq!(book["book"]["src"].as_str(), Some("."), "the pages stand beside book.toml");
    let mut named = links(&read(&docs.join("SUMMARY.md")));
    named.sort();
    let there: Vec<String> = pages(&docs)
        .iter()
        .map(|page| page.strip_prefix(&docs).expect("a page of the book"))
        .map(|page| page.display().to_string())
        .filter(|page| page != "SUMMARY.md")
        .collect();
    assert_eq!(named, there);
}

#[test]
fn every_link_leads_to_a_page_and_to_a_heading_on_it() {
    let readme = root().join("README.md");
    for page in pages(&root().join("docs")).into_iter().chain([readme]) {
        for link in links(&read(&page)) {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().expect("a folder").join(file),
            };
            assert!(target.exists(), "{}: there is no {link}", page.display());
            let found = anchor.is_empty() || anchors(&read(&target)).contains(anchor);
            assert!(found, "{}: there is no heading {link}", page.display());
        }
    }
}
