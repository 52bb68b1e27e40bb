//! The steps of an alteration: each is a word with its arguments, as the table explains.

use serde_json::{Value, json};
use url::Url;

/// What stands for parts of a request in the table.
pub(super) struct Place {
    base: String,
    url: String,
    own: String,
    method: String,
}

impl Place {
    pub(super) fn of(entry: &Value, base: &Url) -> Self {
        let text = |name: &str| entry["request"][name].as_str().unwrap_or_default().to_owned();
        let (url, method) = (text("url"), text("method"));
        let own = url.split('?').next().unwrap_or_default().to_owned();
        Self { base: base.as_str().trim_end_matches('/').to_owned(), url, own, method }
    }

    fn filled(&self, text: &str) -> String {
        let parent = self.own.rsplit_once('/').map_or("", |(parent, _)| parent);
        let text = text.replace("$SELF", &self.own).replace("$BASE", &self.base).replace("$URL", &self.url);
        text.replace("$PARENT", parent).replace("$METHOD", &self.method)
    }

    fn json(&self, text: &str) -> Value {
        serde_json::from_str(&self.filled(text)).unwrap_or_else(|error| panic!("{text}: {error}"))
    }
}

/// A response while it is altered.
struct Altered<'p> {
    place: &'p Place,
    entry: Value,
    body: Value,
    is_pretty: bool,
    /// The body as it is sent, where that is not the value written out.
    bytes: Option<Vec<u8>>,
}

/// A recorded exchange with an altered response; `None` if it has not what the steps change.
pub(super) fn altered(entry: &Value, steps: &str, place: &Place) -> Option<Value> {
    let text = entry["response"]["content"]["text"].as_str().unwrap_or_default();
    let body = serde_json::from_str(text).unwrap_or(Value::Null);
    let is_pretty = text.contains('\n');
    let mut altered = Altered { place, entry: entry.clone(), body, is_pretty, bytes: None };
    for step in steps.split(" ; ") {
        let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
        altered.step(word, rest)?;
    }
    Some(altered.finish())
}

