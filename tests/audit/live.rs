//! Traffic of the embedded reference server, recorded as a proxy would.

use std::sync::{Arc, LazyLock};

use atlaspec::cli::{self, Embedded};
use atlaspec::clock::Clock;
use atlaspec::exchange::{Connection, Exchange};
use atlaspec::reference::{Fault, Settings, Variation};
use atlaspec::run::Engine;
use atlaspec::suite::{Depth, Filters, Suite, plan};
use serde_json::{Value, json};
use url::Url;

/// The embedded suite, which is read once for all tests.
pub(crate) fn suite() -> &'static Arc<Suite> {
    static SUITE: LazyLock<Arc<Suite>> =
        LazyLock::new(|| Arc::new(cli::embedded().unwrap_or_else(|problems| panic!("{problems:#?}"))));
    &SUITE
}

/// What the reference server is like.
#[derive(Default)]
pub(crate) struct Server {
    pub(crate) faults: Vec<Fault>,
    pub(crate) variations: Vec<Variation>,
}

/// Every exchange of a run of these chapters (all of them, if none is named), and the base URL.
pub(crate) fn traffic(server: Server, chapters: &[&str]) -> (Vec<Exchange>, Url) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    runtime.block_on(async {
        let settings =
            Settings { faults: server.faults, variations: server.variations, ..Settings::new(7, Clock::adjustable()) };
        let (embedded, target) = Embedded::with(settings).await.expect("the server starts");
        let (suite, target) = (suite(), Arc::new(target));
        let engine = Engine::new(Arc::clone(suite), Arc::clone(&target), embedded.clock(), "audit").expect("an engine");
        let chapters = chapters.iter().map(|name| (*name).to_owned()).collect();
        let filters = Filters { chapters, depth: Depth::Quick, ..Filters::default() };
        let plan = plan(suite, &|need| target.has(need), &engine.scope(), &filters).expect("a plan");
        let (mut worker, mut all) = (engine.worker(), Vec::new());
        for instance in &plan.to_run {
            all.extend(engine.perform(instance, &mut worker, &|_| {}).await.exchanges);
        }
        embedded.stop().await;
        (all, target.base_url.clone())
    })
}

/// The exchanges as a recording. Neither raw connections nor what was cut is recorded by anybody.
pub(crate) fn har(exchanges: &[Exchange]) -> String {
    let recorded = exchanges.iter().filter(|it| it.request.connection == Connection::Pooled && !it.response.cut);
    json!({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": recorded.map(entry).collect::<Vec<_>>()}})
        .to_string()
}

fn entry(exchange: &Exchange) -> Value {
    let (request, response) = (&exchange.request, &exchange.response);
    let pairs = |headers: &[(String, String)]| -> Vec<Value> {
        headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    let content = match std::str::from_utf8(&response.body) {
        Ok(text) => json!({"size": text.len(), "mimeType": response.header("content-type"), "text": text}),
        Err(_) => {
            json!({"size": response.body.len(), "encoding": "base64", "text": data_encoding::BASE64.encode(&response.body)})
        }
    };
    let body = request.body.as_ref().map(|body| json!({"text": String::from_utf8_lossy(body)}));
    json!({
        "startedDateTime": exchange.started.to_rfc3339(),
        "time": (exchange.duration.as_secs_f64() * 1000.0).max(0.1),
        "request": {"method": request.method, "url": request.url.as_str(), "headers": pairs(&request.headers), "postData": body},
        "response": {"status": response.status, "headers": pairs(&response.headers), "content": content, "bodySize": response.body.len()},
    })
}
