//! The `virement` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    virement::cli::main()
}
