//! The `virement` command.
fn main() {}
