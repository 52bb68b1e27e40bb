//! One tolerant parser for `WWW-Authenticate`, `Authorization` and `Authentication-Info` (RFC 9110, section 11).
//!
//! It takes what can be understood and tells apart what the grammar does not allow. Its time is linear in the input.

use std::collections::HashSet;

/// No more departures are told of one challenge: a hostile header could hold thousands.
const MOST_PROBLEMS: usize = 16;

/// One `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// The name, as it was written.
    pub name: String,
    /// The value without quotes and escapes.
    pub value: String,
    /// How the value was written.
    pub form: Form,
}

/// How the value of a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `name=value`
    Bare,
    /// `name="value"`
    Quoted,
}

/// A challenge, or credentials: they share one grammar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme (`Digest`), as it was written; empty where there was none.
    pub scheme: String,
    /// The one value of schemes without parameters (`Basic dXNlcg==`).
    pub token68: Option<String>,
    /// The parameters, in the order received.
    pub params: Vec<Param>,
    /// Departures from the grammar, a short sentence each.
    pub problems: Vec<String>,
}

impl Challenge {
    /// The value of a parameter, whatever the case of its name; of a repeated one, the first.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.param(name).map(|param| param.value.as_str())
    }

    /// Whether the scheme is this one, whatever its case.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name.eq_ignore_ascii_case(name))
    }

    fn problem(&mut self, text: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(text);
        }
    }

    fn find_repeated(&mut self) {
        let mut seen = HashSet::new();
        let names: Vec<String> = self.params.iter().map(|param| param.name.to_ascii_lowercase()).collect();
        for name in names {
            if !seen.insert(name.clone()) {
                self.problem(format!("`{}` is given twice", short(&name)));
            }
        }
    }

    /// What RFC 7616, section 3.3, asks of a Digest challenge beyond the common grammar.
    fn find_digest_problems(&mut self) {
        for name in ["realm", "nonce"] {
            if self.get(name).is_none() {
                self.problem(format!("`{name}` is missing"));
            }
        }
        for name in ["realm", "domain", "nonce", "opaque", "qop"] {
            if self.param(name).is_some_and(|param| param.form == Form::Bare) {
                self.problem(format!("`{name}` is not quoted"));
            }
        }
        if self.param("algorithm").is_some_and(|param| param.form == Form::Quoted) {
            self.problem("`algorithm` is quoted".to_owned());
        }
    }
}

/// The challenges in the values of `WWW-Authenticate` lines, in their order.
pub fn challenges<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = values.into_iter().flat_map(|value| Parser::new(value).items()).collect();
    for challenge in &mut found {
        challenge.find_repeated();
        if challenge.is("Digest") {
            challenge.find_digest_problems();
        }
    }
    found
}

/// The credentials in the value of an `Authorization` line.
///
/// Every form that clients are known to send is taken: what RFC 7616 wants quoted and what not makes no problem here.
pub fn authorization(value: &str) -> Challenge {
    let mut items = Parser::new(value).items().into_iter();
    let mut credentials = items.next().unwrap_or_default();
    credentials.find_repeated();
    if items.next().is_some() {
        credentials.problem("more than one scheme is given".to_owned());
    }
    credentials
}

/// The parameters in the value of an `Authentication-Info` line.
pub fn info(value: &str) -> Vec<Param> {
    let mut parser = Parser::new(value);
    let mut holder = Challenge::default();
    while parser.skip_separators() {
        match parser.name_of_param() {
            Some(name) => parser.param(name, &mut holder),
            None => parser.skip_to_comma(),
        }
    }
    holder.params
}

/// A name as it may stand in a message.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte)
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Reads a header value from the left; every step but a bounded look ahead moves on.
struct Parser<'a> {
    rest: &'a str,
    separation: Separation,
}

/// What stood before the current item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separation {
    Comma,
    Blank,
}

