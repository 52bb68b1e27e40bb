//! The operators, which alter one thing of a response, and the spellings, which write all responses differently.

/// Makes an enum and its table from lines of `Variant "id": "what it does";`.
macro_rules! table {
    (#[doc = $doc:literal] $name:ident { $($variant:ident $id:literal: $sentence:literal;)+ }) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum $name {
            $(#[doc = $sentence] $variant,)+
        }

        impl $name {
            /// All of them.
            pub(super) const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, which never changes.
            pub(super) fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }

            /// What it does, in one sentence.
            pub(super) fn sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)+
                }
            }
        }
    };
}

table! {
    /// A way to alter a response.
    Operator {
        SilenceAnswered "silence-answered": "A request that got no response is answered with 200.";
        StatusClass "status-class": "The status is of another class.";
        StatusError "status-error": "The status says that the server failed.";
        StatusNeighbour "status-neighbour": "The status is another one of its class.";
        StatusRefused "status-refused": "The status is 401, 405 or 409.";
        StatusUnknown "status-unknown": "The status is one that no standard has.";
        HeaderRemoved "header-removed": "A header is missing.";
        HeaderAltered "header-altered": "A header has another value.";
        HeaderAdded "header-added": "A header names a coding that the body does not have.";
        HeaderDoubled "header-doubled": "A header is there twice, with different values.";
        ChallengeAdded "challenge-added": "A further challenge offers Basic authentication.";
        ParameterRemoved "parameter-removed": "A challenge lacks a parameter.";
        MediaType "media-type": "The media type is another one.";
        Charset "charset": "The media type names another charset.";
        BodyEmptied "body-emptied": "The body is empty.";
        BodyAdded "body-added": "A response without a body has one.";
        BodyCut "body-cut": "The second half of the body is missing.";
        BodyReplaced "body-replaced": "The body is that of another response of the run.";
        BodyWrapped "body-wrapped": "The body stands in an envelope, or in one more.";
        WhiteSpace "white-space": "White space is added to a compact body, or removed from a pretty one.";
        MemberRemoved "member-removed": "A member is missing.";
        MemberRenamed "member-renamed": "A member has another name.";
        MemberRetyped "member-retyped": "A value is of another JSON type.";
        MemberNull "member-null": "A value is `null`.";
        MemberAdded "member-added": "An error document, a link or a timestamp has a further member.";
        MemberDoubled "member-doubled": "A member is there twice, with different values.";
        ValueChanged "value-changed": "A number is larger by one, or one letter of a text is another.";
        ValueCopied "value-copied": "A text of an error document is that of the member before.";
        TextCapitals "text-capitals": "The small letters of a text are capitals.";
        DateHour "date-hour": "A date is an hour later.";
        DateZone "date-zone": "A date has another time zone, and so is another instant.";
        BooleanFlipped "boolean-flipped": "`true` is `false`, or `false` is `true`.";
        UrlSegment "url-segment": "The last segment of a URL is another one.";
        UrlPage "url-page": "A URL leads to another page.";
        UrlHost "url-host": "A URL has another host.";
        ArrayEmptied "array-emptied": "An array is empty.";
        ItemDropped "item-dropped": "The last item of an array is missing.";
        ItemAdded "item-added": "A list has a further item, which the test has sent before.";
        ItemDoubled "item-doubled": "The last item of an array is there twice.";
        ItemMoved "item-moved": "The first item of an array is the last one.";
    }
}

table! {
    /// A way to write all responses of a test differently that the specification permits.
    Spelling {
        MembersReordered "members-reordered": "The members of objects are in reverse order.";
        LinksReordered "links-reordered": "The links of an object are in reverse order.";
        MembersAdded "members-added": "Resources have a further member.";
        HrefRelative "href-relative": "Links of the target are references without scheme and host.";
        HrefCapitals "href-capitals": "Scheme and host of links are in capitals.";
        DatePrecision "date-precision": "Dates have a fraction of a second, which is zero.";
        NumberExponent "number-exponent": "Numbers have an exponent, which is zero.";
        TextEscaped "text-escaped": "The first letter of each text is an escape.";
        Layout "layout": "Pretty bodies are indented by tabs.";
        HeadersReordered "headers-reordered": "Headers of different names are in another order.";
        HeaderUnknown "header-unknown": "There is a further header, which nobody knows.";
        MediaTypeCase "media-type-case": "The media type is in capitals, with a charset.";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_sentences_end() {
        let operators = Operator::ALL.iter().map(|it| (it.id(), it.sentence()));
        let spellings = Spelling::ALL.iter().map(|it| (it.id(), it.sentence()));
        let mut ids = BTreeSet::new();
        for (id, sentence) in operators.chain(spellings) {
            assert!(ids.insert(id), "{id}");
            assert!(sentence.ends_with('.') && sentence.split(' ').count() <= 25, "{sentence}");
        }
    }
}
