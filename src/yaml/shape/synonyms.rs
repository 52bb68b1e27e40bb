//! Words of other tools and formats, and ours for the same.

/// A word that people write, and the key that they mean.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("above", &["greater", "greater-than", "gt", "more-than", "over", "exclusive-minimum", "exclusiveMinimum"]),
    ("below", &["less", "lower", "less-than", "lt", "under", "exclusive-maximum", "exclusiveMaximum"]),
    ("at-least", &["min", "minimum", "gte", "ge", "from"]),
    ("at-most", &["max", "maximum", "lte", "le", "up-to"]),
    ("equals", &["eq", "is", "value", "const"]),
    ("one-of", &["in", "any-of", "anyOf", "oneOf", "enum"]),
    ("all-of", &["and", "allOf"]),
    ("matches", &["regex", "pattern", "like"]),
    ("contains", &["includes", "has"]),
    ("every", &["all", "each", "items"]),
    ("present", &["exists", "exist", "required", "defined"]),
    ("length", &["size", "count", "min-length", "max-length", "minLength", "maxLength"]),
    ("status", &["code", "status-code", "statusCode"]),
    ("expect", &["assert", "asserts", "check", "then", "response"]),
    ("request", &["method", "get", "post", "call"]),
    ("query", &["params", "parameters"]),
    ("save", &["extract", "capture", "captures", "store"]),
    ("steps", &["tests", "actions"]),
    ("purpose", &["name", "title", "description", "summary"]),
    ("preamble", &["setup", "before", "given"]),
    ("postamble", &["teardown", "cleanup", "after"]),
    ("for-each", &["parameters", "params", "matrix", "with-items"]),
    ("base-url", &["url", "host", "server", "endpoint"]),
    ("username", &["user", "name", "login"]),
    ("api-key", &["key", "password", "token", "secret"]),
    ("env", &["environment", "var", "variable"]),
    ("extends", &["include", "includes", "import", "base", "inherits"]),
    ("window", &["per", "period", "interval"]),
    ("rate", &["requests", "max-rate"]),
];

/// The key among these that a word means.
pub(super) fn meant(word: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let names: Vec<&str> = names.collect();
    let means = |(key, words): &&(&str, &[&str])| names.contains(key) && words.contains(&word);
    SYNONYMS.iter().find(means).map(|(key, _)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_a_key_that_is_possible_there() {
        assert_eq!(meant("greater", ["above", "below"].into_iter()), Some("above"));
        assert_eq!(meant("greater", ["status"].into_iter()), None);
        assert_eq!(meant("parameters", ["query"].into_iter()), Some("query"));
        assert_eq!(meant("parameters", ["for-each"].into_iter()), Some("for-each"));
    }
}
