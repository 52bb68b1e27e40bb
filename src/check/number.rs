//! Numbers of JSON by value: exactly, however they are written and however large they are.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// The most digits of a whole number that are written out; larger ones are written with an exponent.
const WRITTEN_OUT: i64 = 40;

/// A decimal number: its sign, its digits without zeros at either end, and the power of ten of the last digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Decimal {
    is_negative: bool,
    /// Empty for zero.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// The value of a number. Whole numbers are exact. A fraction is the double that it stands for (RFC 8259, section 6),
    /// because a server may write the same double with more or fewer digits.
    pub(super) fn of(number: &Number) -> Self {
        let exact = Self::read(&number.to_string());
        if exact.is_whole() {
            return exact;
        }
        let double = number.as_f64().filter(|double| double.is_finite() && *double != 0.0);
        double.map_or(exact, |double| Self::read(&format!("{double:e}")))
    }

    /// Reads a number that is written as JSON asks. An exponent out of range is cut to the range.
    fn read(text: &str) -> Self {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - digits.len()).unwrap_or(i64::MAX);
        let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { is_negative: false, digits, exponent: 0 };
        }
        let exponent = power_of_ten(power).saturating_sub(places).saturating_add(zeros);
        Self { is_negative, digits, exponent }
    }

    /// Whether it has no fraction.
    pub(super) fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// One text for each value.
    pub(super) fn text(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        match usize::try_from(self.exponent) {
            Ok(zeros) if self.magnitude() <= WRITTEN_OUT => {
                let digits = if self.digits.is_empty() { "0" } else { &self.digits };
                format!("{sign}{digits}{}", "0".repeat(zeros))
            }
            _ => format!("{sign}{}e{}", self.digits, self.exponent),
        }
    }

    /// How many digits stand before the decimal point.
    fn magnitude(&self) -> i64 {
        self.exponent.saturating_add(i64::try_from(self.digits.len()).unwrap_or(i64::MAX))
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // No digits end with a zero, so that texts are in the order of the fractions that they are the digits of.
        let sizes = (self.magnitude(), &self.digits).cmp(&(other.magnitude(), &other.digits));
        let sizes = if self.is_negative { sizes.reverse() } else { sizes };
        self.sign().cmp(&other.sign()).then(if self.sign() == 0 { Ordering::Equal } else { sizes })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn power_of_ten(text: &str) -> i64 {
    let bound = if text.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 };
    text.parse::<i64>().map_or(bound, |power| power.clamp(i64::MIN / 4, i64::MAX / 4))
}

/// Whether two numbers have the same value.
pub(super) fn same(left: &Number, right: &Number) -> bool {
    left == right || Decimal::of(left) == Decimal::of(right)
}

/// The number that a value is, if it is one.
pub(super) fn of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(Decimal::of(number)),
        _ => None,
    }
}

/// The whole number that a value is, however it is written: `3`, `3.0` and `3e0` are the same.
pub fn whole(value: &Value) -> Option<u64> {
    let Value::Number(number) = value else { return None };
    number.as_u64().or_else(|| Some(Decimal::of(number)).filter(Decimal::is_whole)?.text().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap()
    }

    fn decimal(text: &str) -> Decimal {
        Decimal::of(&number(text))
    }

    #[test]
    fn a_value_has_many_spellings() {
        for spellings in [
            ["1", "1.0", "1e0", "10E-1"],
            ["0", "-0", "0.0e9", "0e-999999999999999999999"],
            ["-2500", "-2.5e3", "-25e2", "-2500.000"],
            ["0.1", "1e-1", "0.10", "0.1000000000000000055511151231257827"],
            ["1e400", "10e399", "1.0e+400", "100e398"],
            [
                "12345678901234567890123",
                "12345678901234567890123.0",
                "1.2345678901234567890123e22",
                "123456789012345678901230e-1",
            ],
        ] {
            for other in spellings {
                assert!(same(&number(spellings[0]), &number(other)), "{other}");
                assert_eq!(decimal(spellings[0]).text(), decimal(other).text(), "{other}");
            }
        }
    }

    #[test]
    fn whole_numbers_are_exact_beyond_64_bits() {
        for (left, right) in [
            ("9007199254740993", "9007199254740992"),
            ("18446744073709551616", "18446744073709551617"),
            ("12345678901234567890123", "12345678901234567890124"),
            ("1e400", "1e401"),
            ("1", "1.5"),
            ("1", "-1"),
        ] {
            assert!(!same(&number(left), &number(right)), "{left} {right}");
            assert_ne!(decimal(left).cmp(&decimal(right)), Ordering::Equal);
        }
    }

    #[test]
    fn numbers_are_in_order() {
        let ordered = ["-1e400", "-20", "-3", "-0.5", "0", "1e-300", "0.25", "1", "2", "11", "12.5", "100", "1e400"];
        for pair in ordered.windows(2) {
            assert_eq!(decimal(pair[0]).cmp(&decimal(pair[1])), Ordering::Less, "{pair:?}");
        }
    }

    #[test]
    fn whole_numbers_are_read_however_they_are_written() {
        for (text, expected) in [
            ("3", Some(3)),
            ("3.0", Some(3)),
            ("3e2", Some(300)),
            ("18446744073709551615.0", Some(u64::MAX)),
            ("1e400", None),
            ("-1", None),
            ("1.5", None),
        ] {
            assert_eq!(whole(&Value::Number(number(text))), expected, "{text}");
        }
        assert_eq!(whole(&Value::from("3")), None);
    }

    proptest! {
        #[test]
        fn order_is_that_of_the_values(left in any::<i32>(), right in any::<i32>(), places in 0_i32..6) {
            let scaled = |value: i32| decimal(&format!("{value}e-{places}"));
            prop_assert_eq!(scaled(left).cmp(&scaled(right)), left.cmp(&right));
        }

        #[test]
        fn the_text_is_a_number_of_the_same_value(double in any::<f64>()) {
            prop_assume!(double.is_finite());
            let number = Number::from_f64(double).unwrap();
            let text = Decimal::of(&number).text();
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), (double + 0.0).to_bits());
        }
    }
}
