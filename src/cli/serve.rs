//! `serve`: the reference server, until it is interrupted.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crate::clock::Clock;
use crate::record::Run;
use crate::reference::{Fault, Latency, OwnFault, Server, Settings, Tls, Variation};
use crate::report::{self, Console, Repeats};
use crate::yaml;

use super::audience::{Audience, Judging, Wishes};
use super::client_report;
use super::embedded_target::SEED;
use super::format::RunFormat;
use super::interrupt::{Hangups, Interrupts};
use super::output::Output;
use super::progress::detail;
use super::quantity::{bytes, duration};
use super::reports::{folder_name, print_to_reader, write_reports};
use super::{Failure, files, random};

/// The longest latency that can be asked for.
const LONGEST_LATENCY: Duration = Duration::from_hours(1);

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "Example, in two terminals:\n  \
    atlaspec serve --tls --port 8443 --print-target > t.yaml\n  atlaspec run --target t.yaml\n\n\
    A mock for a client's own tests: see docs/mock.md\n  \
    atlaspec serve --port 8080 --control-port 8081 --latency 20ms-200ms --log requests.jsonl\n  \
    atlaspec serve --port 8080 --check-client my-client --duration 5m")]
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
    /// Write the target file that fits the server to this file, once the server accepts connections
    #[arg(long, value_name = "FILE")]
    write_target: Option<PathBuf>,
    /// Where all data and keys come from: the same seed gives the same server
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// A mistake that the server makes on purpose (repeatable); see `atlaspec list faults`
    #[arg(long = "fault", value_name = "NAME", value_parser = fault)]
    faults: Vec<Fault>,
    /// A file of faults of your own (repeatable): which responses are altered, and how; see docs/mock.md
    #[arg(long = "fault-file", value_name = "FILE")]
    fault_files: Vec<PathBuf>,
    /// Conforming behaviour that is not the server's own (repeatable); see `atlaspec list variations`
    #[arg(long = "variation", value_name = "NAME", value_parser = variation)]
    variations: Vec<Variation>,
    /// Folder for the keys and the certificate authority; by default a private one, removed at the end
    #[arg(long, value_name = "DIR")]
    secrets: Option<PathBuf>,
    /// Most items of a page, as later editions of the API have more than 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    page_maximum: Option<u64>,
    /// How long each answer takes at least: a time (`50ms`), or a range (`20ms-200ms`) that it is drawn from by the
    /// seed
    #[arg(long, value_name = "TIME", value_parser = latency, default_value = "0ms")]
    latency: Latency,
    /// Add a line of JSON for each request to this file, without secrets; `-` is standard error
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Most bytes of the log; a full one is renamed to FILE.1, and what was there before is removed
    #[arg(long, value_name = "SIZE", value_parser = bytes, default_value = "1GB")]
    log_max: u64,
    /// Port of 127.0.0.1 that receives commands (`POST /reset`) with the token in control.token beside the keys; 0 takes a
    /// free one
    #[arg(long, value_name = "PORT")]
    control_port: Option<u16>,
    /// Judge what clients send by the rules for clients; the report is written at the end
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "client")]
    check_client: Option<String>,
    /// Folder for the reports of --check-client [default: reports/<NAME>]
    #[arg(long, value_name = "DIR", requires = "check_client")]
    reports: Option<PathBuf>,
    /// What --check-client prints
    #[arg(long, value_enum, default_value_t = RunFormat::Human, requires = "check_client")]
    format: RunFormat,
    /// End after this time (`5m`), if nobody interrupts before
    #[arg(long = "duration", value_name = "DURATION", value_parser = duration)]
    end_after: Option<Duration>,
}

pub(super) fn serve(args: &ServeArgs, output: &Output) -> Result<ExitCode, Failure> {
    super::runtime::block_on(serve_to_the_end(args, output))
}

