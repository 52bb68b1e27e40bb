//! The command line of atlaspec: parses, runs, and exits with the conclusion.

use std::process::ExitCode;

fn main() -> ExitCode {
    atlaspec::cli::main()
}