impl Altered<'_> {
    fn step(&mut self, word: &str, rest: &str) -> Option<()> {
        let (pointer, value) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "put" => *self.member(pointer)? = self.place.json(value),
            "cut" => self.cut(pointer).map(drop)?,
            "name" => {
                let value_cut = self.cut(pointer)?;
                let (parent, _) = pointer.rsplit_once('/')?;
                *self.member(&format!("{parent}/{value}"))? = value_cut;
            }
            "push" => {
                let pushed = self.place.json(value);
                self.at(pointer)?.as_array_mut()?.push(pushed);
            }
            "copy" => {
                let copied = self.at(pointer)?.clone();
                *self.member(value)? = copied;
            }
            "query" => self.query(pointer, value)?,
            "only" => self.body = self.at(rest)?.clone(),
            "in" => self.body = serde_json::from_str(&rest.replace('@', &self.body.to_string())).ok()?,
            "many" => self.many(rest.parse().ok()?)?,
            "status" => self.entry["response"]["status"] = json!(rest.parse::<u16>().ok()?),
            "header" => self.header(pointer, value),
            "also" => self.headers().push(json!({"name": pointer, "value": value})),
            _ => self.text(word, rest)?,
        }
        Some(())
    }

    /// Steps that change the text and not the value.
    fn text(&mut self, word: &str, rest: &str) -> Option<()> {
        let text = self.written();
        let argument = || serde_json::from_str::<String>(rest).ok();
        let changed = match word {
            "half" => text.chars().take(text.chars().count() / 2).collect(),
            "replace" | "replace-all" => {
                let mut texts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let (old, new) = (texts.next()?.ok()?, texts.next()?.ok()?);
                let count = if word == "replace" { 1 } else { usize::MAX };
                text.contains(&old).then(|| text.replacen(&old, &new, count))?
            }
            "before" => argument()? + &text,
            "after" => text + &argument()?,
            "raw" => argument()?,
            "quoted" => Value::from(text).to_string(),
            "indent" => format!("{:#}", self.body),
            "compact" => self.body.to_string(),
            "byte" => {
                let at = text.find("host-")?;
                let mut bytes = text.into_bytes();
                bytes[at] = 0xff;
                self.bytes = Some(bytes);
                return Some(());
            }
            _ => panic!("the table has no step `{word}`"),
        };
        self.bytes = Some(changed.into_bytes());
        Some(())
    }

    fn written(&self) -> String {
        match &self.bytes {
            Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            None if self.is_pretty => format!("{:#}", self.body),
            None => self.body.to_string(),
        }
    }

    /// The pointer with places instead of relations: `@self` is the link of that relation, `@other` the first of another.
    fn resolved(&self, pointer: &str) -> Option<String> {
        let mut resolved = String::new();
        for part in pointer.split('/').skip(1) {
            let part = match part.strip_prefix('@') {
                Some(rel) => {
                    let links = self.body.pointer(&resolved)?.as_array()?;
                    let fits = |link: &Value| (link["rel"] == *rel) || rel == "other" && link["rel"] != "self";
                    links.iter().position(fits)?.to_string()
                }
                None => part.to_owned(),
            };
            resolved = format!("{resolved}/{part}");
        }
        Some(resolved)
    }

    fn at(&mut self, pointer: &str) -> Option<&mut Value> {
        let pointer = self.resolved(pointer)?;
        self.body.pointer_mut(&pointer)
    }

    /// A member or element, which is added to an object if it is not there.
    fn member(&mut self, pointer: &str) -> Option<&mut Value> {
        let pointer = self.resolved(pointer)?;
        let (parent, name) = pointer.rsplit_once('/')?;
        match self.body.pointer_mut(parent)? {
            Value::Object(members) => Some(members.entry(name).or_insert(Value::Null)),
            Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
            _ => None,
        }
    }

    fn cut(&mut self, pointer: &str) -> Option<Value> {
        let pointer = self.resolved(pointer)?;
        let (parent, name) = pointer.rsplit_once('/')?;
        match self.body.pointer_mut(parent)? {
            Value::Object(members) => members.shift_remove(name),
            Value::Array(items) => Some(items.remove(name.parse().ok()?)),
            _ => None,
        }
    }

    /// Changes a parameter in the URL of a link; `=` stands for the number of the page itself, no value for leaving it out.
    fn query(&mut self, pointer: &str, change: &str) -> Option<()> {
        let (name, value) = change.split_once(' ').map_or((change, None), |(name, value)| (name, Some(value)));
        let own = Url::parse(&self.place.url).ok()?;
        let asked = own.query_pairs().find(|(key, _)| key == "pageNum").map(|(_, number)| number.into_owned());
        let href = self.at(pointer)?;
        let mut url = Url::parse(href.as_str()?).ok()?;
        let kept: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
        if let Some(value) = value {
            let value = if value == "=" { asked? } else { value.to_owned() };
            url.query_pairs_mut().append_pair(name, &value);
        }
        *href = url.as_str().into();
        Some(())
    }

    /// A list of so many entities like its first.
    fn many(&mut self, count: usize) -> Option<()> {
        let first = self.body["results"].get(0)?.clone();
        let item = |number: usize| {
            let mut item = first.clone();
            item["id"] = json!(number.to_string());
            item["links"] = json!([{"rel": "self", "href": format!("{}/{number}", self.place.own)}]);
            item
        };
        self.body["results"] = (0..count).map(item).collect();
        self.body["totalCount"] = json!(count);
        Some(())
    }

    fn headers(&mut self) -> &mut Vec<Value> {
        self.entry["response"]["headers"].as_array_mut().expect("headers")
    }

    fn header(&mut self, name: &str, value: &str) {
        let value = self.place.filled(value);
        let headers = self.headers();
        headers.retain(|header| header["name"] != *name);
        if !value.is_empty() {
            headers.push(json!({"name": name, "value": value}));
        }
        if name == "content-type" {
            self.entry["response"]["content"]["mimeType"] = value.into();
        }
    }

    /// The entry with the altered body, which is as long as it says.
    fn finish(mut self) -> Value {
        let bytes = self.bytes.take().unwrap_or_else(|| self.written().into_bytes());
        let length = bytes.len();
        let is_head = self.entry["request"]["method"] == "HEAD";
        let response = &mut self.entry["response"];
        match String::from_utf8(bytes) {
            Ok(text) => response["content"]["text"] = text.into(),
            Err(error) => {
                response["content"]["text"] = data_encoding::BASE64.encode(error.as_bytes()).into();
                response["content"]["encoding"] = "base64".into();
            }
        }
        response["content"]["size"] = length.into();
        response["bodySize"] = length.into();
        let headers = response["headers"].as_array_mut().expect("headers");
        if !is_head {
            headers.retain(|header| header["name"] != "content-length");
            headers.push(json!({"name": "content-length", "value": length.to_string()}));
        }
        self.entry
    }
}
