//! Sends a request, answers Digest challenges, and gives exchanges or the obstacle that there was.
//!
//! [`Client`] holds what a run shares: trust and pools of connections. A [`Worker`] has nonces of its own, so that its
//! counts rise without gaps whatever other workers do. Credentials go to the target's origin and nowhere else. A worker
//! can record what it sends, and another can give the recorded responses again ([`Replay`]) without a network.

mod budget;
mod cause;
mod framing;
mod login;
mod outgoing;
mod pacer;
mod patience;
mod pool;
mod raw;
mod recording;
mod refused_login;
mod replay;
mod route;
mod trust;
mod violation;
mod worker;

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::ClientConfig;
use url::Url;

pub use self::patience::Patience;
pub use self::recording::{Call, Purpose, Recording, Sent};
pub use self::refused_login::advice_on_login;
pub use self::replay::Replay;
pub use self::worker::Worker;

use self::budget::{Budget, Part, within};
use self::login::{Accepted, Who};
use self::outgoing::unsendable;
use self::pacer::Pacer;
use self::route::Route;
use crate::clock::Clock;
use crate::digest::answer::Offer;
use crate::digest::session::Session;
use crate::exchange::{Connection, Credentials, Exchange, Obstacle, Request, Role};
use crate::target::{Header, Target, User};

/// No more of a body is read.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// No longer URL is requested: it stands in every message about it.
const URL_LIMIT: usize = 16 * 1024;

/// Why there is no client for a target.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The target's certificate authorities cannot be used.
    #[error("the certificate authorities of the target file cannot be used: {0}")]
    Authority(String),
    /// The certificate that we are to show, or its key, cannot be used.
    #[error("the client certificate of the target file cannot be used: {0}")]
    Identity(String),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// What all workers of a run share. Clones are the same client.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    /// Lets the requests of all workers through, where there is a rate to keep.
    pacer: Option<Arc<Pacer>>,
    budget: Budget,
}

struct Shared {
    base_url: Url,
    users: std::collections::BTreeMap<String, User>,
    headers: Vec<Header>,
    timeout: Duration,
    nonce_lifetime: Duration,
    tls: Arc<ClientConfig>,
    /// By the name of the source address; `None` sends from any.
    origins: HashMap<Option<String>, Origin>,
    clock: Clock,
}

/// Where requests come from.
struct Origin {
    route: Route,
    pool: reqwest::Client,
}

impl Origin {
    fn new(address: Option<IpAddr>, target: &Target, tls: &ClientConfig) -> Result<Self, ClientError> {
        let route = Route::new(address, &target.proxy, target.connect_timeout);
        Ok(Self { pool: pool::pool(tls, &route, &target.proxy)?, route })
    }
}

impl Client {
    /// A client of a target; exchanges bear the time of `clock`.
    pub fn new(target: &Target, clock: Clock) -> Result<Self, ClientError> {
        // Somebody else may have installed one before: any will do, as every configuration here names its own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = trust::configuration(&target.tls)?;
        let mut origins = HashMap::new();
        origins.insert(None, Origin::new(None, target, &tls)?);
        for (name, address) in &target.sources {
            origins.insert(Some(name.clone()), Origin::new(Some(*address), target, &tls)?);
        }
        let shared = Shared {
            base_url: target.base_url.clone(),
            users: target.users.clone(),
            headers: target.headers.clone(),
            timeout: target.timeout,
            nonce_lifetime: target.trusted_nonce_lifetime(),
            tls: Arc::new(tls),
            origins,
            clock,
        };
        Ok(Self { shared: Arc::new(shared), pacer: None, budget: Budget::default() })
    }

    /// The same client with at least so much time between two requests of its workers, challenges included.
    #[must_use]
    pub fn pacing(&self, between: Duration) -> Self {
        Self { pacer: Some(Arc::new(Pacer::new(between))), ..self.clone() }
    }

    /// Divides the memory for response bodies among so many workers.
    pub fn divide_memory(&self, workers: usize) {
        self.budget.divide(workers);
    }

    /// A worker without any nonce.
    pub fn worker(&self) -> Worker {
        Worker::of(Agent {
            client: self.clone(),
            sessions: HashMap::new(),
            accepted: HashMap::new(),
            offers: VecDeque::new(),
            memory: self.budget.part(),
        })
    }

    fn now(&self) -> DateTime<Utc> {
        self.shared.clock.now()
    }

    /// Whether a nonce issued then may have worn out since.
    fn outlived(&self, issued: DateTime<Utc>) -> bool {
        (self.now() - issued).to_std().is_ok_and(|age| age >= self.shared.nonce_lifetime)
    }

