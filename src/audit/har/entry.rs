//! An entry of a recording (HAR 1.2), as far as it matters. Programs leave out and misspell much: what is of another
//! type than it should be is taken for missing.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The methods of a visitor for what is not of the type that is wanted.
macro_rules! lenient {
    (@otherwise $otherwise:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($otherwise)
        }
    };
}

/// Reads objects member by member: those that are known into their fields, whatever their number, over the others.
macro_rules! lenient_object {
    ($(#[$doc:meta])* $type:ident<$life:lifetime>, $visitor:ident { $($(#[$of:meta])* $field:ident: $kind:ty = $($name:literal)|+),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(super) struct $type<$life> {
            $($(#[$of])* pub(super) $field: $kind,)+
        }
        struct $visitor;
        impl<'de> Visitor<'de> for $visitor {
            type Value = $type<'de>;
            lenient!(@otherwise $type::default());
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok($type::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                pass_over_seq(seq).map(|()| $type::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = $type::default();
                while let Some(name) = map.next_key_seed(Name)? {
                    match name.as_ref() {
                        $($($name)|+ => all.$field = map.next_value()?,)+
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(all)
            }
        }
        impl<$life, 'de: $life> Deserialize<'de> for $type<$life> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($visitor)
            }
        }
    };
}

lenient_object! {
    /// One request and its response.
    Entry<'a>, EntryVisitor {
        started_date_time: Text<'a> = "startedDateTime",
        time: Number = "time",
        timings: Timings = "timings",
        request: Sent<'a> = "request",
        response: Received<'a> = "response",
        resource_type: Text<'a> = "_resourceType",
        from_cache: Mark = "_fromCache" | "fromCache" | "_servedFromCache" | "servedFromCache" | "_fromDiskCache"
            | "_fromPrefetchCache" | "_fromMemoryCache" | "fromDiskCache" | "fromMemoryCache",
        from_worker: Mark = "_fetchedViaServiceWorker" | "_fromServiceWorker" | "fromServiceWorker",
        fetch_type: Text<'a> = "_fetchType",
    }
}

lenient_object! {
    /// The request of an entry.
    Sent<'a>, SentVisitor {
        method: Text<'a> = "method",
        url: Text<'a> = "url",
        headers: Pairs<'a> = "headers",
        query_string: Pairs<'a> = "queryString",
        post_data: Content<'a> = "postData",
        body_size: Number = "bodySize",
    }
}

lenient_object! {
    /// The response of an entry.
    Received<'a>, ReceivedVisitor {
        status: Number = "status",
        headers: Pairs<'a> = "headers",
        content: Content<'a> = "content",
        body_size: Number = "bodySize",
        from_cache: Mark = "_fromCache" | "fromCache" | "_fromDiskCache" | "fromDiskCache" | "_fromPrefetchCache"
            | "fromPrefetchCache" | "_fromMemoryCache" | "_servedFromCache",
        from_worker: Mark = "_fetchedViaServiceWorker" | "_fromServiceWorker" | "fromServiceWorker",
    }
}

lenient_object! {
    /// A body.
    Content<'a>, ContentVisitor {
        size: Number = "size",
        compression: Number = "compression",
        mime_type: Text<'a> = "mimeType",
        text: Text<'a> = "text",
        encoding: Text<'a> = "encoding" | "_encoding",
        file: Text<'a> = "_file" | "_path",
    }
}

lenient_object! {
    /// A header or a parameter.
    Pair<'a>, PairVisitor {
        name: Text<'a> = "name",
        value: Text<'a> = "value",
    }
}

/// A text, if there is one.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(pub(super) Option<Cow<'a, str>>);

/// A number, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Number(pub(super) Option<f64>);

/// The phases of an exchange, which do not overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Timings(pub(super) [Option<f64>; 6]);

/// Whether a mark is set: `true`, or a text that says where from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark(pub(super) bool);

