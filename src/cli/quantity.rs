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

/// A number of bytes of the command line.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit {
        "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => 0,
    };
    let parsed = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    parsed.filter(|bytes| *bytes > 0).ok_or_else(|| "a size is a number and a unit: `500kB`, `100MB`, `1GB`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_unit() {
        assert_eq!((bytes("7B"), bytes("2kB"), bytes("1GB")), (Ok(7), Ok(2_000), Ok(1_000_000_000)));
        for wrong in ["", "5", "MB", "-1MB", "1.5MB", "0B", "99999999999999GB", "1 MB", "1TB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_timeout_has_a_unit() {
        assert_eq!(duration("2s"), Ok(Duration::from_secs(2)));
        assert!(duration("2").is_err() && duration("0s").is_err());
    }
}
