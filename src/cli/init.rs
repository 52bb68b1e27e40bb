//! `init`: writes a target file from what browsing found.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::client::Patience;
use crate::discover::target_file;

use super::bare::{BareArgs, Key};
use super::browse::{self, BrowseArgs};
use super::output::Output;
use super::schemas::{self, FileFormat};
use super::{Failure, files};

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(
    mut_arg("url", |url| url.required(true)),
    after_help = "Only GET requests are sent. The API key is read from ATLASPEC_API_KEY, from --api-key-file, or asked for.\n\n\
        Examples:\n  atlaspec init --url https://staging.example.com/api/atlas/v1.0 --user ci@example.com\n  \
        atlaspec init --url https://localhost:8443/api --ca ca.pem --user me --output staging.yaml\n  \
        atlaspec check staging.yaml     what is still missing, chapter by chapter"
)]
pub(super) struct InitArgs {
    #[command(flatten)]
    bare: BareArgs,
    #[command(flatten)]
    browse: BrowseArgs,
    /// Where to write the target file, and the schemas for editors below `.atlaspec` [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite the file
    #[arg(long, requires = "output")]
    force: bool,
}

pub(super) fn init(args: &InitArgs, output: &Output) -> Result<ExitCode, Failure> {
    // Asked before any request is sent.
    if let Some(path) = args.output.as_ref().filter(|path| path.exists() && !args.force) {
        return Err(Failure::Usage(format!("{} is there already: --force overwrites it", path.display())));
    }
    if let Some(path) = &args.output {
        files::ensure_could_write_file(path)?;
    }
    let target = args.bare.target(Key::Needed, output)?;
    let mut target = target.ok_or_else(|| Failure::Usage("`init` needs --url".to_owned()))?;
    let origin = args.bare.origin()?;
    let discovery = super::runtime::block_on(browse::browse(
        &mut target,
        args.browse.bounds(),
        None,
        &Patience::default(),
        output,
    ))?;
    browse::need_root(&discovery, &target)?;
    let text = target_file(&target, &origin, &discovery.found);
    match &args.output {
        None => output.result(&text)?,
        Some(path) => {
            let modeline = schemas::modeline(path, FileFormat::Target, output);
            files::write(path, &format!("{modeline}{text}"))?;
            let path = path.display();
            output.tell(&format!("wrote {path}: `atlaspec check {path}` says what is still missing for which chapter"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
