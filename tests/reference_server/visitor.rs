//! A client that shares nothing with ours: reqwest, and Digest by the crate `digest_auth`.

use std::net::IpAddr;
use std::sync::Arc;

use atlaspec::clock::Clock;
use atlaspec::reference::{Server, Settings, Tls};
use digest_auth::{AuthContext, HttpMethod, WwwAuthenticateHeader};
use reqwest::{Client, Method, Response, header};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;

/// A server, and what is needed to visit it.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) clock: Clock,
    pub(crate) target: String,
}

/// Somebody at a server, from an address.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) http: Client,
    pub(crate) base: String,
    pub(crate) username: String,
    pub(crate) key: String,
    /// Which of the challenges is answered.
    pub(crate) algorithm: &'static str,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        // Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = Clock::adjustable();
        let mut settings = Settings::new(7, clock.clone());
        change(&mut settings);
        let server = Server::start(settings).await.unwrap();
        let target = server.target_file(&|user| format!("{{ file: {user}.key }}"));
        Self { server, clock, target }
    }

    pub(crate) async fn plain() -> Self {
        Self::with(|settings| settings.tls = Tls::Off).await
    }

    pub(crate) fn user(&self, name: &str) -> Visitor {
        self.user_from(name, "127.0.0.1")
    }

    pub(crate) fn user_from(&self, name: &str, address: &str) -> Visitor {
        let (_, key) = self.server.keys().into_iter().find(|(user, _)| user == name).unwrap();
        Visitor {
            http: client(self.server.ca_pem(), address.parse().unwrap()),
            base: self.server.base_url(),
            username: format!("{name}@example.com"),
            key,
            algorithm: "MD5",
        }
    }

    /// A parameter of the target file, by its name there; `{group}` and its like are filled in.
    pub(crate) fn parameter(&self, name: &str) -> Value {
        let mut text = self.raw_parameter(name).to_string();
        for group in ["group", "empty-group", "busy-group"] {
            text = text.replace(&format!("{{{group}}}"), self.raw_parameter(group).as_str().unwrap());
        }
        serde_json::from_str(&text).unwrap()
    }

    fn raw_parameter(&self, name: &str) -> Value {
        let start = format!("  {name}: ");
        let line = self.target.lines().find_map(|line| line.strip_prefix(&start)).unwrap();
        serde_json::from_str(line).unwrap()
    }

    /// The path of something in the main group.
    pub(crate) fn in_group(&self, rest: &str) -> String {
        format!("/groups/{}{rest}", self.parameter("group").as_str().unwrap())
    }

    /// A parameter that is a path, or the first of those that are paths.
    pub(crate) fn path(&self, name: &str, member: &str) -> String {
        let parameter = &self.parameter(name)[member];
        parameter.as_array().map_or(parameter, |paths| &paths[0]).as_str().unwrap().to_owned()
    }
}

fn client(ca_pem: &str, from: IpAddr) -> Client {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder().tls_backend_preconfigured(tls).local_address(from).no_proxy().build().unwrap()
}

impl Visitor {
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn write(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.send(method.parse().unwrap(), path, Some(("application/json", body.to_string()))).await
    }

    /// Asks for a nonce without a body, then sends the request with the right credentials.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<(&str, String)>) -> Reply {
        let challenge = self.challenge("/groups").await;
        self.send_with(method.clone(), path, body, &self.sign(challenge, &method, path)).await
    }

    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
        signed: &str,
    ) -> Reply {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).header("authorization", signed);
        if let Some((content_type, text)) = body {
            request = request.header("content-type", content_type).body(text);
        }
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn anonymous(&self, method: Method, path: &str) -> Reply {
        read(self.http.request(method, format!("{}{path}", self.base)).send().await.unwrap()).await
    }

    pub(crate) async fn challenge(&self, path: &str) -> WwwAuthenticateHeader {
        let reply = self.anonymous(Method::GET, path).await;
        assert_eq!(reply.status, 401);
        let mut offered = reply.headers.get_all("www-authenticate").iter().map(|value| value.to_str().unwrap());
        let wanted = format!("algorithm={}", self.algorithm);
        digest_auth::parse(offered.find(|value| value.contains(&wanted)).unwrap()).unwrap()
    }

    pub(crate) fn sign(&self, mut challenge: WwwAuthenticateHeader, method: &Method, path: &str) -> String {
        let url = reqwest::Url::parse(&format!("{}{path}", self.base)).unwrap();
        let uri = &url[url::Position::BeforePath..];
        let method = HttpMethod::from(method.as_str().to_owned());
        let context = AuthContext::new_with_method(&self.username, &self.key, uri, None::<&[u8]>, method);
        challenge.respond(&context).unwrap().to_string()
    }
}

async fn read(response: Response) -> Reply {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply { status, headers, text: response.text().await.unwrap() }
}
