//! The embedded reference server as a target: HTTPS on a free loopback port, with a clock that can be turned.

use secrecy::SecretString;

use crate::clock::Clock;
use crate::reference::{Server, Settings};
use crate::target::{self, KeySource, Target};

use super::Failure;

/// Where all data of the server comes from, unless the user says otherwise.
pub(super) const SEED: u64 = 1;
/// The name of the target.
pub(super) const TARGET: &str = "reference";
/// How problems name the target file that is in no file.
const NAME: &str = "the reference server's target file";

/// A running reference server.
pub struct Embedded {
    server: Server,
    clock: Clock,
}

impl Embedded {
    /// Starts one; returns it with the target that fits it.
    pub async fn start() -> Result<(Self, Target), Failure> {
        Self::with(Settings::new(SEED, Clock::adjustable())).await
    }

    /// Starts one that is as `settings` say.
    pub async fn with(settings: Settings) -> Result<(Self, Target), Failure> {
        let clock = settings.clock.clone();
        let server = Server::start(settings)
            .await
            .map_err(|error| Failure::Machine(format!("the reference server cannot listen on loopback: {error}")))?;
        let target = target_of(&server)?;
        Ok((Self { server, clock }, target))
    }

    /// The server's clock.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Stops the server.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

/// The target of a server in this process: its keys are fetched from it and never leave it.
fn target_of(server: &Server) -> Result<Target, Failure> {
    let text = server.target_file(&|user| format!("{{ env: {user} }}"));
    let keys = server.keys();
    let mut fetch = |source: &KeySource| match source {
        KeySource::Environment(user) => keys
            .iter()
            .find(|(name, _)| name == user)
            .map(|(_, key)| SecretString::from(key.as_str()))
            .ok_or_else(|| format!("the reference server has no user `{user}`")),
        KeySource::File(_) | KeySource::Command(_) => Err("the reference server keeps its keys to itself".to_owned()),
    };
    let mut authorities = |path: &str| Err(format!("`{path}` is not read here"));
    target::load(NAME, &text, &mut fetch, &mut authorities)
        .map_err(|problems| Failure::Problems(problems, vec![(NAME.to_owned(), text.clone())]))
}