async fn serve_to_the_end(args: &ServeArgs, output: &Output) -> Result<ExitCode, Failure> {
    let (clock, audience) = (Clock::real(), Audience::default());
    let judge = if args.check_client.is_some() { Judging::On } else { Judging::Off };
    let wishes = Wishes { log: args.log.clone(), log_most: args.log_max, judge, page_maximum: args.page_maximum };
    let own_faults = own_faults(&args.fault_files)?;
    let of_files: Vec<String> = own_faults.iter().map(|fault| fault.name().to_owned()).collect();
    let settings = Settings {
        address: SocketAddr::new(args.address, args.port),
        tls: if args.tls { Tls::On } else { Tls::Off },
        faults: args.faults.clone(),
        own_faults,
        variations: args.variations.clone(),
        page_maximum: args.page_maximum,
        latency: args.latency,
        witness: audience.witness(&wishes),
        ..Settings::new(args.seed, clock.clone())
    };
    let reports = args.check_client.as_deref().map(|name| reports_folder(args, name)).transpose()?;
    let mut interrupts = Interrupts::receive()?;
    let mut hangups = Hangups::receive()?;
    let mut server = Server::start(settings).await.map_err(|error| cannot_listen(args.address, args.port, &error))?;
    audience.begin(&wishes, &server, &clock)?;
    let secrets = Secrets::write(&server, args.secrets.as_deref())?;
    let control = open_control(args, &mut server, &secrets).await?;
    give_target_file(args, &server.target_file(&|user| secrets.key_of(user)), output)?;
    tell_where(&server, &of_files, control, &secrets, output);
    let watched = output.is_watched();
    let mut ending = std::pin::pin!(ending(&mut interrupts, args.end_after));
    loop {
        tokio::select! {
            () = &mut ending => break,
            () = hangups.next() => {
                if watched && !output.is_watched() {
                    // The terminal is gone, and with it whoever wanted the server.
                    break;
                }
                server.reset();
                output.tell("reset: data, counters and memory as at the start");
            }
        }
    }
    let base_url = server.base_url();
    server.stop().await;
    match (args.check_client.as_deref(), reports) {
        (Some(name), Some(folder)) => match audience.end(name, base_url, &clock) {
            Some(run) => conclude(args, &run, &folder, output),
            None => Ok(ExitCode::SUCCESS),
        },
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Tells where the server and its control port are, where their secrets are, and which faults came from files.
fn tell_where(server: &Server, own_faults: &[String], control: Option<SocketAddr>, secrets: &Secrets, output: &Output) {
    output.tell(&format!("{} until interrupted; keys in {}", server.base_url(), secrets.folder().display()));
    if !own_faults.is_empty() {
        output.tell(&format!("with faults of your own: {}", own_faults.join(", ")));
    }
    if let Some(control) = control {
        let token = secrets.token_path();
        output.tell(&format!(
            "http://{control} receives commands: POST /reset, /expire-nonces, /fail; the token is in {}",
            token.display()
        ));
    }
}

/// The faults that these files describe.
fn own_faults(paths: &[PathBuf]) -> Result<Vec<OwnFault>, Failure> {
    let mut faults = Vec::new();
    for path in paths {
        let (name, text) = (files::shown(path), files::read_written(path)?);
        let read = OwnFault::load(&name, &text);
        faults.extend(read.map_err(|problems| Failure::Problems(problems, vec![(name, text)]))?);
    }
    Ok(faults)
}

/// Prints and writes the target file, as the arguments ask for.
fn give_target_file(args: &ServeArgs, text: &str, output: &Output) -> Result<(), Failure> {
    if args.print_target {
        output.result(text)?;
    }
    args.write_target.as_ref().map_or(Ok(()), |path| files::write(path, text))
}

/// Returns at an interrupt, or when the time is over.
async fn ending(interrupts: &mut Interrupts, after: Option<Duration>) {
    match after {
        None => interrupts.next().await,
        Some(after) => {
            tokio::select! {
                () = interrupts.next() => (),
                () = tokio::time::sleep(after) => (),
            }
        }
    }
}

fn cannot_listen(address: IpAddr, port: u16, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("cannot listen on {}: {error}", SocketAddr::new(address, port)))
}

async fn open_control(args: &ServeArgs, server: &mut Server, secrets: &Secrets) -> Result<Option<SocketAddr>, Failure> {
    let Some(port) = args.control_port else { return Ok(None) };
    let token = SecretString::from(random::text::<16>()?);
    files::write_secret(&secrets.token_path(), token.expose_secret())?;
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let opened = server.open_control(SocketAddr::new(loopback, port), token).await;
    opened.map(Some).map_err(|error| cannot_listen(loopback, port, &error))
}

/// The folder of the reports, seen to be writable before a client is kept waiting.
fn reports_folder(args: &ServeArgs, name: &str) -> Result<PathBuf, Failure> {
    let folder = args.reports.clone().unwrap_or_else(|| Path::new("reports").join(folder_name(name)));
    files::ensure_writable(&folder)?;
    Ok(folder)
}

/// Writes and prints what was found of a client.
fn conclude(args: &ServeArgs, run: &Run, folder: &Path, output: &Output) -> Result<ExitCode, Failure> {
    let sources = client_report::line_of;
    let written = write_reports(run, folder, &sources);
    let console = Console {
        colour: output.stdout,
        detail: detail(output.talk),
        sources: &sources,
        statement: &client_report::statement,
        target: &run.target,
        width: output.width(),
        repeats: Repeats::default(),
    };
    let text = match args.format {
        RunFormat::Human => console.replay(run, Some(&folder.display().to_string())),
        RunFormat::File(format) => report::render(run, format, &sources),
    };
    print_to_reader(output, &text)?;
    written?;
    Ok(ExitCode::from(run.exit_code()))
}

/// A time, or a range of times.
fn latency(text: &str) -> Result<Latency, String> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    match (yaml::duration(least), yaml::duration(most)) {
        (Some(least), Some(most)) if least <= most && most <= LONGEST_LATENCY => Ok(Latency::between(least, most)),
        _ => Err("a latency is a time (`50ms`) or a range (`20ms-200ms`), an hour at most".to_owned()),
    }
}

fn fault(name: &str) -> Result<Fault, String> {
    Fault::from_name(name).ok_or_else(|| unknown("fault", name, Fault::table().iter().map(|info| info.name)))
}

fn variation(name: &str) -> Result<Variation, String> {
    Variation::from_name(name)
        .ok_or_else(|| unknown("variation", name, Variation::table().iter().map(|info| info.name)))
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

    /// Where the token of the control port is.
    fn token_path(&self) -> PathBuf {
        self.folder().join("control.token")
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
    fn a_latency_is_a_time_or_a_range() {
        let ms = Duration::from_millis;
        assert_eq!(latency("50ms"), Ok(Latency::between(ms(50), ms(50))));
        assert_eq!(latency("20ms-1s"), Ok(Latency::between(ms(20), ms(1000))));
        for wrong in ["", "50", "2s-1s", "-1s", "1s-", "2h"] {
            assert!(latency(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_one_that_was_meant() {
        assert_eq!(variation("slow"), Ok(Variation::Slow));
        assert_eq!(variation("no-qpo"), Err("no variation is called `no-qpo`: did you mean `no-qop`?".to_owned()));
        assert_eq!(
            fault("total-mising"),
            Err("no fault is called `total-mising`: did you mean `total-missing`?".to_owned())
        );
        assert_eq!(variation("?"), Err("no variation is called `?`: see `atlaspec list variations`".to_owned()));
    }
}
