//! What exchanges of a recording show together, among the results of an audit.

use super::group::{Example, Key};
use super::secrets::{Secrets, shown_url};
use super::several::{Held, Relation};
use super::{Audit, shape, subject};
use crate::verdict::Finding;

impl Audit<'_> {
    /// Judges what the exchanges of a recording show together, and forgets them.
    pub(super) fn end_of_several(&mut self, file: &str) {
        let found = std::mem::take(&mut self.several).finish();
        self.walked.lists += found.walked.lists;
        self.walked.to_the_end += found.walked.to_the_end;
        for relation in Relation::all().iter().copied() {
            let met = &mut self.met[subject::of_relation(self.suite, relation)];
            met.judged += found.judged[relation as usize];
            met.apart += found.alone[relation as usize];
        }
        for (relation, why, times) in found.unclear {
            self.met[subject::of_relation(self.suite, relation)].unclear_times(why, times);
        }
        for held in found.broken {
            self.held(file, held);
        }
    }

    fn held(&mut self, file: &str, held: Held) {
        let Held { relation, entry, method, url, broken } = held;
        let at = subject::of_relation(self.suite, relation);
        let Some((place, message)) = broken else { return };
        self.met[at].broken += 1;
        let secrets = Secrets::of(&url);
        let (place, message) = (secrets.text(&place), secrets.text(&message));
        let key = Key {
            invariant: at,
            method: method.to_owned(),
            path: shape::shape(&url, &self.base),
            place: place.clone(),
        };
        let finding = Finding {
            requirements: vec![relation.info().requirement.to_owned()],
            ..Finding::fail("several", message.clone())
        };
        let (file, method) = (file.to_owned(), method.to_owned());
        let example = Example { file, entry, method, url: shown_url(&url), place, message };
        self.groups.add(key, relation.info().id, &finding, example, || None);
    }
}
