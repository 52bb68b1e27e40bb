//! An entry of a recording (HAR 1.2), as far as it matters. Programs leave out and misspell much: what is of another
//! type than it should be is taken for missing.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// One request and its answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow, default)]
    pub(super) started_date_time: Text<'a>,
    #[serde(default)]
    pub(super) time: Number,
    #[serde(borrow)]
    pub(super) request: Sent<'a>,
    #[serde(borrow)]
    pub(super) response: Answered<'a>,
    #[serde(borrow, default, rename = "_resourceType")]
    pub(super) resource_type: Text<'a>,
}

/// The request of an entry.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sent<'a> {
    #[serde(borrow, default)]
    pub(super) method: Text<'a>,
    #[serde(borrow, default)]
    pub(super) url: Text<'a>,
    #[serde(borrow, default)]
    pub(super) headers: Pairs<'a>,
    #[serde(borrow, default)]
    pub(super) query_string: Pairs<'a>,
    #[serde(borrow, default)]
    pub(super) post_data: Option<PostData<'a>>,
}

/// The body of a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostData<'a> {
    #[serde(borrow, default)]
    pub(super) text: Text<'a>,
}

/// The answer of an entry.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answered<'a> {
    #[serde(default)]
    pub(super) status: Number,
    #[serde(borrow, default)]
    pub(super) headers: Pairs<'a>,
    #[serde(borrow, default)]
    pub(super) content: Option<Content<'a>>,
    #[serde(default)]
    pub(super) body_size: Number,
}

/// The body of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content<'a> {
    #[serde(default)]
    pub(super) size: Number,
    #[serde(default)]
    pub(super) compression: Number,
    #[serde(borrow, default)]
    pub(super) mime_type: Text<'a>,
    #[serde(borrow, default)]
    pub(super) text: Text<'a>,
    #[serde(borrow, default)]
    pub(super) encoding: Text<'a>,
}

/// A text, if there is one.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(pub(super) Option<Cow<'a, str>>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

/// A whole number of at least 0, if there is one; -1 stands for one that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Number(pub(super) Option<u64>);

/// Names and values, if there is a list of them.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a>(pub(super) Option<Vec<(Cow<'a, str>, Cow<'a, str>)>>);

/// Reads what is of the type that is wanted, and passes over what is of another.
macro_rules! lenient {
    ($type:ident <$life:lifetime>, $visitor:ident: $($method:tt)*) => {
        struct $visitor;
        impl<$life> Visitor<$life> for $visitor {
            type Value = $type<$life>;
            lenient!(@rest $life $type $($method)*);
        }
        impl<'a, $life: 'a> Deserialize<$life> for $type<'a> {
            fn deserialize<D: Deserializer<$life>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($visitor)
            }
        }
    };
    (@rest $life:lifetime $type:ident $($method:item)*) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($type(None))
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($type(None))
        }
        $($method)*
    };
}

fn pass_over_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

fn pass_over_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

lenient!(Text<'de>, TextVisitor:
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Borrowed(text))))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Owned(text.to_owned()))))
    }
    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Text(Some(Cow::Owned(text))))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Text(None))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Text(None))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Text(None))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        pass_over_map(map).map(|()| Text(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        pass_over_seq(seq).map(|()| Text(None))
    }
);

lenient!(Pairs<'de>, PairsVisitor:
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
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Pairs(None))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Pairs(None))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Pairs(None))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Pairs(None))
    }
);

#[derive(Deserialize)]
struct Pair<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    value: Text<'a>,
}

impl Number {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is positive and small")]
    fn of(number: f64) -> Self {
        Self((0.0..9e15).contains(&number).then(|| number.round() as u64))
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }
    fn visit_unit<E>(self) -> Result<Number, E> {
        Ok(Number(None))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Number, E> {
        Ok(Number(None))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
        Ok(Number(Some(number)))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
        Ok(Number(u64::try_from(number).ok()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Number, E> {
        Ok(Number::of(number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Number, E> {
        Ok(text.trim().parse().map_or(Number(None), Number::of))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Number, A::Error> {
        pass_over_map(map).map(|()| Number(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Number, A::Error> {
        pass_over_seq(seq).map(|()| Number(None))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
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
            r#"{"startedDateTime":"2016-01-01T00:00:00Z","time":12.6,"pageref":"p","cache":{},
            "request":{"method":"GET","url":"https://h/a","httpVersion":"HTTP/2","headers":[{"name":":method","value":"GET"},
            {"name":"accept","value":"a\"b","comment":"x"}],"queryString":[],"cookies":[],"postData":null},
            "response":{"status":200,"headers":[],"content":{"size":-1,"mimeType":"application/json","text":"{\"a\":1}"},"bodySize":7}}"#,
        );
        assert_eq!((entry.time, entry.response.status), (Number(Some(13)), Number(Some(200))));
        let headers = entry.request.headers.0.unwrap();
        assert_eq!(headers[1], ("accept".into(), "a\"b".into()));
        assert_eq!(entry.response.content.as_ref().unwrap().text.as_str(), r#"{"a":1}"#);
        assert_eq!((entry.response.content.unwrap().size, entry.response.body_size), (Number(None), Number(Some(7))));
    }

    #[test]
    fn what_is_of_another_type_is_missing() {
        let entry = entry(
            r#"{"startedDateTime":3,"time":null,"request":{"method":["GET"],"url":{"raw":"x"},"headers":{"a":"b"},"queryString":null},
            "response":{"status":"204","headers":"none","content":{"size":"12","text":null,"encoding":false,"compression":[1]}}}"#,
        );
        assert_eq!((entry.request.method.0, entry.request.url.0), (None, None));
        assert!(entry.request.headers.0.is_none() && entry.response.headers.0.is_none());
        assert_eq!(entry.response.status, Number(Some(204)));
        let content = entry.response.content.unwrap();
        assert_eq!((content.size, content.compression), (Number(Some(12)), Number(None)));
        assert!(content.text.0.is_none() && content.encoding.0.is_none());
        assert!(serde_json::from_str::<Entry<'_>>("{}").is_err());
    }
}