impl<'a> Parser<'a> {
    fn new(value: &'a str) -> Self {
        Self { rest: value, separation: Separation::Comma }
    }

    fn items(mut self) -> Vec<Challenge> {
        let mut items: Vec<Challenge> = Vec::new();
        while self.skip_separators() {
            if let Some(name) = self.name_of_param() {
                if items.is_empty() {
                    items.push(Challenge { problems: vec!["a scheme is missing".to_owned()], ..Challenge::default() });
                }
                if let Some(last) = items.last_mut() {
                    self.param(name, last);
                }
            } else {
                self.scheme(&mut items);
            }
        }
        items
    }

    /// Moves to the next item; says whether there is one.
    fn skip_separators(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches([' ', '\t', ',']);
        let skipped = &self.rest[..self.rest.len() - trimmed.len()];
        if skipped.contains(',') {
            self.separation = Separation::Comma;
        }
        self.rest = trimmed;
        !trimmed.is_empty()
    }

    fn skip_to_comma(&mut self) {
        let end = self.rest.find(',').unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
    }

    fn take_while(&mut self, accepts: fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(|byte| !accepts(byte)).unwrap_or(self.rest.len());
        // The predicates take ASCII only, and so does the cut.
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// The name of the parameter that begins here, with its `=` taken, or `None` and nothing taken.
    fn name_of_param(&mut self) -> Option<&'a str> {
        let before = self.rest;
        let name = self.take_while(is_token);
        self.take_while(is_blank);
        if let (false, Some(rest)) = (name.is_empty(), self.rest.strip_prefix('=')) {
            self.rest = rest;
            return Some(name);
        }
        self.rest = before;
        None
    }

