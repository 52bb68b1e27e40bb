//! Entities and where their links `self` lead: one id.

use url::Url;

use super::glance::{Glance, Span};
use super::relation::Relation;
use super::table::Table;
use super::{Held, follow};

/// The most places that are remembered.
const PLACES: usize = 2_048;
/// The most entities of a place that are remembered.
const CLAIMS: usize = 4;

/// The entities that name a place as theirs, by the place and who asks.
#[derive(Debug)]
pub(super) struct Selves(Table<Vec<Claim>>);

/// An entity that names a place as its own.
#[derive(Clone, Debug)]
struct Claim {
    stretch: u64,
    id: u64,
    span: Span,
    entry: usize,
    url: Url,
    from: From,
}

/// Whether it was read at that place, or elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    There,
    Elsewhere,
}

impl Default for Selves {
    fn default() -> Self {
        Self(Table::of(PLACES))
    }
}

impl Selves {
    /// An entity that claims a place is judged when that place was read before and after it, with the same id.
    pub(super) fn see(&mut self, glance: &Glance, stretch: u64, held: &mut Vec<Held>) {
        let Some(id) = glance.id else { return };
        let here = glance.key;
        let place = glance.own.unwrap_or(here);
        let claim = |from| Claim { stretch, id, span: glance.span, entry: glance.entry, url: glance.url.clone(), from };
        if place != here {
            let claims = self.0.entry(place);
            claims.retain(|claim| claim.stretch == stretch);
            if claims.len() < CLAIMS && claims.iter().any(|claim| claim.from == From::There) {
                claims.push(claim(From::Elsewhere));
            }
        }
        let claims = self.0.entry(here);
        claims.retain(|claim| claim.stretch == stretch);
        let read = claim(From::There);
        let before = claims.iter().find(|claim| claim.from == From::There).cloned();
        if let Some(before) = before.filter(|before| before.id == read.id) {
            let between = claims.iter().filter(|claim| claim.from == From::Elsewhere);
            held.extend(
                between.filter(|claim| follow(before.span, claim.span, read.span)).map(|claim| judged(claim, read.id)),
            );
        }
        claims.clear();
        claims.push(read);
    }
}

fn judged(claim: &Claim, id: u64) -> Held {
    let why = "$.links has a link self to an entity of another id";
    let broken = (claim.id != id).then(|| ("$.links".to_owned(), why.to_owned()));
    Held { relation: Relation::SelfIsSame, entry: claim.entry, method: "GET", url: claim.url.clone(), broken }
}
