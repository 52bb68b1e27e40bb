//! Comparing readings: some plain, one changed. Only what stood still between the plain ones is compared.

use serde_json::Value;

use super::Judge;
use super::answer::Answer;
use super::json_path::Found;
use super::links;
use super::outcome::{Outcome, Trouble, finding};
use super::same::{self, Comparison};
use crate::exchange::Exchange;
use crate::verdict::{Finding, Location};

/// The name of the check.
const CHECK: &str = "compare";

impl Judge {
    /// Judges whether the changed answer holds, at a JSONPath, the value of the plain answers. `except` names members
    /// that are not compared. The caller fills in requirements and source.
    pub fn compare(
        &self,
        plain: &[&Exchange],
        changed: &Exchange,
        at: &str,
        except: &[String],
        number_of_changed: usize,
    ) -> Finding {
        let plain: Vec<Answer<'_>> = plain.iter().map(|exchange| self.read(exchange)).collect();
        let outcome = self.changed_is_same(&plain, &self.read(changed), at, except);
        Finding { exchange: Some(number_of_changed), ..finding(CHECK, outcome, "", "") }
    }

    fn changed_is_same(&self, plain: &[Answer<'_>], changed: &Answer<'_>, at: &str, except: &[String]) -> Outcome {
        let status = |answer: &Answer<'_>| answer.exchange.response.status;
        let statuses: Vec<u16> = plain.iter().map(status).collect();
        if let Some([first, second]) = statuses.array_windows().find(|[first, second]| first != second) {
            return Err(Trouble::Unclear(format!("the plain responses differ: status {first}, then {second}")));
        }
        let baselines = plain.iter().map(plain_value).collect::<Result<Vec<_>, _>>()?;
        let baselines: Vec<&Value> = baselines.iter().collect();
        let path = self.paths.get(at).map_err(Trouble::Unclear)?;
        let changed_value = links::resolved(changed.value()?, &changed.exchange.request.url);
        let found = path.find(&changed_value);
        let Some(value) = the_one(&found) else {
            let changed = status(changed);
            let location = Location::at(path.steps().to_vec());
            let sentence = format!("{at} is missing from the response of status {changed}");
            return Err(Trouble::broken_at(location, sentence));
        };
        let comparison = Comparison { meaning: self.meaning(None), except };
        let compared = same::compare(&baselines, value, &comparison);
        if let Some(sentence) = compared.sentence(at) {
            let location = Location::at(path.steps().to_vec()).below(compared.first);
            return Err(Trouble::broken_at(location, format!("it differs from the plain response: {sentence}")));
        }
        if compared.is_about_nothing() && compared.unsettled_size.is_none() {
            return Err(Trouble::Unclear("nothing stood still between the plain responses".to_owned()));
        }
        match compared.unsettled_size {
            Some(place) => Err(Trouble::Unclear(format!("the size of {place} differs between the plain responses"))),
            None => Ok(()),
        }
    }
}

fn plain_value(answer: &Answer<'_>) -> Result<Value, Trouble> {
    let value = answer
        .value()
        .map_err(|_| Trouble::Unclear("the plain response has no JSON body to compare with".to_owned()))?;
    Ok(links::resolved(value, &answer.exchange.request.url))
}

/// The value that a path found, if it found one and no more.
fn the_one<'a>(found: &Found<'a>) -> Option<&'a Value> {
    match found {
        Found::One(value) => *value,
        Found::Many(values) => match values[..] {
            [value] => Some(value),
            _ => None,
        },
    }
}