    fn param(&mut self, name: &str, owner: &mut Challenge) {
        if self.separation == Separation::Blank && !owner.params.is_empty() {
            owner.problem(format!("no comma before `{}`", short(name)));
        }
        self.take_while(is_blank);
        let (value, form) = if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            (self.quoted(name, owner), Form::Quoted)
        } else {
            (self.bare(name, owner), Form::Bare)
        };
        self.separation = Separation::Blank;
        owner.params.push(Param { name: name.to_owned(), value, form });
    }

    fn quoted(&mut self, name: &str, owner: &mut Challenge) -> String {
        let mut value = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, character)) = chars.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return value;
                }
                '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
                other => value.push(other),
            }
        }
        self.rest = "";
        owner.problem(format!("the quotes of `{}` are not closed", short(name)));
        value
    }

    fn bare(&mut self, name: &str, owner: &mut Challenge) -> String {
        let end = self.rest.find([',', ' ', '\t']).unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        if value.is_empty() || !value.bytes().all(is_token) {
            owner.problem(format!("the value of `{}` is neither a token nor quoted", short(name)));
        }
        value.to_owned()
    }

    fn scheme(&mut self, items: &mut Vec<Challenge>) {
        let scheme = self.take_while(is_token);
        if scheme.is_empty() {
            self.skip_garbage(items);
            return;
        }
        let mut challenge = Challenge { scheme: scheme.to_owned(), ..Challenge::default() };
        if !self.take_while(is_blank).is_empty() {
            challenge.token68 = self.token68();
        }
        self.separation = Separation::Blank;
        items.push(challenge);
    }

    /// A value that stands alone up to the next comma or the end.
    fn token68(&mut self) -> Option<String> {
        let before = self.rest;
        let body = self.take_while(is_token68);
        let padding = self.take_while(|byte| byte == b'=');
        let alone =
            !body.is_empty() && matches!(self.rest.trim_start_matches([' ', '\t']).chars().next(), None | Some(','));
        if alone {
            return Some(format!("{body}{padding}"));
        }
        self.rest = before;
        None
    }

    fn skip_garbage(&mut self, items: &mut Vec<Challenge>) {
        if items.is_empty() {
            items.push(Challenge::default());
        }
        if let Some(last) = items.last_mut() {
            last.problem("characters that belong to no parameter".to_owned());
        }
        self.skip_to_comma();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATLAS: &str = r#"Digest realm="MMS Public API", domain="", nonce="SlgYP7Tv3FS/BuCj/x4WQRIV1bNKdpJg", algorithm=MD5, qop="auth", stale=false"#;

    #[test]
    fn the_challenge_of_the_api_is_read_without_problems() {
        let found = challenges([ATLAS]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].problems, Vec::<String>::new());
        assert_eq!(found[0].get("REALM"), Some("MMS Public API"));
        assert_eq!(found[0].get("domain"), Some(""));
        assert_eq!(found[0].get("nonce"), Some("SlgYP7Tv3FS/BuCj/x4WQRIV1bNKdpJg"));
        assert_eq!(found[0].get("stale"), Some("false"));
        assert_eq!(found[0].get("opaque"), None);
    }

    #[test]
    fn several_challenges_come_out_of_one_line_and_of_many() {
        let one = r#"Basic realm="a, b", Digest realm="r", nonce="n", Negotiate dG9r==, Other"#;
        let found = challenges([one, r#"digest nonce="m",realm="s""#]);
        let schemes: Vec<&str> = found.iter().map(|challenge| challenge.scheme.as_str()).collect();
        assert_eq!(schemes, ["Basic", "Digest", "Negotiate", "Other", "digest"]);
        assert_eq!(found[0].get("realm"), Some("a, b"));
        assert_eq!(found[2].token68.as_deref(), Some("dG9r=="));
        assert_eq!(found[4].get("nonce"), Some("m"));
        assert!(found.iter().all(|challenge| challenge.problems.is_empty()), "{found:?}");
    }

    #[test]
    fn escapes_are_undone_and_blanks_around_equals_are_taken() {
        let found = challenges([r#"Digest realm = "a \"b\" \\c",nonce= "ü\é""#]);
        assert_eq!(found[0].get("realm"), Some(r#"a "b" \c"#));
        assert_eq!(found[0].get("nonce"), Some("üé"));
    }

    #[test]
    fn departures_from_the_grammar_are_told() {
        let cases: &[(&str, &[&str])] = &[
            (r#"Digest realm="r""#, &["`nonce` is missing"]),
            (r#"Digest nonce="n""#, &["`realm` is missing"]),
            (r#"Digest realm=r, nonce="n""#, &["`realm` is not quoted"]),
            (
                r#"Digest realm="r", nonce=n, opaque=o, domain=d, qop=auth"#,
                &["`domain` is not quoted", "`nonce` is not quoted", "`opaque` is not quoted", "`qop` is not quoted"],
            ),
            (r#"Digest realm="r", nonce="n", algorithm="MD5""#, &["`algorithm` is quoted"]),
            (r#"Digest realm="r", nonce="n", Nonce="m""#, &["`nonce` is given twice"]),
            (r#"Digest realm="r" nonce="n""#, &["no comma before `nonce`"]),
            (r#"Digest nonce="n", realm="r"#, &["the quotes of `realm` are not closed"]),
            (
                r#"Digest realm="r", nonce="n", algorithm=a=b"#,
                &["the value of `algorithm` is neither a token nor quoted"],
            ),
            (r#"Digest realm="r", nonce="n", @@"#, &["characters that belong to no parameter"]),
            (r#"realm="r""#, &["a scheme is missing"]),
        ];
        for (value, problems) in cases {
            let found = challenges([*value]);
            assert_eq!(found.len(), 1, "{value}");
            assert_eq!(found[0].problems, *problems, "{value}");
        }
    }

    #[test]
    fn known_variations_make_no_problem() {
        for stale in [r#""true""#, "True", "FALSE"] {
            let found = challenges([format!(r#"digest realm="r",nonce="n",stale={stale}, ,"#).as_str()]);
            assert_eq!(found[0].problems, Vec::<String>::new(), "{stale}");
        }
    }
}
