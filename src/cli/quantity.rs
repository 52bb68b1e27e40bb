//! Quantities with units on the command line.

use std::time::Duration;

use crate::run::Rate;
use crate::yaml;

/// A rate of the command line.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    let parsed = text.split_once('/').and_then(|(number, unit)| {
        let time = match unit {
            "s" => Duration::from_secs(1),
            "m" => Duration::from_mins(1),
            _ => return None,
        };
        Rate::new(number.parse().ok()?, time)
    });
    parsed.ok_or_else(|| "a rate is a number of requests and a unit: `5/s`, `100/m`; at least one a minute".to_owned())
}

/// A duration of the command line.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    yaml::duration(text)
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "a duration is a number and a unit: `500ms`, `10s`, `2m`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_has_a_unit() {
        assert_eq!(duration("2s"), Ok(Duration::from_secs(2)));
        assert!(duration("2").is_err() && duration("0s").is_err());
    }
}
