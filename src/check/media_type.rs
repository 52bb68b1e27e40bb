//! Media types, compared as RFC 9110, section 8.3.1 asks: names without case, parameters in any order, quoted or not.

/// A media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    /// Type and subtype, in lower case.
    essence: String,
    /// Names in lower case and values, sorted.
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads the value of a header `Content-Type`.
    pub fn read(value: &str) -> Self {
        let mut parts = split(value).into_iter();
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut parameters: Vec<(String, String)> = parts.filter_map(|part| parameter(&part)).collect();
        parameters.sort();
        let mut read = Self { essence, parameters };
        // JSON has no such parameter: it means nothing (RFC 8259, section 11).
        if read.is_json() {
            read.parameters.retain(|(name, _)| name != "charset");
        }
        read
    }

    /// Whether it is that of JSON: `application/json`, or a type with the suffix `+json`.
    pub fn is_json(&self) -> bool {
        self.essence == "application/json" || self.essence.contains('/') && self.essence.ends_with("+json")
    }

    /// Type and subtype, in lower case.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// What two responses about one resource have in common: one text for all JSON, whose label a server may choose anew
    /// for each response, and the whole of any other media type.
    pub fn family(&self) -> String {
        if self.is_json() { "application/json".to_owned() } else { self.text() }
    }

    /// One text for each media type.
    pub fn text(&self) -> String {
        let parameters = self.parameters.iter().map(|(name, value)| format!("; {name}={value:?}"));
        format!("{}{}", self.essence, parameters.collect::<String>())
    }
}

fn parameter(part: &str) -> Option<(String, String)> {
    let (name, value) = part.split_once('=')?;
    let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
    let value = match value.strip_prefix('"') {
        Some(quoted) => unquoted(quoted),
        None => value.to_owned(),
    };
    // The names of character sets have no case (RFC 9110, section 8.3.2).
    let value = if name == "charset" { value.to_ascii_lowercase() } else { value };
    Some((name, value))
}

/// What stands between quotes, after the first of them.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => out.extend(characters.next()),
            plain => out.push(plain),
        }
    }
    out
}

/// The parts between semicolons outside quotes.
fn split(value: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut is_quoted, mut is_escaped) = (false, false);
    for character in value.chars() {
        if character == ';' && !is_quoted {
            parts.push(std::mem::take(&mut part));
            continue;
        }
        if character == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = is_quoted && character == '\\' && !is_escaped;
        part.push(character);
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(left: &str, right: &str) -> bool {
        let (left, right) = (MediaType::read(left), MediaType::read(right));
        assert_eq!(left == right, left.text() == right.text());
        left == right
    }

    #[test]
    fn all_json_is_one_family() {
        let family = |value: &str| MediaType::read(value).family();
        assert_eq!(family("application/vnd.x+json; profile=a"), family("Application/JSON"));
        assert_eq!(family("text/html;charset=utf-8"), MediaType::read("Text/HTML; charset=UTF-8").text());
    }

    #[test]
    fn one_media_type_has_many_spellings() {
        for (left, right) in [
            ("application/json", "Application/JSON"),
            ("application/json", "application/json; charset=utf-8"),
            ("application/json;charset=UTF-8", "application/json ; Charset=\"utf-8\""),
            ("application/vnd.x+json; charset=utf-8", "application/vnd.X+json"),
            ("application/json; a=1; b=\"2\"", "application/json;B=2;A=\"1\";"),
            ("text/html; charset=UTF-8", "text/html;charset=utf-8"),
            (r#"text/x; p="a;\"b""#, r#"text/x;p="a\;\"b""#),
        ] {
            assert!(same(left, right), "{left} {right}");
        }
    }

    #[test]
    fn other_media_types_differ() {
        for (left, right) in [
            ("application/json", "application/vnd.x+json"),
            ("application/json; profile=a", "application/json; profile=b"),
            ("application/json; profile=a", "application/json; profile=A"),
            ("text/html", "text/html; charset=utf-8"),
            ("application/json", ""),
        ] {
            assert!(!same(left, right), "{left} {right}");
        }
    }

    #[test]
    fn json_is_known_by_its_name() {
        for json in ["application/json", "APPLICATION/JSON ; x=y", "application/problem+json", "application/hal+json;q"]
        {
            assert!(MediaType::read(json).is_json(), "{json}");
        }
        for other in ["", "text/json", "+json", "application/jsonx", "application/json+xml"] {
            assert!(!MediaType::read(other).is_json(), "{other}");
        }
    }

    #[test]
    fn any_text_is_read() {
        for text in ["\"", ";;;", "a/b;\"", "a/b;c=\"\\", "=", "a/b;=;c"] {
            let _ = MediaType::read(text).text();
        }
    }
}
