//! Who is told of what a served client does: the log, and the judge.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use secrecy::SecretString;
use serde::Serialize;

use crate::client_rules::Watch;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::record::{BODY_LIMIT, Redaction, Run, StoredExchange};
use crate::reference::{Server, Witness};

use super::Failure;
use super::client_report::{ClientReport, Judged};

/// Hears every exchange of a server, once it has begun to.
#[derive(Clone, Default)]
pub(super) struct Audience(Arc<Mutex<Option<Hearing>>>);

/// What is done with what is heard.
struct Hearing {
    began: DateTime<Utc>,
    redaction: Redaction,
    log: Option<Log>,
    judge: Option<(Watch, ClientReport)>,
}

/// Where the log goes.
enum Log {
    Beside,
    To(Rotating),
    /// It could not be written any more: said once.
    Broken,
}

/// A file that is renamed to `FILE.1` when it would grow beyond its size, so that the newest lines are kept.
struct Rotating {
    path: PathBuf,
    file: File,
    size: u64,
    most: u64,
}

/// A line of the log.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    exchange: &'a StoredExchange,
}

/// What an audience is to do.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    /// The file of the log; `-` is standard error.
    pub(super) log: Option<PathBuf>,
    /// How many bytes a file of the log may hold.
    pub(super) log_most: u64,
    pub(super) judge: Judging,
    /// Most items of a page, where the server's differ.
    pub(super) page_maximum: Option<u64>,
}

/// Whether clients are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Judging {
    On,
    #[default]
    Off,
}

impl Audience {
    /// What the server tells its exchanges to; nothing if nobody wants to know.
    pub(super) fn witness(&self, wishes: &Wishes) -> Option<Witness> {
        let heard = Arc::clone(&self.0);
        let wanted = wishes.log.is_some() || wishes.judge == Judging::On;
        wanted.then(|| {
            Witness::new(move |exchange| {
                if let Some(hearing) = heard.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    hearing.hear(&exchange);
                }
            })
        })
    }

    /// Begins to hear, now that the keys of the server are known and can be kept out.
    pub(super) fn begin(&self, wishes: &Wishes, server: &Server, clock: &Clock) -> Result<(), Failure> {
        let keys: Vec<SecretString> = server.keys().into_iter().map(|(_, key)| SecretString::from(key)).collect();
        let redaction = Redaction::new(&keys).map_err(|error| Failure::Usage(error.to_string()))?;
        let began = clock.now();
        let log = wishes.log.as_deref().map(|path| Log::open(path, wishes.log_most)).transpose()?;
        let judge = (wishes.judge == Judging::On).then(|| {
            let users = server.usernames().into_iter().map(|(_, username)| username);
            let watch = Watch::knowing(users.zip(keys));
            let watch = match wishes.page_maximum {
                Some(maximum) => watch.paging(maximum),
                None => watch,
            };
            (watch, ClientReport::new(began, redaction.clone()))
        });
        let hearing = Hearing { began, redaction, log, judge };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hearing);
        Ok(())
    }

    /// Ends the hearing; returns what the judge says, if there was one.
    pub(super) fn end(&self, name: &str, base_url: String, clock: &Clock) -> Option<Run> {
        let hearing = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let (mut watch, mut report) = hearing.judge?;
        let ended = clock.now();
        report.add(watch.finish(ended), None);
        Some(report.finish(Judged { name: name.to_owned(), base_url, ended }))
    }
}

impl Hearing {
    fn hear(&mut self, exchange: &Exchange) {
        if let Some(log) = &mut self.log {
            let stored = StoredExchange::from_exchange(exchange, self.began, &self.redaction, BODY_LIMIT);
            let time = exchange.started.to_rfc3339_opts(SecondsFormat::Millis, true);
            log.write(&Line { time, exchange: &stored });
        }
        if let Some((watch, report)) = &mut self.judge {
            report.add(watch.see(exchange), Some(exchange));
        }
    }
}

impl Log {
    fn open(path: &Path, most: u64) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::Beside);
        }
        Rotating::open(path, most).map(Self::To).map_err(|error| Failure::File(path.to_owned(), error))
    }

    fn write(&mut self, line: &Line<'_>) {
        let Ok(mut text) = serde_json::to_string(line) else { return };
        text.push('\n');
        let written = match self {
            Self::Beside => std::io::stderr().lock().write_all(text.as_bytes()),
            Self::To(file) => file.add(text.as_bytes()),
            Self::Broken => Ok(()),
        };
        if let Err(error) = written {
            let _ = writeln!(std::io::stderr().lock(), "the log cannot be written any more: {error}");
            *self = Self::Broken;
        }
    }
}

impl Rotating {
    fn open(path: &Path, most: u64) -> std::io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, size, most })
    }

    /// Adds a line, to a file of its own if this one is full.
    fn add(&mut self, line: &[u8]) -> std::io::Result<()> {
        let length = line.len() as u64;
        if self.size > 0 && self.size + length > self.most {
            let mut older = self.path.clone().into_os_string();
            older.push(".1");
            std::fs::rename(&self.path, older)?;
            *self = Self::open(&self.path, self.most)?;
        }
        self.size += length;
        self.file.write_all(line)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_log_keeps_its_last_lines_in_two_files_at_most() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let mut log = Rotating::open(&path, 10).unwrap();
        for line in ["one\n", "two\n", "three\n", "four\n", "longer than all of it\n", "six\n"] {
            log.add(line.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "six\n");
        assert_eq!(fs::read_to_string(dir.path().join("log.1")).unwrap(), "longer than all of it\n");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        // What is there is counted.
        Rotating::open(&path, 10).unwrap().add(b"sevenths\n").unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("log.1")).unwrap(), "six\n");
    }
}
