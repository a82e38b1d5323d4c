//! Where plans come from: folders on disk, and the plans inside the program.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::scenario::Files;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// The embedded plan that is used where none is named.
pub const DEFAULT_PLAN: &str = "itu-2012-2015";

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 1 << 30;

/// A plan's folder and the file in it that was asked for.
pub struct Request {
    /// The folder.
    pub files: Box<dyn Files>,
    /// The file, relative to the folder.
    pub path: String,
    /// How it was asked for.
    pub name: String,
    /// The folder on disk; `None` for an embedded plan.
    pub folder: Option<PathBuf>,
}

/// A folder on disk.
struct Folder {
    root: PathBuf,
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let whole = |path: &Path| path.canonicalize().map_err(|error| reason(&error));
        let file = whole(&self.root.join(path))?;
        if !file.starts_with(whole(&self.root)?) {
            return Err("it is a link that leads out of the plan's folder".into());
        }
        let known = std::fs::metadata(&file).map_err(|error| reason(&error))?;
        if known.is_dir() {
            return Err("it is a folder".into());
        }
        if !known.is_file() {
            return Err("it is no regular file".into());
        }
        if known.len() > MOST_BYTES {
            return Err(format!("it is larger than {MOST_BYTES} bytes"));
        }
        std::fs::read(&file).map_err(|error| reason(&error))
    }

    fn name(&self, path: &str) -> String {
        self.root.join(path).display().to_string().trim_start_matches("./").to_string()
    }

    fn list(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.root).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort_unstable();
        names
    }

    fn root(&self) -> Option<PathBuf> {
        Some(self.root.clone())
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".into(),
        _ => error.to_string(),
    }
}

/// A plan inside the program.
struct Embedded {
    plan: &'static Dir<'static>,
}

impl Files for Embedded {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.plan.get_file(self.plan.path().join(path));
        found.map(|file| file.contents().to_vec()).ok_or_else(|| "there is no such file".into())
    }

    fn name(&self, path: &str) -> String {
        format!("{}/{path}", self.plan.path().display())
    }

    fn list(&self) -> Vec<String> {
        let names = self.plan.files().filter_map(|file| file.path().file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }
}

/// The names of the embedded plans.
pub fn embedded_plans() -> Vec<String> {
    EMBEDDED.dirs().map(|dir| dir.path().display().to_string()).collect()
}

/// The files of an embedded plan, with their texts; `None` where there is no such plan.
pub fn embedded_files(plan: &str) -> Option<Vec<(String, &'static [u8])>> {
    let dir = EMBEDDED.get_dir(plan)?;
    let named = |file: &'static include_dir::File<'static>| {
        Some((file.path().file_name()?.to_str()?.to_string(), file.contents()))
    };
    Some(dir.files().filter_map(named).collect())
}

/// Finds what `name` stands for: a file or a plan's folder on disk, an embedded plan
/// (`itu-2012-2015`), or a scenario of one (`itu-2012-2015/adopted`).
///
/// # Errors
///
/// What to write instead.
pub fn find(name: &str) -> Result<Request, String> {
    let path = Path::new(name);
    let request = |files: Box<dyn Files>, path: String, folder: Option<PathBuf>| Request {
        files,
        path,
        name: name.into(),
        folder,
    };
    let on_disk = |root: PathBuf, path: String| {
        request(Box::new(Folder { root: root.clone() }), path, Some(root))
    };
    if path.is_dir() {
        if path.join("plan.toml").is_file() {
            return Ok(on_disk(path.into(), "plan.toml".into()));
        }
        return Err(format!("`{name}` is a folder without a plan.toml; name a file in it"));
    }
    if path.is_file() {
        let (root, file) = split(path);
        return Ok(on_disk(root, file));
    }
    let (plan, scenario) = name.split_once('/').unwrap_or((name, ""));
    if let Some(dir) = EMBEDDED.get_dir(plan) {
        let file = match scenario {
            "" => "plan.toml".into(),
            named if dir.get_file(dir.path().join(named)).is_some() => named.to_string(),
            named => format!("{named}.scenario.toml"),
        };
        let embedded = Embedded { plan: dir };
        if dir.get_file(dir.path().join(&file)).is_none() {
            let known = embedded.list().into_iter();
            let known: Vec<String> = known
                .filter_map(|file| Some(format!("{plan}/{}", file.strip_suffix(".scenario.toml")?)))
                .collect();
            return Err(format!("there is no scenario `{name}`; there are {}", known.join(", ")));
        }
        return Ok(request(Box::new(embedded), file, None));
    }
    Err(format!(
        "there is no file `{name}`, and no embedded plan of that name; embedded are {}",
        embedded_plans().join(", ")
    ))
}

/// The plan's folder that a file is in, and the file relative to it: the nearest folder above with
/// a `plan.toml`, else the file's own.
fn split(path: &Path) -> (PathBuf, String) {
    let own = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let own = own.unwrap_or(Path::new("."));
    let root = own.ancestors().find(|folder| folder.join("plan.toml").is_file()).unwrap_or(own);
    let file = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> =
        file.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    (root.into(), parts.into_iter().filter(|part| part != ".").collect::<Vec<_>>().join("/"))
}
