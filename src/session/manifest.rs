use std::fmt::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Solved;

/// What an exported file was made from: hashes of input and output, the version, and the time.
pub fn manifest(solved: &Solved, path: &Path, bytes: &[u8]) -> Value {
    let digest = Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    json!({
        "format": "virement/manifest@1",
        "file": path.file_name().map(|name| name.to_string_lossy().into_owned()),
        "sha256": digest,
        "scenario": solved.identity.scenario,
        "input": solved.identity.hash,
        "program": concat!("virement ", env!("CARGO_PKG_VERSION")),
        "seconds-since-1970": now,
    })
}