    /// Refuses what may not be sent.
    fn check(&self, request: &Request) -> Result<(), Obstacle> {
        let url = &request.url;
        let length = url.as_str().len();
        if length > URL_LIMIT {
            return Err(unsendable(format!("a URL of {length} bytes is not requested")));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unsendable("a URL with a user or a password in it is not requested".to_owned()));
        }
        if !["http", "https"].contains(&url.scheme()) {
            return Err(unsendable(format!("{url} is no http or https URL")));
        }
        let secret = |name: &str| ["authorization", "cookie"].iter().any(|header| name.eq_ignore_ascii_case(header));
        let personal = request.user.is_some() || request.headers.iter().any(|(name, _)| secret(name));
        if personal && !self.is_home(url) {
            return Err(Obstacle::ForeignOrigin { url: url.to_string() });
        }
        Ok(())
    }

    /// Whether this is the target's scheme, host and port.
    fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.shared.base_url.origin()
    }

    fn user(&self, name: &str) -> Result<&User, Obstacle> {
        self.shared.users.get(name).ok_or_else(|| unsendable(format!("the target file has no user `{name}`")))
    }

    /// Sends one request as it is, with these credentials, and reads the response into this part of the memory.
    async fn transmit(
        &self,
        request: &Request,
        authorization: Option<&str>,
        memory: &mut Part,
    ) -> Result<Exchange, Obstacle> {
        let own: &[Header] = if self.is_home(&request.url) { &self.shared.headers } else { &[] };
        let request = outgoing::prepared(&outgoing::with_headers(request, own), authorization)?;
        let Some(origin) = self.shared.origins.get(&request.source) else {
            let name = request.source.unwrap_or_default();
            return Err(unsendable(format!("the target file has no source address `{name}`")));
        };
        if let Some(pacer) = &self.pacer {
            pacer.turn().await;
        }
        let started = self.shared.clock.now();
        let waited = memory.waited();
        // On the heap: every future that waits for it would be as large.
        let answer = Box::pin(async {
            match request.connection {
                Connection::Pooled => pool::exchange(&origin.pool, &request, memory).await,
                Connection::Raw => raw::exchange(&self.shared.tls, &origin.route, &request, memory).await,
            }
        });
        let after = self.shared.timeout;
        let timed_out = || Obstacle::TimedOut { url: request.url.to_string(), after };
        let (response, duration) = within(after, &waited, answer).await.ok_or_else(timed_out)?;
        Ok(Exchange { response: response?, request, started, duration, role: Role::Asked })
    }
}

/// Sends requests over the network one after the other, each user on nonces of their own.
struct Agent {
    client: Client,
    sessions: HashMap<Who, Session>,
    accepted: HashMap<Who, Accepted>,
    /// The challenges seen last, the newest at the end.
    offers: VecDeque<(Offer, String)>,
    memory: Part,
}

impl Agent {
    /// Sends a request by its user, however many exchanges that takes.
    async fn send(&mut self, request: Request) -> Sent {
        let mut exchanges = Vec::new();
        let obstacle = self.attempt(&request, &mut exchanges).await.err();
        Sent { exchanges, obstacle }
    }

    async fn attempt(&mut self, request: &Request, log: &mut Vec<Exchange>) -> Result<(), Obstacle> {
        let client = self.client.clone();
        client.check(request)?;
        let Some(name) = &request.user else {
            log.push(self.transmit(request, None).await?);
            return Ok(());
        };
        let login = Login { name, user: client.user(name)? };
        match &request.credentials {
            Credentials::Right => self.log_in(request, login, log).await,
            Credentials::Replayed => self.replay(request, login, log).await,
            Credentials::BasicWrongKey => self.send_basic(request, login, log).await,
            Credentials::InventedNonce => self.invent_nonce(request, login, log).await,
            Credentials::Nonce { nonce, count } => self.reuse_nonce(request, login, (nonce, *count), log).await,
            Credentials::WrongKey
            | Credentials::KeyOf(_)
            | Credentials::UnknownUser
            | Credentials::OtherUri
            | Credentials::OtherMethod
            | Credentials::OneDigitChanged
            | Credentials::CutOff => self.falsify(request, login, log).await,
        }
    }

    /// Sends one request and remembers the challenge that its answer may hold.
    async fn transmit(&mut self, request: &Request, authorization: Option<&str>) -> Result<Exchange, Obstacle> {
        let before = self.memory.taken();
        let exchange = self.client.transmit(request, authorization, &mut self.memory).await;
        let exchange = exchange.inspect_err(|_| self.memory.return_to(before))?;
        self.memory.take_values(&exchange.response.body).await;
        if self.client.is_home(&request.url)
            && let Some(offer) = login::offer(&exchange.response)
        {
            self.remember(offer)?;
        }
        Ok(exchange)
    }
}

/// A user and the name that cases call them by.
#[derive(Clone, Copy)]
struct Login<'a> {
    name: &'a str,
    user: &'a User,
}
