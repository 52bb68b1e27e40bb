//! The command line of atlaspec: parses, runs, and exits with the conclusion.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    atlaspec::cli::main()
}
