//! `certify`: makes a signed certificate of a complete, conformant run, or says everything that stands against it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use clap::{Args, ValueEnum};
use url::Url;

use crate::certificate::{
    self, Class, Envelope, EvidenceDemand, KeyError, Refusal, SigningKey, Statement, Terms, Validity, Yardstick, carry,
    digest_of, page_digest,
};
use crate::clock::Clock;
use crate::record::{Run, schema_problems};
use crate::report::counted;
use crate::report::{self, visible};
use crate::suite::vocabulary::CLAIMS;

use super::certificates::{artifact, digest, embedded_suite, instant, key_text, period};
use super::output::Output;
use super::{Failure, files, keys};

/// The envelope in a folder of reports.
const ENVELOPE: &str = "certificate.json";
/// The readable page beside it.
const PAGE: &str = "certificate.html";

/// Arguments of `certify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  openssl genpkey -algorithm ed25519 -out private.pem\n  \
    atlaspec certify reports/staging/run.json --key private.pem\n  \
    atlaspec certify run.json --key private.pem --class core --artifact server.tar\n\n\
    Exit codes:\n  0  certified\n  1  refused; every reason is said\n  2  wrong usage or wrong files")]
pub(super) struct CertifyArgs {
    /// The stored run
    #[arg(value_name = "RUN.json")]
    run: PathBuf,
    /// Private Ed25519 key in PEM (PKCS#8), as `openssl genpkey -algorithm ed25519` makes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Folder for certificate.json and certificate.html [default: the folder of RUN.json]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What is certified: `core`, reading; `full`, every claim
    #[arg(long, value_enum, default_value_t = ClassArg::Full)]
    class: ClassArg,
    /// How long it holds
    #[arg(long, value_name = "PERIOD", default_value = "90d", value_parser = period)]
    valid_for: TimeDelta,
    /// From when it holds [default: now]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    valid_from: Option<DateTime<Utc>>,
    /// How old the run may be
    #[arg(long, value_name = "PERIOD", default_value = "30d", value_parser = period)]
    max_age: TimeDelta,
    /// The software that was judged: a file, or `sha256:` and its digest
    #[arg(long, value_name = "FILE|sha256:…")]
    artifact: Option<String>,
    /// Where the run can be seen
    #[arg(long, value_name = "URL", value_parser = link)]
    url: Option<String>,
    /// Digest of another suite than this program's that is accepted (repeatable)
    #[arg(long, value_name = "sha256:…", value_parser = digest)]
    suite_digest: Vec<String>,
    /// Another version of atlaspec that may have judged (repeatable)
    #[arg(long, value_name = "VERSION")]
    tool_version: Vec<String>,
    /// Refuse a run that was not proven (`run --prove`), or in which a requirement passed without evidence
    #[arg(long)]
    require_evidence: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ClassArg {
    Core,
    Full,
}

pub(super) fn certify(args: &CertifyArgs, output: &Output) -> Result<ExitCode, Failure> {
    let of_key = |error: KeyError| Failure::Usage(format!("{}: {error}", args.key.display()));
    let key = SigningKey::from_pem(&key_text(&args.key)?).map_err(of_key)?;
    keys::warn_if_exposed(&args.key, output);
    let text = files::read(&args.run)?;
    let mut run = stored(&args.run, &text)?;
    // A certificate says nothing of single exchanges; what is judged once more is judged without their weight.
    run.results.iter_mut().for_each(|result| result.exchanges.clear());
    let now = Clock::real().now();
    let terms = terms(args, digest_of(text.as_bytes()), now)?;
    match certificate::certify(&run, &terms, &yardstick(args, now)?) {
        Ok(statement) => issue(args, statement, &key, output),
        Err(refusals) => {
            output.complain(&refused(&args.run, &refusals));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The run that a file holds, which is as the schema says.
fn stored(path: &Path, text: &str) -> Result<Run, Failure> {
    let refused = |reason: &dyn std::fmt::Display| Failure::Usage(format!("{}: {reason}", path.display()));
    let run = Run::from_json(text).map_err(|error| refused(&error))?;
    let problems = schema_problems(text).map_err(|error| refused(&error))?;
    if problems.is_empty() {
        return Ok(run);
    }
    let problems: Vec<String> = problems.iter().map(|problem| visible::line(problem)).collect();
    Err(refused(&format!("this is not as `atlaspec schema run` describes a run:\n  {}", problems.join("\n  "))))
}

fn terms(args: &CertifyArgs, run_digest: String, now: DateTime<Utc>) -> Result<Terms, Failure> {
    let from = args.valid_from.unwrap_or(now).trunc_subsecs(0);
    let until = from.checked_add_signed(args.valid_for);
    let until = until.ok_or_else(|| Failure::Usage("--valid-for: the certificate would never end".to_owned()))?;
    Ok(Terms {
        class: match args.class {
            ClassArg::Core => Class::Core,
            ClassArg::Full => Class::Full,
        },
        validity: Validity { from, until },
        artifact: args.artifact.as_deref().map(artifact).transpose()?,
        url: args.url.clone(),
        run_digest,
    })
}

fn yardstick(args: &CertifyArgs, now: DateTime<Utc>) -> Result<Yardstick, Failure> {
    let mut versions = vec![env!("CARGO_PKG_VERSION").to_owned()];
    versions.extend(args.tool_version.iter().cloned());
    Ok(Yardstick {
        suite: embedded_suite()?,
        other_suites: args.suite_digest.clone(),
        claims: CLAIMS.iter().map(|claim| (*claim).to_owned()).collect(),
        versions,
        now,
        max_age: args.max_age,
        evidence: if args.require_evidence { EvidenceDemand::Every } else { EvidenceDemand::None },
    })
}

fn issue(args: &CertifyArgs, statement: Statement, key: &SigningKey, output: &Output) -> Result<ExitCode, Failure> {
    let id = key.public().id();
    let page = report::certificate(&statement, &id);
    let statement = statement.with_page(page_digest(&page));
    let envelope = Envelope::seal(&statement.to_bytes(), key).to_json();
    let folder = folder(args);
    files::ensure_writable(&folder)?;
    files::write(&folder.join(ENVELOPE), &format!("{envelope}\n"))?;
    files::write(&folder.join(PAGE), &carry(&page, &envelope))?;
    output.result(&told(&statement, &folder, &id))?;
    Ok(ExitCode::SUCCESS)
}

fn folder(args: &CertifyArgs) -> PathBuf {
    let beside = || args.run.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    args.output.clone().unwrap_or_else(|| beside().to_owned())
}

fn told(statement: &Statement, folder: &Path, key: &str) -> String {
    let facts = statement.facts();
    format!(
        "certified {} ({}): class {}, {}\n  valid     {} until {}\n  signed    with the key {key}\n  written   {} and {}\n  \
         check     atlaspec verify {} --key PUBLIC.pem\n",
        visible::line(&facts.target.name),
        visible::line(&facts.target.base_url),
        facts.class.word(),
        statement.predicate.result.word(),
        facts.validity.from.format("%Y-%m-%d %H:%M UTC"),
        facts.validity.until.format("%Y-%m-%d %H:%M UTC"),
        folder.join(ENVELOPE).display(),
        PAGE,
        folder.join(ENVELOPE).display(),
    )
}

fn refused(run: &Path, refusals: &[Refusal]) -> String {
    let mut text = format!("{} is not certified: {}\n", run.display(), counted(refusals.len(), "reason"));
    for refusal in refusals {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "\n  - {}\n    {}", visible::line(&refusal.reason), visible::line(&refusal.advice));
    }
    text
}

/// A link that can be printed: no user, no password.
fn link(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err("a link begins with `https://`".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a link holds no user and no password: everybody can read a certificate".to_owned());
    }
    Ok(url.into())
}
