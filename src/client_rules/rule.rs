//! The rules for clients, as data.

use crate::verdict::{Level, Source};

/// A rule that clients are judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the table says what each asks")]
pub enum Rule {
    KeyNeverSent,
    DigestForm,
    DigestQuoting,
    DigestForRequest,
    NonceCounts,
    StaleNonceDropped,
    StaleNonceRenewed,
    RefusalNotRepeated,
    ContentType,
    JsonBody,
    PageNumbers,
    PageSize,
    PagesWithinList,
    NoHammering,
    RetryAfter,
    ErrorsNotHammered,
    DatesIso,
    DatesWithZone,
}

/// What a rule asks, and why.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// The rule.
    pub rule: Rule,
    /// Its id among the requirements, never used for another.
    pub id: &'static str,
    /// Its weight.
    pub level: Level,
    /// What it asks of a client.
    pub statement: &'static str,
    /// What asks it: a section of the specification, or a standard.
    pub section: &'static str,
    /// What gives an occasion to judge it; a client that gave none is not judged by it.
    pub occasion: &'static str,
}

impl Rule {
    /// The chapter of all rules.
    pub const CHAPTER: &str = "client";
    /// The file that places of findings name; its lines are the rules.
    pub const FILE: &str = "client-rules";

    /// The rule of an id.
    pub fn named(id: &str) -> Option<&'static RuleInfo> {
        TABLE.iter().find(|info| info.id == id)
    }

    /// Every rule, in the order of reports.
    pub fn table() -> &'static [RuleInfo] {
        TABLE
    }

    /// What is known of this rule.
    pub fn info(self) -> &'static RuleInfo {
        // The table is in the order of the rules; a test holds it.
        &TABLE[self as usize]
    }
}

impl RuleInfo {
    /// The place of the rule.
    pub fn source(&self) -> Source {
        Source { file: Rule::FILE.to_owned(), line: self.rule as usize + 1, column: 1 }
    }
}

