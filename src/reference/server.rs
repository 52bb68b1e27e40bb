//! Starts and stops the server, and says how to reach it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::asked::Asked;
use super::control::{self, Control};
use super::fault::Fault;
use super::latency::Latency;
use super::outage::Outage;
use super::own_fault::OwnFault;
use super::variation::Variation;
use super::witness::Witness;
use super::worlds::Worlds;
use super::{certificate, listen, target_file};
use crate::clock::Clock;

/// The time that open connections get to finish when the server stops.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// How a server is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What all data, ids and keys are made from.
    pub seed: u64,
    /// The time of dates, nonces, rate windows and jobs.
    pub clock: Clock,
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// Whether connections are secured.
    pub tls: Tls,
    /// Deliberate departures from the specification.
    pub faults: Vec<Fault>,
    /// Faults that a user described.
    pub own_faults: Vec<OwnFault>,
    /// Conforming behaviour that is not the server's own.
    pub variations: Vec<Variation>,
    /// Most items of a page, where it is not the specification's 100.
    pub page_maximum: Option<u64>,
    /// How long each answer takes at least.
    pub latency: Latency,
    /// Who is told of exchanges.
    pub witness: Option<Witness>,
    /// Where the faults are kept that decisions ask about.
    pub asked: Option<Asked>,
}

impl Settings {
    /// A conforming server with TLS on a free port of 127.0.0.1.
    pub fn new(seed: u64, clock: Clock) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (faults, own_faults, variations) = (Vec::new(), Vec::new(), Vec::new());
        let (page_maximum, latency, witness, asked) = (None, Latency::default(), None, None);
        Self {
            seed,
            clock,
            address,
            tls: Tls::On,
            faults,
            own_faults,
            variations,
            page_maximum,
            latency,
            witness,
            asked,
        }
    }
}

/// Whether connections are secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// TLS only, with a certificate made at the start.
    On,
    /// Plain http, for debugging; such a server cannot be certified.
    Off,
}

/// A running server. Dropping it ends it at once.
#[derive(Debug)]
pub struct Server {
    worlds: Arc<Worlds>,
    ca_pem: String,
    stopping: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    control: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens and serves until the server is stopped or dropped. Must be called within a tokio runtime.
    pub async fn start(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.address).await?;
        let origin = origin(settings.tls, listener.local_addr()?);
        let (ca_pem, tls) = match settings.tls {
            Tls::Off => (String::new(), None),
            Tls::On => {
                let made = certificate::make(settings.address.ip()).map_err(io::Error::other)?;
                (made.ca_pem, Some(TlsAcceptor::from(Arc::new(made.config))))
            }
        };
        let worlds = Arc::new(Worlds::new(settings, origin)?);
        let (stopping, stopped) = watch::channel(false);
        let accepting = tokio::spawn(listen::accept(listener, tls, Arc::clone(&worlds), stopped));
        Ok(Self { worlds, ca_pem, stopping, accepting, control: None })
    }

    /// The API's root.
    pub fn base_url(&self) -> String {
        self.worlds.current().base.url("")
    }

    /// The certificate authority that signed the server's certificate; empty without TLS.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The users by their name in the target file, and their API keys.
    pub fn keys(&self) -> Vec<(String, String)> {
        let world = self.worlds.current();
        world.store.users.iter().map(|user| (user.name.to_owned(), user.key.clone())).collect()
    }

    /// The user names by name in the target file.
    pub fn usernames(&self) -> Vec<(String, String)> {
        let world = self.worlds.current();
        world.store.users.iter().map(|user| (user.name.to_owned(), user.username.clone())).collect()
    }

    /// Begins anew with the data, counters and memory of the start; keys are the same, and nonces stay good.
    pub fn reset(&self) {
        self.worlds.reset();
    }

    /// Makes every nonce that was issued so far stale.
    pub fn expire_nonces(&self) {
        self.worlds.current().expire_nonces();
    }

    /// Refuses the next requests whose credentials are right.
    pub fn fail(&self, outage: Outage) {
        self.worlds.current().outages.begin(outage);
    }

    /// Opens the control port in plain HTTP and returns its address: what [`Self::reset`], [`Self::expire_nonces`] and
    /// [`Self::fail`] do, for who is no part of this process and shows this token (RFC 6750). Port 0 takes a free one.
    pub async fn open_control(&mut self, address: SocketAddr, token: SecretString) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        self.control = Some(tokio::spawn(control::accept(
            listener,
            Arc::new(Control { worlds: Arc::clone(&self.worlds), token }),
        )));
        Ok(address)
    }

    /// A target file that says everything about this server.
    ///
    /// `key_of` gives the YAML of `api-key` for a user: `{ file: /tmp/x/owner.key }`.
    pub fn target_file(&self, key_of: &dyn Fn(&str) -> String) -> String {
        target_file::write(&self.worlds.current(), &self.ca_pem, key_of)
    }

    /// Lets open exchanges finish, for a short time, and ends the server.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        // Past the time allowed, dropping `self` aborts what is left.
        let _ = tokio::time::timeout(STOP_WITHIN, &mut self.accepting).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        if let Some(control) = &self.control {
            control.abort();
        }
    }
}

/// The origin under which a listener can be reached from this machine.
fn origin(tls: Tls, mut address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    let scheme = match tls {
        Tls::On => "https",
        Tls::Off => "http",
    };
    format!("{scheme}://{address}")
}
