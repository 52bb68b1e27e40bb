//! Links between pages that lead elsewhere than they should, and requests that followed one.

use super::answer::Answer;
use super::outcome::{Trouble, finding};
use super::{Judge, own};
use crate::exchange::Exchange;
use crate::suite::OwnRule;
use crate::verdict::Finding;

/// The rules that a page breaks from which its links do not lead on as they should.
const STEERING: [OwnRule; 3] = [OwnRule::NextFits, OwnRule::LinksStep, OwnRule::LinksKeepQuery];
/// The links between pages.
const BETWEEN_PAGES: [&str; 2] = ["next", "previous"];

impl Judge {
    /// What is wrong with the links between pages of a response, if something is.
    pub(super) fn flaw_of_links(&self, answer: &Answer<'_>) -> Option<Finding> {
        let broken = |rule: &OwnRule| own::judge(*rule, answer, &self.facts).err().filter(Trouble::is_broken);
        STEERING.iter().find_map(broken).map(|trouble| finding("", Err(trouble), "", ""))
    }

    /// What is wrong with the page whose link this request followed: the last of these exchanges that has such a link.
    pub fn led_astray(&self, before: &[Exchange], request: &Exchange) -> Option<String> {
        let asked = self.normal(&request.request.url);
        let leads_here = |page: &&Exchange| {
            let mut links = BETWEEN_PAGES.iter().filter_map(|rel| self.next_page(page, rel));
            links.any(|link| self.normal(&link) == asked)
        };
        let page = before.iter().rev().find(leads_here)?;
        self.flaw_of_links(&self.read(page)).map(|flaw| flaw.message)
    }
}
