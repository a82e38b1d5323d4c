//! The `virement` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Exact figures are many small numbers that come and go on every thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    virement::cli::main()
}
