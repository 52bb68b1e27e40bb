//! The paging parameters of a URL.

use url::Url;

use crate::check::SAME_RESOURCE;

/// What a parameter asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// It is not there.
    Nothing,
    /// This.
    Number(u64),
    /// What is no positive integer.
    Malformed,
    /// Nobody can tell: it is there twice, empty, or out of any range.
    Unclear,
}

impl Asked {
    /// The number asked for, or this one if none is.
    pub(super) fn or(self, default: u64) -> Option<u64> {
        match self {
            Self::Nothing => Some(default),
            Self::Number(number) => Some(number),
            Self::Malformed | Self::Unclear => None,
        }
    }
}

/// The number of the page that a URL asks for.
pub(super) fn page(url: &Url) -> Asked {
    asked(url, "pageNum")
}

/// The size of a page that a URL asks for.
pub(super) fn size(url: &Url) -> Asked {
    asked(url, "itemsPerPage")
}

/// The number of the page that a link leads to: its server knows all numbers that it names.
pub(super) fn page_of_link(url: &Url) -> Asked {
    match page(url) {
        Asked::Unclear => large(url).map_or(Asked::Unclear, Asked::Number),
        asked => asked,
    }
}

/// A number of a page that some servers cannot count to.
fn large(url: &Url) -> Option<u64> {
    let mut values = url.query_pairs().filter(|(key, _)| key == "pageNum").map(|(_, value)| value);
    let (value, second) = (values.next()?, values.next());
    let is_plain = value.starts_with(|first: char| ('1'..='9').contains(&first)) && second.is_none();
    value.parse().ok().filter(|number| is_plain && *number >= COUNTED_BY_ALL)
}

/// From here on, a server may take a number for none.
const COUNTED_BY_ALL: u64 = 1 << 31;

fn asked(url: &Url, name: &str) -> Asked {
    let mut values = url.query_pairs().filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (None, _) => Asked::Nothing,
        (Some(_), Some(_)) => Asked::Unclear,
        (Some((_, value)), None) => number(&value),
    }
}

fn number(text: &str) -> Asked {
    // A sign, spaces or leading zeros: some read them as a number, some do not.
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u64>() {
        Ok(0) if text == "0" => Asked::Malformed,
        Ok(number) if is_plain && number > 0 && !text.starts_with('0') && number < COUNTED_BY_ALL => {
            Asked::Number(number)
        }
        Ok(_) => Asked::Unclear,
        Err(_) if text.is_empty() || is_plain => Asked::Unclear,
        Err(_) => Asked::Malformed,
    }
}

/// The parameters that are neither of paging nor of presentation, sorted.
pub(in crate::check) fn filters(url: &Url) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !SAME_RESOURCE.contains(&name.as_ref()))
        .map(|(n, v)| (n.into(), v.into()))
        .collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_may_lead_to_any_page() {
        let page = |query: &str| page_of_link(&Url::parse(&format!("https://h/a?{query}")).unwrap());
        assert_eq!(page("pageNum=2"), Asked::Number(2));
        assert_eq!(page("pageNum=2147483648"), Asked::Number(1 << 31));
        assert_eq!(page("pageNum=18446744073709551615"), Asked::Number(u64::MAX));
        for unclear in ["pageNum=18446744073709551616", "pageNum=02147483648", "pageNum=2147483648&pageNum=1"] {
            assert_eq!(page(unclear), Asked::Unclear, "{unclear}");
        }
    }

    #[test]
    fn what_a_parameter_asks_for() {
        for (query, expected) in [
            ("", Asked::Nothing),
            ("pageNum=2", Asked::Number(2)),
            ("pageNum=0", Asked::Malformed),
            ("pageNum=-1", Asked::Malformed),
            ("pageNum=x", Asked::Malformed),
            ("pageNum=1.5", Asked::Malformed),
            ("pageNum=", Asked::Unclear),
            ("pageNum=02", Asked::Unclear),
            ("pageNum=%2B2", Asked::Unclear),
            ("pageNum=1&pageNum=2", Asked::Unclear),
            ("pageNum=2147483647", Asked::Number(2_147_483_647)),
            ("pageNum=2147483648", Asked::Unclear),
            ("pageNum=99999999999999999999999", Asked::Unclear),
            ("PageNum=2", Asked::Nothing),
        ] {
            assert_eq!(page(&Url::parse(&format!("https://h/a?{query}")).unwrap()), expected, "{query}");
        }
    }
}
