//! Runs the program against the server of a row, and looks at everything that it leaves behind.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use atlaspec::record::{Outcome, Run};
use atlaspec::report::message;
use atlaspec::verdict::{Finding, Verdict};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::server::{Reply, Seen, Serve, Server};
use crate::site::{KEY, ROOT, behind_the_root, target_file};

/// No run takes longer, however busy the machine.
const BOUND: Duration = Duration::from_secs(90);
/// No run needs more memory than this many MiB, unless a row says less.
const MEMORY: u64 = 200;
/// How many programs run at the same time.
const AT_ONCE: usize = 6;
/// What is run: enough to read, follow and log in.
const CASES: [&str; 7] =
    ["lists.walk*", "lists.next*", "lists.total*", "links.*", "entities.*", "errors.every*", "auth.right-digest"];

/// How a run must end, and what must be said for it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ends {
    /// Not conformant: some failure says this.
    Fails(&'static str),
    /// Nothing failed, nor is anything found to conform: something that could not be judged says this.
    Undecided(&'static str),
    /// The first requests had no answer: no case is run, and this is said.
    Unreached(&'static str),
    /// In any way, but in the end.
    Somehow,
}

/// How the program is told of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// By a target file.
    File,
    /// By a URL alone: it browses.
    Url,
}

/// One hostile behaviour.
pub(crate) struct Row {
    name: &'static str,
    ends: Ends,
    timeout: &'static str,
    /// The most memory that the run needs, in MiB.
    memory: u64,
    serve: Serve,
}

/// A row whose server does this from the first request on.
pub(crate) fn from_the_start(
    name: &'static str,
    ends: Ends,
    serve: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
) -> Row {
    Row { name, ends, timeout: "20s", memory: MEMORY, serve: Arc::new(serve) }
}

/// A row whose server asks for credentials, shows its root, and does this to all else.
pub(crate) fn row(name: &'static str, ends: Ends, rest: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Row {
    from_the_start(name, ends, behind_the_root(rest))
}

impl Row {
    /// The same, where only the timeout ends an exchange.
    pub(crate) fn until_timeout(self) -> Self {
        Self { timeout: "500ms", ..self }
    }

    /// The same, in no more memory than this many MiB.
    pub(crate) fn in_memory(self, memory: u64) -> Self {
        Self { memory, ..self }
    }
}

/// Runs all rows; fails with everything that is wrong about any.
pub(crate) async fn battery(rows: Vec<Row>) {
    battery_told(Told::File, rows).await;
}

/// Browses the server of every row, whatever that comes to; fails with everything that is wrong about any.
pub(crate) async fn browsed_battery(rows: Vec<Row>) {
    battery_told(Told::Url, rows.into_iter().map(|row| Row { ends: Ends::Somehow, ..row }).collect()).await;
}

async fn battery_told(told: Told, rows: Vec<Row>) {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for row in rows {
        let turns = Arc::clone(&turns);
        running.spawn(async move {
            let _turn = turns.acquire_owned().await.expect("never closed");
            let server = Server::start(Arc::clone(&row.serve)).await;
            let limits = (row.timeout, row.memory);
            let mut wrong = run_within(told, "http", server.address, row.name, limits, row.ends).await;
            if server.met.key_came() {
                wrong.push(format!("{}: the key came over the wire", row.name));
            }
            if server.met.requests() == 0 {
                wrong.push(format!("{}: nothing was asked", row.name));
            }
            wrong
        });
    }
    let mut wrong = Vec::new();
    while let Some(row) = running.join_next().await {
        wrong.extend(row.expect("a row"));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Runs the program against an address; returns what is wrong about that.
pub(crate) async fn run_against(
    scheme: &'static str,
    address: SocketAddr,
    name: &'static str,
    timeout: &'static str,
    ends: Ends,
) -> Vec<String> {
    run_told(Told::File, scheme, address, name, timeout, ends).await
}

/// Runs the program that is told of an address in this way; returns what is wrong about that.
pub(crate) async fn run_told(
    told: Told,
    scheme: &'static str,
    address: SocketAddr,
    name: &'static str,
    timeout: &'static str,
    ends: Ends,
) -> Vec<String> {
    run_within(told, scheme, address, name, (timeout, MEMORY), ends).await
}

/// Runs the program with this timeout and in so many MiB of memory; returns what is wrong about that.
async fn run_within(
    told: Told,
    scheme: &'static str,
    address: SocketAddr,
    name: &'static str,
    (timeout, memory): (&'static str, u64),
    ends: Ends,
) -> Vec<String> {
    let task = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().expect("a folder");
        let target = target_file(folder.path(), scheme, address);
        fs::write(folder.path().join("t.yaml"), target).expect("it can be written");
        let url = format!("{scheme}://{address}{ROOT}");
        let from: &[&str] = match told {
            Told::File => &["--target", "t.yaml"],
            Told::Url => {
                &["--url", &url, "--user", "owner@example.com", "--api-key-file", "owner.key", "--browse-time", "10s"]
            }
        };
        let ended = Ended::of(&folder, from, timeout);
        ended.show(name);
        let mut wrong = ended.wrong(ends);
        if ended.peak > memory * 1024 {
            wrong.push(format!("took {} KiB of memory, not at most {memory} MiB", ended.peak));
        }
        wrong.extend(left_behind(folder.path(), ends));
        wrong.into_iter().map(|what| format!("{name}: {what}")).collect()
    });
    task.await.expect("the program is watched")
}

/// How the program ended.
struct Ended {
    status: Option<ExitStatus>,
    took: Duration,
    /// The most memory that it held, in KiB; 0 where the system does not tell.
    peak: u64,
    out: String,
    err: String,
}

impl Ended {
    fn of(folder: &TempDir, from: &[&str], timeout: &str) -> Self {
        let file = |name: &str| folder.path().join(name);
        let begun = Instant::now();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("atlaspec"))
            .current_dir(folder.path())
            .args(["run", "--reports", "r", "--read-only", "--verbose", "--depth", "quick", "--timeout", timeout])
            .args(from)
            .args(CASES)
            .stdin(Stdio::null())
            .stdout(fs::File::create(file("out")).expect("it can be written"))
            .stderr(fs::File::create(file("err")).expect("it can be written"))
            .spawn()
            .expect("the program runs");
        let (status, peak) = watch(&mut child);
        let text = |name: &str| String::from_utf8(fs::read(file(name)).expect("a file")).expect("UTF-8");
        Self { status, took: begun.elapsed(), peak, out: text("out"), err: text("err") }
    }

    /// Shows what the run took, with `--nocapture`.
    #[expect(clippy::disallowed_macros, reason = "a test prints for whoever measures")]
    fn show(&self, name: &str) {
        println!("{name}: {} KiB in {:?}", self.peak, self.took);
    }

    fn wrong(&self, ends: Ends) -> Vec<String> {
        let mut wrong = Vec::new();
        let code = self.status.and_then(|status| status.code());
        let expected: &[i32] = match ends {
            Ends::Fails(_) => &[1],
            Ends::Undecided(_) | Ends::Unreached(_) => &[3],
            Ends::Somehow => &[0, 1, 3],
        };
        if !code.is_some_and(|code| expected.contains(&code)) {
            wrong.push(format!(
                "ended with {:?} after {:?}, not with {expected:?}: {}",
                self.status, self.took, self.err
            ));
        }
        if let Ends::Unreached(text) = ends
            && !self.err.contains(text)
        {
            wrong.push(format!("`{text}` is not said: {}", self.err));
        }
        for (what, text) in [("standard output", &self.out), ("standard error", &self.err)] {
            wrong.extend(unfit(what, text));
        }
        if self.err.contains("panicked") {
            wrong.push(format!("panicked: {}", self.err));
        }
        wrong
    }
}

/// Waits for the end, and ends what takes too long.
fn watch(child: &mut Child) -> (Option<ExitStatus>, u64) {
    let begun = Instant::now();
    let mut peak = 0;
    loop {
        peak = memory(child.id()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().expect("it can be watched") {
            return (Some(status), peak);
        }
        if begun.elapsed() > BOUND {
            child.kill().expect("it can be ended");
            child.wait().expect("it ends");
            return (None, peak);
        }
        // The system tells the peak of a living process only.
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The most memory that a living process has held, in KiB, where the system tells it.
fn memory(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What is wrong about the reports.
fn left_behind(folder: &Path, ends: Ends) -> Vec<String> {
    let reports = folder.join("r");
    let (verdict, text) = match ends {
        // It was not even reached, or its root leads nowhere.
        Ends::Somehow if !reports.exists() => return Vec::new(),
        Ends::Somehow | Ends::Unreached(_) => (None, ""),
        Ends::Fails(text) => (Some(Verdict::Fail), text),
        Ends::Undecided(text) => (Some(Verdict::Inconclusive), text),
    };
    let mut wrong = Vec::new();
    for name in ["run.json", "report.html", "junit.xml", "summary.md"] {
        match fs::read_to_string(reports.join(name)) {
            Ok(text) => wrong.extend(unfit(name, &text)),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    if !wrong.is_empty() {
        return wrong;
    }
    let junit = fs::read_to_string(reports.join("junit.xml")).expect("read before");
    if let Err(error) = roxmltree::Document::parse(&junit) {
        wrong.push(format!("junit.xml: {error}"));
    }
    match Run::from_json(&fs::read_to_string(reports.join("run.json")).expect("read before")) {
        Ok(run) => {
            if run.counts.of(Outcome::Defect) > 0 {
                wrong.push(format!("{} cases brought the suite down", run.counts.of(Outcome::Defect)));
            }
            let is_unreached = matches!(ends, Ends::Unreached(_));
            if is_unreached != run.nothing_judged.is_some() && !matches!(ends, Ends::Somehow) {
                wrong.push(format!("of what was judged the reports say {:?}", run.nothing_judged));
            }
            wrong.extend(verdict.map(|verdict| judged_otherwise(&run, verdict, text)).unwrap_or_default());
        }
        Err(error) => wrong.push(format!("run.json: {error}")),
    }
    wrong
}

fn judged_otherwise(run: &Run, verdict: Verdict, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let findings: Vec<&Finding> = run.results.iter().flat_map(|result| &result.findings).collect();
    if !findings.iter().any(|finding| finding.verdict == verdict && message(finding).contains(text)) {
        let mut said: Vec<_> = findings.iter().filter(|it| it.verdict == verdict).map(|it| message(it)).collect();
        said.sort_unstable();
        said.dedup();
        wrong.push(format!("no {verdict:?} says `{text}`: {said:#?}"));
    }
    let failed: Vec<String> = run
        .results
        .iter()
        .flat_map(|result| result.findings.iter().map(move |finding| (result, finding)))
        .filter(|(_, finding)| finding.verdict == Verdict::Fail && verdict != Verdict::Fail)
        .map(|(result, finding)| format!("{}: {}", result.id, message(finding)))
        .collect();
    if !failed.is_empty() {
        wrong.push(format!("held against the target: {failed:#?}"));
    }
    if let Some(long) = findings.iter().map(|finding| message(finding).len()).max().filter(|length| *length > 40_000) {
        wrong.push(format!("a finding says {long} bytes"));
    }
    wrong
}

/// Whether a text holds the key, or what a terminal would obey.
fn unfit(what: &str, text: &str) -> Option<String> {
    if text.contains(KEY) {
        return Some(format!("{what} holds the key"));
    }
    let obeyed = |c: &char| (c.is_control() && !"\n\t".contains(*c)) || ('\u{202a}'..='\u{202e}').contains(c);
    // JSON has escapes for control characters alone; directions of text are for whoever shows it.
    let found = text.chars().find(|c| obeyed(c) && (what != "run.json" || c.is_ascii_control()))?;
    Some(format!("{what} holds {found:?}"))
}
