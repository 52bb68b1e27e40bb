//! `audit`: judges recorded traffic, without any network.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use flate2::read::MultiGzDecoder;
use url::Url;

use crate::audit::{Account, Audit, Break, Choice, Guess, Heard, InPart};
use crate::check::Facts;
use crate::clock::Clock;
use crate::record::{ListFlaw, ListProblem, Run, Selection};
use crate::report::{self, Console, Format, Repeats, counted};
use crate::suite::Suite;
use crate::verdict::Source;

use super::format::RunFormat;
use super::known::FirstListArgs;
use super::output::Output;
use super::progress::detail;
use super::reports::{line_of, print_to_reader, write_reports};
use super::strictness::LeastArgs;
use super::suite::CasesArgs;
use super::unjudged::Unjudged;
use super::{Failure, client_report, files, known, strictness};

/// The file of an audit with all that it found.
pub(super) const FILE_NAME: &str = "audit.json";
/// Bytes that are read from a file at once.
const CHUNK: usize = 256 * 1024;

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Arguments of `audit`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  atlaspec audit traffic.har\n  \
    atlaspec audit --base-url https://api.example.com/api/atlas/v1.0 monday.har tuesday.har.gz\n  \
    mitmdump -nr flows --set hardump=- | atlaspec audit - --check-client --reports reports/audit")]
pub(super) struct AuditArgs {
    /// Recordings in the HAR format, also gzipped; `-` is standard input
    #[arg(value_name = "FILE.har", required = true)]
    files: Vec<PathBuf>,
    /// The API's root; everything else in the recordings is left out [default: where most answers of the API come from]
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<Url>,
    /// Most items of a page, where the edition of the API allows more than 100
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    page_maximum: u64,
    /// Judge what matches alone: a pattern of requirements or invariants, or of paths if it begins with `/` (repeatable)
    #[arg(long, value_name = "PATTERN")]
    only: Vec<String>,
    /// Leave out what matches: a pattern as for --only (repeatable)
    #[arg(long, value_name = "PATTERN")]
    skip: Vec<String>,
    /// Violations that are known: those that are listed do not fail the command
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,
    #[command(flatten)]
    first_list: FirstListArgs,
    #[command(flatten)]
    least: LeastArgs,
    /// Judge the clients too: the rules of `serve --check-client`, on the recorded requests
    #[arg(long)]
    check_client: bool,
    #[command(flatten)]
    cases: CasesArgs,
    /// Folder for the reports; without it none is written
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = RunFormat::Human)]
    format: RunFormat,
}

pub(super) fn audit(args: &AuditArgs, output: &Output) -> Result<ExitCode, Failure> {
    let mut unjudged = Unjudged::new(args.reports.clone(), "recorded traffic", Selection::everything());
    unjudged.begin();
    let ended = audit_beside(args, &mut unjudged, output);
    unjudged.settle(&ended, args.format, output);
    ended
}

/// Audits, beside reports that say that nothing is judged.
fn audit_beside(args: &AuditArgs, unjudged: &mut Unjudged, output: &Output) -> Result<ExitCode, Failure> {
    let suite = args.cases.load()?;
    unjudged.by(&suite);
    let choice = Choice::of(&args.only, &args.skip).map_err(Failure::Usage)?;
    let list = args.known_failures.as_deref().map(known::load).transpose()?;
    args.first_list.ensure_could_write()?;
    let (started, begun) = (Clock::real().now(), Instant::now());
    let mut recordings = args.files.iter().map(|path| Tape::open(path)).collect::<Result<Vec<_>, _>>()?;
    let base = match &args.base_url {
        Some(base) => base.clone(),
        None => guessed(&mut recordings, output)?,
    };
    let mut audit = Audit::new(&suite, Facts { page_maximum: args.page_maximum, ..Facts::of(base) })
        .map_err(|error| Failure::Usage(error.to_string()))?;
    audit = audit.choosing(choice);
    if args.check_client {
        audit = audit.judging_clients();
    }
    if let Some(folder) = &args.reports {
        files::ensure_writable(folder)?;
    }
    if recordings.len() > 1 {
        for recording in &mut recordings {
            // What is wrong with a recording is told when it is judged.
            let _ = audit.foresee(recording.reader()?);
        }
    }
    for recording in &mut recordings {
        let reader = recording.reader()?;
        let heard = audit.recording(&recording.name, reader).map_err(|why| recording.failure(&why))?;
        tell_heard(heard, output);
    }
    let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut account = audit.finish(started, took);
    if let Some(list) = list {
        let also = account.groups.iter().map(|group| (group.id(), group.other_ids())).collect();
        let list = list.knowing_also(also);
        account.run = against(list.judge(account.run), output);
    }
    account.run = account.run.with_strictness(args.least.strictness());
    unjudged.is_over_now();
    tell(&account, args, &suite, output)?;
    args.first_list.write(&account.run, output)?;
    strictness::complain(&account.run, output);
    Ok(ExitCode::from(account.run.exit_code()))
}

/// The run against a list. What is listed and not in a recording may still be in the traffic of another day: that is
/// told and fails nothing.
fn against(mut run: Run, output: &Output) -> Run {
    let Some(list) = &mut run.known_failures else { return run };
    let is_expired = |problem: &ListProblem| problem.flaw == ListFlaw::Expired;
    let (expired, unseen): (Vec<_>, Vec<_>) = list.problems.drain(..).partition(is_expired);
    list.problems = expired;
    for problem in unseen {
        output.tell(&format!("{}: `{}` was not found in this audit", list.file, problem.pattern));
    }
    run
}

