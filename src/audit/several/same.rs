//! One resource asked for in several ways: the same value, the same status.

use std::collections::HashSet;

use super::glance::{Glance, How};
use super::relation::Relation;
use super::table::Table;
use super::value::digest;
use super::{Held, follow};

/// The most resources that are remembered.
const RESOURCES: usize = 2_048;
/// The most answers of one resource that wait for a plain read.
const WAITING: usize = 4;
/// The most members that are known to move by themselves.
const MOVING: usize = 4_096;

/// What is remembered of one resource.
#[derive(Debug, Default)]
struct Slot {
    stretch: u64,
    before: Option<Glance>,
    waiting: Vec<Glance>,
}

/// Resources, by their URL and who asks.
#[derive(Debug)]
pub(super) struct Same {
    slots: Table<Slot>,
    /// Members that two plain reads did not agree on, though nothing was written, by path and name.
    moving: HashSet<u64>,
    /// By relation: how many were met, less those that were judged.
    alone: [usize; 4],
}

impl Default for Same {
    fn default() -> Self {
        Self { slots: Table::of(RESOURCES), moving: HashSet::new(), alone: [0; 4] }
    }
}

impl Same {
    pub(super) fn alone(&self, relation: Relation) -> usize {
        self.alone.get(relation as usize).copied().unwrap_or(0)
    }

    pub(super) fn see(&mut self, glance: Glance, stretch: u64, held: &mut Vec<Held>) {
        let slot = self.slots.entry(glance.key);
        if slot.stretch != stretch {
            *slot = Slot { stretch, ..Slot::default() };
        }
        if glance.how != How::Plain {
            if let Some(relation) = relation(&glance) {
                self.alone[relation as usize] += 1;
                let follows = slot.before.as_ref().is_some_and(|before| before.span.is_before(glance.span));
                if follows && slot.waiting.len() < WAITING {
                    slot.waiting.push(glance);
                }
            }
            return;
        }
        let waiting = std::mem::take(&mut slot.waiting);
        if glance.status != 200 {
            slot.before = None;
            return;
        }
        if let Some(before) = &slot.before {
            note_moving(&mut self.moving, before, &glance);
            for between in waiting {
                let Some(relation) = relation(&between) else { continue };
                if follow(before.span, between.span, glance.span)
                    && let Some(broken) = compared(&self.moving, before, &between, &glance)
                {
                    self.alone[relation as usize] -= 1;
                    let method = if between.how == How::Head { "HEAD" } else { "GET" };
                    held.push(Held { relation, entry: between.entry, method, url: between.url, broken: broken.0 });
                }
            }
        }
        slot.before = Some(glance);
    }
}

/// What is wrong with an answer, if anything: it was judged.
struct Compared(Option<(String, String)>);

impl Compared {
    fn broken(place: impl Into<String>, why: String) -> Self {
        Self(Some((place.into(), why)))
    }
}

/// What an answer shows; `None` of one that shows nothing.
pub(super) fn relation(glance: &Glance) -> Option<Relation> {
    let is_list = glance.members.iter().any(|(name, _)| &**name == "results");
    match glance.how {
        How::Plain => None,
        How::Head => Some(Relation::HeadIsGet),
        _ if glance.status != 200 || glance.members.is_empty() => None,
        How::Pretty => Some(Relation::PrettyIsPlain),
        How::Enveloped if is_list => Some(Relation::ListIsPlain),
        How::Enveloped => Some(Relation::ContentIsEntity),
    }
}

fn compared(moving: &HashSet<u64>, before: &Glance, between: &Glance, after: &Glance) -> Option<Compared> {
    match between.how {
        How::Head => head(before, between, after),
        _ if before.members.is_empty() || after.members.is_empty() => None,
        _ => Some(Compared(values(moving, before, between, after))),
    }
}

fn head(before: &Glance, between: &Glance, after: &Glance) -> Option<Compared> {
    let (first, media) = (before.media.as_ref()?, between.media.as_ref()?);
    if after.media.as_ref() != Some(first) {
        return None;
    }
    Some(if between.status != before.status {
        let why = format!("the status is {}, and GET before and after it has {}", between.status, before.status);
        Compared::broken("the status", why)
    } else if media != first {
        let said = |media: &str| if media.is_empty() { "none".to_owned() } else { media.to_owned() };
        let why = format!("header Content-Type is {}, and GET before and after it has {}", said(media), said(first));
        Compared::broken("header Content-Type", why)
    } else {
        Compared(None)
    })
}

/// The first member that is another than in the plain reads, which agree on it.
fn values(moving: &HashSet<u64>, before: &Glance, between: &Glance, after: &Glance) -> Option<(String, String)> {
    let content = if between.how == How::Enveloped && !between.members.iter().any(|(name, _)| &**name == "results") {
        "$.content"
    } else {
        "$"
    };
    let stands = |name: &str| !moving.contains(&mark(between, name));
    for (name, value) in &before.members {
        if of(after, name) != Some(*value) || !stands(name) {
            continue;
        }
        let why = match of(between, name) {
            None => format!("the member {name} is missing, and plain reads before and after it have it"),
            Some(other) if other != *value => {
                format!("the member {name} has another value than in the plain reads before and after it")
            }
            Some(_) => continue,
        };
        return Some((format!("{content}.{name}"), why));
    }
    let is_added = |name: &str| of(before, name).is_none() && of(after, name).is_none() && stands(name);
    let (added, _) = between.members.iter().find(|(name, _)| is_added(name))?;
    let why = format!("the member {added} is in no plain read before or after it");
    Some((format!("{content}.{added}"), why))
}

fn of(glance: &Glance, name: &str) -> Option<u64> {
    let at = glance.members.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
    Some(glance.members[at].1)
}

/// Remembers what two plain reads do not agree on.
fn note_moving(moving: &mut HashSet<u64>, before: &Glance, after: &Glance) {
    if before.members == after.members {
        return;
    }
    let differs = |one: &Glance, other: &Glance| -> Vec<u64> {
        let odd = one.members.iter().filter(|(name, value)| of(other, name) != Some(*value));
        odd.map(|(name, _)| mark(one, name)).collect()
    };
    for mark in differs(before, after).into_iter().chain(differs(after, before)) {
        if moving.len() < MOVING {
            moving.insert(mark);
        }
    }
}

/// A member of a resource, and of all whose paths differ in the last segment alone.
fn mark(glance: &Glance, name: &str) -> u64 {
    let path = glance.url.path();
    digest((path.rsplit_once('/').map_or(path, |(parent, _)| parent), name))
}
