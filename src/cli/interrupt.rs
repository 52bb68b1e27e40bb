//! Signals that ask a command to end: Ctrl-C, SIGTERM, and SIGHUP of a terminal that was closed.
//!
//! A thread of its own receives them from the first moment of the program on, so that they work in every phase. It
//! tells whoever waits with [`Interrupts`]. Where nobody waits, it ends the program at once.

use std::future::Future;
use std::io::Write as _;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::record::Run;
use crate::run::Stop;

use super::Failure;
use super::failure::{INTERRUPTED, UNDECIDED};
use super::output::Output;

/// How many signals came.
static RECEIVED: OnceLock<watch::Sender<u64>> = OnceLock::new();
/// Whether SIGHUP has another meaning for this command.
static HANGUP_IS_APART: AtomicBool = AtomicBool::new(false);
/// What is told when a signal ends the program at once.
static LAST_WORDS: Mutex<Option<String>> = Mutex::new(None);

/// The time that a command has to end after the second signal.
const GRACE: Duration = Duration::from_secs(2);
/// The time that standard error has to take the last words.
const MOMENT: Duration = Duration::from_secs(1);

/// Receives signals from now on. Where no thread can be started they do what the system does with them.
pub(super) fn watch() {
    let (ready, is_ready) = channel();
    let thread = std::thread::Builder::new().name("signals".to_owned());
    let started = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(async move {
                if let Ok(signals) = Signals::receive() {
                    let received = RECEIVED.get_or_init(|| watch::Sender::new(0));
                    let _ = ready.send(());
                    pass_on(signals, received).await;
                }
            });
        }
    });
    if started.is_ok() {
        // An error says that the thread gave up, which is no reason to wait.
        let _ = is_ready.recv();
    }
}

/// Says what is told when a signal ends the program at once.
pub(super) fn set_last_words(text: &str) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.to_owned());
}

async fn pass_on(mut signals: Signals, received: &watch::Sender<u64>) {
    let mut end = None;
    loop {
        tokio::select! {
            () = signals.next() => {}
            () = tokio::time::sleep_until(end.unwrap_or_else(Instant::now)), if end.is_some() => end_at_once(),
        }
        if received.receiver_count() == 0 {
            end_at_once();
        }
        received.send_modify(|count| *count += 1);
        if *received.borrow() > 1 {
            end.get_or_insert_with(|| Instant::now() + GRACE);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a signal must end a program of which every other thread is busy")]
fn end_at_once() -> ! {
    let (told, is_told) = channel();
    // Nobody may read standard error: the program ends all the same.
    std::thread::spawn(move || {
        let words = LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let _ = writeln!(std::io::stderr(), "{}", words.as_deref().unwrap_or(INTERRUPTED));
        let _ = told.send(());
    });
    let _ = is_told.recv_timeout(MOMENT);
    exit(i32::from(UNDECIDED))
}

/// The signals of the system.
struct Signals {
    #[cfg(unix)]
    ending: Vec<(tokio::signal::unix::SignalKind, tokio::signal::unix::Signal)>,
    /// A file larger than allowed is an error like a full disk, and does not end the program.
    #[cfg(unix)]
    _too_large: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn receive() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hangup = (!is_ignored(SignalKind::hangup())).then_some(SignalKind::hangup());
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()].into_iter().chain(hangup);
        let ending = kinds.map(|kind| Ok((kind, signal(kind)?))).collect::<std::io::Result<_>>()?;
        Ok(Self { ending, _too_large: signal(SignalKind::from_raw(libc::SIGXFSZ))? })
    }

    /// Returns at the next one that ends this command.
    async fn next(&mut self) {
        use tokio::signal::unix::SignalKind;
        std::future::poll_fn(|context| {
            for (kind, signal) in &mut self.ending {
                while signal.poll_recv(context).is_ready() {
                    if *kind != SignalKind::hangup() || !HANGUP_IS_APART.load(Ordering::Relaxed) {
                        return std::task::Poll::Ready(());
                    }
                }
            }
            std::task::Poll::Pending
        })
        .await;
    }
}

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "it fails where there are signals")]
    fn receive() -> std::io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Nothing to wait for: no signal will ever come.
            std::future::pending().await
        }
    }
}

/// Whether whoever started the program wants it to ignore this signal, as `nohup` does, where the system tells.
#[cfg(unix)]
fn is_ignored(kind: tokio::signal::unix::SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    u32::try_from(kind.as_raw_value() - 1).is_ok_and(|bit| mask.checked_shr(bit).is_some_and(|mask| mask & 1 == 1))
}

/// Somebody who waits for the signals that ask a command to end. As long as there is one, they end nothing themselves.
pub(super) struct Interrupts(watch::Receiver<u64>);

impl Interrupts {
    /// Waits for those that come from now on.
    pub(super) fn receive() -> Result<Self, Failure> {
        let received = RECEIVED.get().ok_or_else(|| Failure::Machine("signals cannot be received".to_owned()))?;
        Ok(Self(received.subscribe()))
    }

    /// Whether one came that nobody waited for.
    pub(super) fn has_come(&self) -> bool {
        self.0.has_changed().unwrap_or_default()
    }

    /// Returns at the next one.
    pub(super) async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// What work comes to that leaves nothing behind: an interrupt ends it at once.
pub(super) async fn unless_interrupted<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut interrupts = Interrupts::receive()?;
    tokio::select! {
        done = work => done,
        () = interrupts.next() => Err(Failure::Interrupted),
    }
}

/// The run, cut short at the first interrupt; `None` at the second.
pub(super) async fn until_interrupted_twice(
    running: impl Future<Output = Run>,
    stop: &Stop,
    output: &Output,
) -> Result<Option<Run>, Failure> {
    let mut interrupts = Interrupts::receive()?;
    let mut running = std::pin::pin!(running);
    tokio::select! {
        run = &mut running => return Ok(Some(run)),
        () = interrupts.next() => stop.ask(),
    }
    output.tell("interrupted: cleaning up after the cases that run; interrupt again to end at once");
    tokio::select! {
        run = running => Ok(Some(run)),
        () = interrupts.next() => Ok(None),
    }
}

/// The signal of a terminal that hangs up, by which servers are told to begin again.
pub(super) struct Hangups {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Hangups {
    /// Receives it from now on; it does not end the command any more.
    pub(super) fn receive() -> Result<Self, Failure> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let signal = signal(SignalKind::hangup())
                .map_err(|error| Failure::Machine(format!("signals cannot be received: {error}")))?;
            HANGUP_IS_APART.store(true, Ordering::Relaxed);
            Ok(Self { signal })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Returns at the next one; where there is none, never.
    pub(super) async fn next(&mut self) {
        #[cfg(unix)]
        if self.signal.recv().await.is_some() {
            return;
        }
        std::future::pending::<()>().await;
    }
}