fn tell(account: &Account, args: &AuditArgs, suite: &Suite, output: &Output) -> Result<(), Failure> {
    let sources = |source: &Source| line_of(suite, source).or_else(|| client_report::line_of(source));
    let json = || serde_json::to_string_pretty(account).map_err(|error| Failure::Machine(error.to_string()));
    let written = args.reports.as_ref().map(|folder| {
        write_reports(&account.run, folder, &sources)?;
        files::write(&folder.join(FILE_NAME), &json()?)
    });
    let printed = match args.format {
        RunFormat::Human => {
            let console = Console {
                colour: output.stdout,
                detail: detail(output.talk),
                sources: &sources,
                statement: &|id| {
                    let of_audits = || client_report::statement(id);
                    suite.statement(id).or_else(of_audits)
                },
                target: &account.run.target,
                width: output.width(),
                repeats: Repeats::default(),
            };
            let folder = args.reports.as_deref().map(|folder| folder.display().to_string());
            console.replay(&account.run, folder.as_deref())
        }
        RunFormat::File(Format::Json) => json()?,
        RunFormat::File(format) => report::render(&account.run, format, &sources),
    };
    print_to_reader(output, &printed)?;
    for part in &account.in_part {
        let InPart { requirement, exchanges, seen } = part;
        let exchanges = counted(*exchanges, "exchange");
        output.tell(&format!("seen in part, in {exchanges}: {requirement}: {seen}"));
    }
    written.unwrap_or(Ok(()))
}

/// The base URL that the recordings themselves suggest.
fn guessed(recordings: &mut [Tape], output: &Output) -> Result<Url, Failure> {
    let mut guess = Guess::default();
    for recording in recordings.iter_mut() {
        match guess.read(recording.reader()?) {
            Err(why @ Break::NoHar(_)) => return Err(recording.failure(&why)),
            // What stands before the break counts; the break is told when the recording is judged.
            Ok(()) | Err(Break::Cut(_) | Break::NoJson { .. } | Break::Unreadable { .. }) => {}
        }
    }
    let base = guess.best().ok_or_else(|| {
        let names: Vec<&str> = recordings.iter().map(|recording| recording.name.as_str()).collect();
        let names = names.join(", ");
        Failure::Usage(format!(
            "{names}: no JSON response is recorded, so the API cannot be found: name it with --base-url"
        ))
    })?;
    output.tell(&format!(
        "judging what is below {base}, where most responses of the API come from; --base-url names another"
    ));
    Ok(base)
}

/// Tells what was read of a recording. That it broke off is told even to those who want to hear little.
fn tell_heard(heard: &Heard, output: &Output) {
    if heard.broken.is_some() {
        output.complain(&said(heard));
    } else {
        output.tell(&said(heard));
    }
    if heard.unread_bytes > 0 {
        let bytes = counted(usize::try_from(heard.unread_bytes).unwrap_or(usize::MAX), "byte");
        output.tell(&format!("{}: not read: {bytes} after the end of the recording", heard.file));
    }
    for (root, exchanges) in &heard.left_out {
        output.tell(&format!("left out: {} below {root}", counted(*exchanges, "exchange")));
    }
}

/// One line about what was read.
fn said(heard: &Heard) -> String {
    let entries = counted(heard.entries, "entry");
    let mut said = format!("{}: {entries}, {} judged", heard.file, heard.judged);
    let mut add = |count: usize, what: &str| {
        if count > 0 {
            // Writing to a `String` cannot fail.
            let _ = write!(said, ", {count} {what}");
        }
    };
    add(heard.downloads, "of them files to keep, of which the status alone was judged");
    add(heard.untimed, "of them of unknown time or duration, which are compared with nothing");
    add(heard.not_chosen, "not chosen");
    add(heard.elsewhere, "of other addresses");
    heard.others.iter().for_each(|(why, count)| add(*count, why));
    add(heard.unreadable, "unreadable");
    match &heard.broken {
        Some(broken) => format!("{said}; it {broken}"),
        None => said,
    }
}

/// A recording that can be read more than once.
struct Tape {
    name: String,
    path: PathBuf,
    file: File,
}

impl Tape {
    /// Standard input is kept in a file that nobody else sees: it is read twice.
    fn open(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::File(path.to_owned(), error);
        let (name, file) = if path == Path::new("-") {
            let mut file = tempfile::tempfile().map_err(failed)?;
            io::copy(&mut io::stdin().lock(), &mut file).map_err(failed)?;
            ("standard input".to_owned(), file)
        } else {
            (files::shown(path), files::open(path).map_err(failed)?)
        };
        if file.metadata().map_err(failed)?.len() == 0 {
            return Err(Failure::Usage(format!("{name} is not a HAR file: it is empty")));
        }
        Ok(Self { name, path: path.to_owned(), file })
    }

    /// The recording from its beginning, unpacked.
    fn reader(&mut self) -> Result<Box<dyn BufRead>, Failure> {
        let failed = |error| Failure::File(self.path.clone(), error);
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut first = Vec::new();
        self.file.by_ref().take(2).read_to_end(&mut first).map_err(failed)?;
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let file = BufReader::with_capacity(CHUNK, self.file.try_clone().map_err(failed)?);
        Ok(if first == GZIP {
            Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(file)))
        } else {
            Box::new(file)
        })
    }

    fn failure(&self, why: &Break) -> Failure {
        Failure::Usage(format!("{} {why}", self.name))
    }
}

fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let is_http = ["http", "https"].contains(&url.scheme()) && url.has_host();
    if is_http { Ok(url) } else { Err("an absolute http or https URL is wanted".to_owned()) }
}
