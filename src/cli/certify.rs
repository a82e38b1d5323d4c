//! Certificates: written with an answer, and checked again.

use std::path::Path;

use super::run::{Exit, failed, find, refuse};
use super::screen::Screen;
use crate::report::Findings;
use crate::session::{self, Solved, Uncertified};

/// Writes the certificate of an answer; says why where there is none to write.
///
/// # Errors
///
/// That the file cannot be written.
pub(super) fn write(
    screen: &Screen,
    path: &Path,
    solved: &Solved,
    findings: Findings<'_>,
) -> Result<(), String> {
    match session::certificate(solved, findings) {
        Ok(file) => session::write(path, format!("{file:#}\n").as_bytes()),
        Err(why) => {
            screen.say(&why);
            Ok(())
        }
    }
}

/// Checks an answer against the files of its plan.
pub(super) fn certify(
    screen: &Screen,
    (result, certificate): (&Path, &Path),
    name: Option<&str>,
) -> Exit {
    let request = match find(screen, name) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    match session::certify(&request, result, certificate) {
        Ok(certified) => {
            let mut text = format!("certified: {}, proven\n", certified.proof);
            for remark in &certified.remarks {
                text += &format!("  {}\n", crate::units::display_safe(remark));
            }
            Screen::print(&text).map_or_else(|message| failed(screen, &message), |()| Exit::Fine)
        }
        Err(Uncertified::Refused(refused)) => refuse(screen, &refused),
        Err(Uncertified::Unread(message)) => failed(screen, &message),
        Err(Uncertified::Refusal(refusal)) => {
            screen.say(&format!("not certified: {refusal}"));
            Exit::Uncertified
        }
    }
}
