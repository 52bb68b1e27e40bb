//! Deletes what an earlier run left at the target, and nothing else: a thing must bear that run's name.

use serde_json::Value;
use url::Url;

use crate::check::{href, value_of};
use crate::client::Worker;
use crate::exchange::{Exchange, Request};
use crate::record::{Fate, Left, Line};

use super::belongings::left_url;
use super::engine::Engine;

/// The most pages of a list that are searched.
const MOST_PAGES: usize = 100;

/// What came of a cleanup.
#[derive(Debug, Default)]
pub struct CleanedUp {
    /// URLs of what was deleted.
    pub deleted: Vec<String>,
    /// What is there no more, or never was.
    pub gone: usize,
    /// What may still be there, by URL, and why.
    pub kept: Vec<(String, String)>,
}

/// What became of one thing.
enum Ended {
    Deleted,
    Gone,
}

impl Engine {
    /// Deletes what a run of this name left, the newest first, and writes down what is gone.
    pub async fn clean_up(&self, run: &str, left: &[Left]) -> CleanedUp {
        let mark = format!("atlaspec-{run}-");
        let mut worker = self.worker();
        let mut cleaned_up = CleanedUp::default();
        for left in left {
            let found = match left_url(left) {
                Some(url) => self.clean_up_one(&url, left, &mark, &mut worker, &mut cleaned_up).await,
                None => self.clean_up_list(left, &mark, &mut worker, &mut cleaned_up).await,
            };
            match found {
                Ok(()) => {
                    let line = Line::Settled { number: left.creating.number, fate: Fate::Deleted };
                    // A cleanup that cannot write this down asks again the next time.
                    let _ = self.diary.write(&line);
                }
                Err(why) => cleaned_up.kept.push((left.to_string(), why)),
            }
        }
        cleaned_up
    }

    async fn clean_up_one(
        &self,
        url: &Url,
        left: &Left,
        mark: &str,
        worker: &mut Worker,
        cleaned_up: &mut CleanedUp,
    ) -> Result<(), String> {
        match self.remove(url, left, mark, worker).await? {
            Ended::Deleted => cleaned_up.deleted.push(url.to_string()),
            Ended::Gone => cleaned_up.gone += 1,
        }
        Ok(())
    }

    /// Deletes everything of a list that bears the run's name: the answer that would have told the URL never came.
    async fn clean_up_list(
        &self,
        left: &Left,
        mark: &str,
        worker: &mut Worker,
        cleaned_up: &mut CleanedUp,
    ) -> Result<(), String> {
        let list = Url::parse(&left.creating.url).map_err(|error| error.to_string())?;
        let found = self.find_in_list(&list, left, mark, worker).await?;
        if found.is_empty() {
            cleaned_up.gone += 1;
        }
        for url in found {
            self.clean_up_one(&url, left, mark, worker, cleaned_up).await.map_err(|why| format!("{url}: {why}"))?;
        }
        Ok(())
    }

    async fn find_in_list(&self, list: &Url, left: &Left, mark: &str, worker: &mut Worker) -> Result<Vec<Url>, String> {
        let mut found: Vec<Url> = Vec::new();
        let mut next = Some(list.clone());
        for _ in 0..MOST_PAGES {
            let Some(url) = next.take().filter(|url| self.target.same_origin(url)) else { return Ok(found) };
            let page = self.ask("GET", &url, left, worker).await?;
            // Where there is no list, nothing was created in it.
            if matches!(page.response.status, 404 | 410) {
                return Ok(found);
            }
            if !self.judge.is_page(&page) {
                return Err(format!("{url} is no list (answered {})", page.response.status));
            }
            found.extend(marked(&page, mark));
            next = self.judge.next_page(&page, "next");
        }
        if next.is_none() { Ok(found) } else { Err(format!("{list} has more than {MOST_PAGES} pages")) }
    }

    /// Deletes what is at a URL, if it bears the run's name.
    async fn remove(&self, url: &Url, left: &Left, mark: &str, worker: &mut Worker) -> Result<Ended, String> {
        if !self.target.same_origin(url) {
            return Err("it is not at the target".to_owned());
        }
        let seen = self.ask("GET", url, left, worker).await?;
        match seen.response.status {
            404 | 410 => return Ok(Ended::Gone),
            200..300 if String::from_utf8_lossy(&seen.response.body).contains(mark) => {}
            200..300 => return Err(format!("what is there does not bear the name {mark}…")),
            status => return Err(format!("GET is answered {status}")),
        }
        match self.ask("DELETE", url, left, worker).await?.response.status {
            200..300 => Ok(Ended::Deleted),
            404 | 410 => Ok(Ended::Gone),
            status => Err(format!("DELETE is answered {status}")),
        }
    }

    async fn ask(&self, method: &str, url: &Url, left: &Left, worker: &mut Worker) -> Result<Exchange, String> {
        let request = Request { user: self.deleting_user(left), ..Request::new(method, url.clone()) };
        let mut sent = worker.send(request).await;
        match (sent.obstacle, sent.exchanges.pop()) {
            (None, Some(answer)) => Ok(answer),
            (Some(obstacle), _) => Err(obstacle.to_string()),
            (None, None) => Err("there is no response".to_owned()),
        }
    }
}

/// Where the items of a page are that bear a name.
fn marked(page: &Exchange, mark: &str) -> Vec<Url> {
    let Some(body) = value_of(&page.response) else { return Vec::new() };
    let items = body.get("results").and_then(Value::as_array).into_iter().flatten();
    items
        .filter(|item| item.to_string().contains(mark))
        .filter_map(|item| page.request.url.join(href(item.get("links")?, "self")?).ok())
        .collect()
}