const TABLE: &[RuleInfo] = &[
    RuleInfo {
        rule: Rule::KeyNeverSent,
        id: "client.key-never-sent",
        level: Level::Must,
        statement: "A client proves who its user is by HTTP Digest, and never sends the API key itself: not in Basic, not in the URL.",
        section: "Features: Digest authentication",
        occasion: "a request with credentials",
    },
    RuleInfo {
        rule: Rule::DigestForm,
        id: "client.digest-form",
        level: Level::Must,
        statement: "The credentials of a client are complete and well-formed Digest credentials that answer the challenge.",
        section: "Authentication; RFC 7616, section 3.4",
        occasion: "a request with Digest credentials",
    },
    RuleInfo {
        rule: Rule::DigestQuoting,
        id: "client.digest-quoting",
        level: Level::Should,
        statement: "A client quotes the parameters of its Digest credentials that are to be quoted, and no others: `qop`, `algorithm` and `nc` are not.",
        section: "RFC 7616, section 3.4",
        occasion: "a request with Digest credentials",
    },
    RuleInfo {
        rule: Rule::DigestForRequest,
        id: "client.digest-for-request",
        level: Level::Must,
        statement: "The Digest of a client is made for the method and the URI, query included, of the request that it is sent with.",
        section: "RFC 7616, sections 3.4 and 3.4.6",
        occasion: "a request with Digest credentials",
    },
    RuleInfo {
        rule: Rule::NonceCounts,
        id: "client.nonce-counts",
        level: Level::Must,
        statement: "The counts (`nc`) that a client sends with one nonce rise, and none is used twice.",
        section: "Authentication: nonces prevent replay; RFC 7616, section 3.4",
        occasion: "a request with a count",
    },
    RuleInfo {
        rule: Rule::StaleNonceDropped,
        id: "client.stale-nonce-dropped",
        level: Level::Must,
        statement: "A nonce that the server calls stale is not used again: a nonce cannot be used forever.",
        section: "Authentication: nonces are valid for a short time",
        occasion: "a nonce called stale",
    },
    RuleInfo {
        rule: Rule::StaleNonceRenewed,
        id: "client.stale-nonce-renewed",
        level: Level::Should,
        statement: "A request that was refused for a stale nonce alone is sent again with the fresh one.",
        section: "RFC 7616, section 3.3: stale",
        occasion: "a nonce called stale",
    },
    RuleInfo {
        rule: Rule::RefusalNotRepeated,
        id: "client.refusal-not-repeated",
        level: Level::Must,
        statement: "A client whose credentials are refused, stale or wrong, gives up after a few attempts.",
        section: "Response Codes: 401; RFC 9110, section 15.5.2",
        occasion: "a request whose credentials were refused",
    },
    RuleInfo {
        rule: Rule::ContentType,
        id: "client.content-type",
        level: Level::Must,
        statement: "A POST, PUT or PATCH with a body says Content-Type: application/json.",
        section: "Content Type Request Header",
        occasion: "a POST, PUT or PATCH with a body",
    },
    RuleInfo {
        rule: Rule::JsonBody,
        id: "client.json-body",
        level: Level::Must,
        statement: "What a client sends in the body of a POST, PUT or PATCH is JSON.",
        section: "JSON entities",
        occasion: "a POST, PUT or PATCH with a body",
    },
    RuleInfo {
        rule: Rule::PageNumbers,
        id: "client.page-numbers",
        level: Level::Must,
        statement: "pageNum and itemsPerPage, where a client sends them, are whole numbers from 1 on.",
        section: "Lists",
        occasion: "a request with pageNum or itemsPerPage",
    },
    RuleInfo {
        rule: Rule::PageSize,
        id: "client.page-size",
        level: Level::Should,
        statement: "A client asks for no more items than a page may hold: 100, or as many as `--page-maximum` says.",
        section: "Lists",
        occasion: "a request with itemsPerPage",
    },
    RuleInfo {
        rule: Rule::PagesWithinList,
        id: "client.pages-within-list",
        level: Level::Should,
        statement: "A client that was shown the last page of a list (it has no link `next`) asks for none behind it.",
        section: "Lists",
        occasion: "a request for a page of a list whose last page was shown",
    },
    RuleInfo {
        rule: Rule::NoHammering,
        id: "client.no-hammering",
        level: Level::Must,
        statement: "A client that is refused with 429 does not go on asking: until the next minute nothing but refusals can come.",
        section: "Rate Limiting",
        occasion: "a response with status 429",
    },
    RuleInfo {
        rule: Rule::RetryAfter,
        id: "client.retry-after",
        level: Level::Should,
        statement: "A client that is told by Retry-After when to ask again does not ask before.",
        section: "RFC 6585, section 4; RFC 9110, section 10.2.3",
        occasion: "a request after a response with status 429 or 503 and Retry-After",
    },
    RuleInfo {
        rule: Rule::ErrorsNotHammered,
        id: "client.errors-not-hammered",
        level: Level::Should,
        statement: "A client that meets errors of the server (5xx) tries again later, not at once and again and again.",
        section: "Response Codes: 5xx",
        occasion: "a response with status 5xx",
    },
    RuleInfo {
        rule: Rule::DatesIso,
        id: "client.dates-iso-8601",
        level: Level::Must,
        statement: "Dates that a client sends, in the query or in a body, are written as ISO-8601.",
        section: "ISO-8601-Formatted Dates",
        occasion: "a date in the query or in a body",
    },
    RuleInfo {
        rule: Rule::DatesWithZone,
        id: "client.dates-with-zone",
        level: Level::Should,
        statement: "Dates that a client sends have a time zone designator.",
        section: "ISO-8601-Formatted Dates",
        occasion: "a date with a time in the query or in a body",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_rules() {
        for (place, info) in TABLE.iter().enumerate() {
            assert_eq!(info.rule as usize, place, "{}", info.id);
            assert_eq!(info.rule.info().id, info.id);
            assert!(info.id.starts_with("client.") && info.statement.ends_with('.'), "{}", info.id);
        }
        assert_eq!(TABLE.len(), Rule::DatesWithZone as usize + 1);
    }
}
