//! `serve`: the reference server, until it is interrupted.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use tempfile::TempDir;

use crate::clock::Clock;
use crate::reference::{Fault, Freedom, Server, Settings, Tls};
use crate::yaml;

use super::embedded_target::SEED;
use super::interrupt::Interrupts;
use super::output::Output;
use super::{Failure, files};

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "Example, in two terminals:\n  \
    atlaspec serve --tls --port 8443 --print-target > t.yaml\n  atlaspec run --target t.yaml")]
pub(super) struct ServeArgs {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Speak HTTPS, with a certificate made at start
    #[arg(long)]
    tls: bool,
    /// Print the target file that fits the server
    #[arg(long)]
    print_target: bool,
    /// Where all data and keys come from: the same seed gives the same server
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// A mistake that the server makes on purpose (repeatable); see `atlaspec list faults`
    #[arg(long = "fault", value_name = "NAME", value_parser = fault)]
    faults: Vec<Fault>,
    /// Conforming behaviour that is not the server's own (repeatable); see `atlaspec list freedoms`
    #[arg(long = "freedom", value_name = "NAME", value_parser = freedom)]
    freedoms: Vec<Freedom>,
    /// Folder for the keys and the certificate authority; by default a private one, removed at the end
    #[arg(long, value_name = "DIR")]
    secrets: Option<PathBuf>,
}

pub(super) fn serve(args: &ServeArgs, output: &Output) -> Result<ExitCode, Failure> {
    super::run::block_on(until_interrupted(args, output))
}

async fn until_interrupted(args: &ServeArgs, output: &Output) -> Result<ExitCode, Failure> {
    let settings = Settings {
        address: SocketAddr::new(args.address, args.port),
        tls: if args.tls { Tls::On } else { Tls::Off },
        faults: args.faults.clone(),
        freedoms: args.freedoms.clone(),
        ..Settings::new(args.seed, Clock::real())
    };
    let mut interrupts = Interrupts::receive()?;
    let server = Server::start(settings)
        .await
        .map_err(|error| Failure::Usage(format!("cannot listen on {}:{}: {error}", args.address, args.port)))?;
    let secrets = Secrets::write(&server, args.secrets.as_deref())?;
    if args.print_target {
        output.result(&server.target_file(&|user| secrets.key_of(user)))?;
    }
    output.tell(&format!("{} until interrupted; keys in {}", server.base_url(), secrets.folder().display()));
    interrupts.next().await;
    server.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn fault(name: &str) -> Result<Fault, String> {
    Fault::from_name(name).ok_or_else(|| unknown("fault", name, Fault::table().iter().map(|info| info.name)))
}

fn freedom(name: &str) -> Result<Freedom, String> {
    Freedom::from_name(name).ok_or_else(|| unknown("freedom", name, Freedom::table().iter().map(|info| info.name)))
}

fn unknown<'n>(kind: &str, name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let help = yaml::did_you_mean(name, names).unwrap_or_else(|| format!("see `atlaspec list {kind}s`"));
    format!("no {kind} is called `{name}`: {help}")
}

/// The keys of the server's users, in files of their own.
enum Secrets {
    Private(TempDir),
    Named(PathBuf),
}

impl Secrets {
    fn write(server: &Server, folder: Option<&Path>) -> Result<Self, Failure> {
        let secrets = match folder {
            Some(folder) => {
                files::ensure_writable(folder)?;
                Self::Named(folder.canonicalize().map_err(|error| Failure::File(folder.to_owned(), error))?)
            }
            None => Self::Private(
                TempDir::with_prefix("atlaspec-serve-")
                    .map_err(|error| Failure::Machine(format!("no private folder can be made: {error}")))?,
            ),
        };
        for (user, key) in server.keys() {
            files::write_secret(&secrets.path_of(&user), &key)?;
        }
        if !server.ca_pem().is_empty() {
            files::write(&secrets.folder().join("ca.pem"), server.ca_pem())?;
        }
        Ok(secrets)
    }

    fn folder(&self) -> &Path {
        match self {
            Self::Private(folder) => folder.path(),
            Self::Named(folder) => folder,
        }
    }

    fn path_of(&self, user: &str) -> PathBuf {
        self.folder().join(format!("{user}.key"))
    }

    /// The key of a user as the target file states it.
    fn key_of(&self, user: &str) -> String {
        let path = self.path_of(user).display().to_string();
        format!("{{ file: {} }}", serde_json::Value::String(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_answered_with_the_one_that_was_meant() {
        assert_eq!(freedom("slow"), Ok(Freedom::Slow));
        assert_eq!(freedom("no-qpo"), Err("no freedom is called `no-qpo`: did you mean `no-qop`?".to_owned()));
        assert_eq!(
            fault("total-mising"),
            Err("no fault is called `total-mising`: did you mean `total-missing`?".to_owned())
        );
        assert_eq!(freedom("?"), Err("no freedom is called `?`: see `atlaspec list freedoms`".to_owned()));
    }
}