/// Names and values, if there is a list of them.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a>(pub(super) Option<Vec<(Cow<'a, str>, Cow<'a, str>)>>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Number {
    /// The number as a count, if it can be one that a recorder knew: 0 and less may stand for one that it did not.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is positive and small")]
    pub(super) fn count(self) -> Option<u64> {
        self.0.filter(|number| *number > 0.0 && *number < 9e15).map(|number| number.round() as u64)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }))
    }
}

impl<'de> Deserialize<'de> for Timings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Value::deserialize(deserializer)?;
        Ok(Self(["blocked", "dns", "connect", "send", "wait", "receive"].map(|phase| all.get(phase)?.as_f64())))
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Bool(is_set) => is_set,
            Value::String(text) => {
                !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "false" | "no" | "none" | "0")
            }
            _ => false,
        }))
    }
}

fn pass_over_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

fn pass_over_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// The name of a member, borrowed where it stands as it is.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;
    lenient!(@otherwise Text(None));
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Borrowed(text))))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Owned(text.to_owned()))))
    }
    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Owned(text))))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        pass_over_map(map).map(|()| Text(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        pass_over_seq(seq).map(|()| Text(None))
    }
}

impl<'a, 'de: 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;
    lenient!(@otherwise Pairs(None));
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Pairs(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::with_capacity(16);
        while let Some(pair) = seq.next_element::<Pair<'de>>()? {
            if let Some(name) = pair.name.0 {
                all.push((name, pair.value.0.unwrap_or_default()));
            }
        }
        Ok(Pairs(Some(all)))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        pass_over_map(map).map(|()| Pairs(None))
    }
}

impl<'a, 'de: 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PairsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_matters_is_read() {
        let entry = entry(
            r#"{"startedDateTime":"2016-01-01T00:00:00Z","time":12.6,"pageref":"p","cache":{},"_fromCache":"disk","time":12.5,
            "request":{"method":"GET","url":"https://h/a","httpVersion":"HTTP/2","headers":[{"name":":method","value":"GET"},
            {"name":"accept","value":"a\"b","comment":"x"}],"queryString":[],"cookies":[],"postData":null},
            "response":{"status":200,"headers":[],"content":{"size":-1,"mimeType":"application/json","text":"{\"a\":1}"},"bodySize":7}}"#,
        );
        assert_eq!((entry.time, entry.response.status), (Number(Some(12.5)), Number(Some(200.0))));
        assert_eq!(entry.from_cache, Mark(true));
        let headers = entry.request.headers.0.unwrap();
        assert_eq!(headers[1], ("accept".into(), "a\"b".into()));
        assert_eq!(entry.response.content.text.as_str(), r#"{"a":1}"#);
        assert_eq!((entry.response.content.size.count(), entry.response.body_size.count()), (None, Some(7)));
    }

    #[test]
    fn what_is_of_another_type_is_missing() {
        let entry = entry(
            r#"{"startedDateTime":3,"time":null,"request":{"method":["GET"],"url":{"raw":"x"},"headers":{"a":"b"},"queryString":null},
            "response":{"status":"204","headers":"none","content":{"size":"12","text":null,"encoding":false,"compression":[1]}}}"#,
        );
        assert_eq!((entry.request.method.0, entry.request.url.0), (None, None));
        assert!(entry.request.headers.0.is_none() && entry.response.headers.0.is_none());
        assert_eq!(entry.response.status, Number(Some(204.0)));
        let content = entry.response.content;
        assert_eq!((content.size, content.compression), (Number(Some(12.0)), Number(None)));
        assert!(content.text.0.is_none() && content.encoding.0.is_none());
    }

    #[test]
    fn a_response_that_is_not_an_object_is_missing() {
        for other in ["null", "\"none\"", "[]", "3", "false", "-1.5"] {
            let text = format!(r#"{{"response":{other},"request":{other},"time":1}}"#);
            let entry = entry(&text);
            assert_eq!((entry.response.status, entry.time), (Number(None), Number(Some(1.0))), "{other}");
        }
        assert!(entry("{}").request.url.0.is_none());
    }
}
