//! `report.html`: one page that needs no network and runs nothing but its own script.
//!
//! The template escapes every value; the content security policy names the one style and the one script by their
//! digests, so that nothing else would run even if it got in.

mod cases;
mod data;
mod difference;
mod evidence;
mod exchanges;
mod facts;
mod fold;
mod latency;
mod markup;
mod page;
mod reasons;
mod requirements;
mod rest;
mod sources;
mod teller;
mod timeline;

use askama::Template as _;

use super::Sources;
use crate::record::Run;

/// The bytes of a large page.
const LARGE: usize = 16 * 1024 * 1024;

/// The run as a page.
pub(super) fn render(run: &Run, sources: &Sources<'_>) -> String {
    let places = cases::Places::of(run);
    let page = page::Page::of(run, &places, sources);
    // Growing a text of megabytes copies it again and again; room that is not used takes no memory.
    let mut text = String::with_capacity(LARGE);
    page.render_into(&mut text).expect("writing to memory cannot fail");
    text
}
