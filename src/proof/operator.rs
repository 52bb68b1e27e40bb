//! The operators: each alters one thing of a response.

/// A way to alter a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Operator {
    SilenceAnswered,
    StatusClass,
    StatusError,
    StatusNeighbour,
    StatusRefused,
    StatusUnknown,
    HeaderRemoved,
    HeaderAltered,
    HeaderAdded,
    HeaderDoubled,
    ChallengeAdded,
    ParameterRemoved,
    MediaType,
    Charset,
    BodyEmptied,
    BodyAdded,
    BodyCut,
    BodyReplaced,
    BodyWrapped,
    WhiteSpace,
    MemberRemoved,
    MemberRenamed,
    MemberRetyped,
    MemberNull,
    MemberAdded,
    MemberDoubled,
    ValueChanged,
    ValueCopied,
    TextCapitals,
    DateHour,
    DateZone,
    BooleanFlipped,
    UrlSegment,
    UrlPage,
    UrlHost,
    ArrayEmptied,
    ItemDropped,
    ItemAdded,
    ItemDoubled,
    ItemMoved,
}

impl Operator {
    /// All of them.
    pub(super) const ALL: [Self; 40] = [
        Self::SilenceAnswered,
        Self::StatusClass,
        Self::StatusError,
        Self::StatusNeighbour,
        Self::StatusRefused,
        Self::StatusUnknown,
        Self::HeaderRemoved,
        Self::HeaderAltered,
        Self::HeaderAdded,
        Self::HeaderDoubled,
        Self::ChallengeAdded,
        Self::ParameterRemoved,
        Self::MediaType,
        Self::Charset,
        Self::BodyEmptied,
        Self::BodyAdded,
        Self::BodyCut,
        Self::BodyReplaced,
        Self::BodyWrapped,
        Self::WhiteSpace,
        Self::MemberRemoved,
        Self::MemberRenamed,
        Self::MemberRetyped,
        Self::MemberNull,
        Self::MemberAdded,
        Self::MemberDoubled,
        Self::ValueChanged,
        Self::ValueCopied,
        Self::TextCapitals,
        Self::DateHour,
        Self::DateZone,
        Self::BooleanFlipped,
        Self::UrlSegment,
        Self::UrlPage,
        Self::UrlHost,
        Self::ArrayEmptied,
        Self::ItemDropped,
        Self::ItemAdded,
        Self::ItemDoubled,
        Self::ItemMoved,
    ];

    /// Its name, which never changes.
    pub(super) fn id(self) -> &'static str {
        self.row().0
    }

    /// What it does, in one sentence.
    pub(super) fn sentence(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::SilenceAnswered => ("silence-answered", "A request that got no response is answered with 200."),
            Self::StatusClass => ("status-class", "The status is of another class."),
            Self::StatusError => ("status-error", "The status says that the server failed."),
            Self::StatusNeighbour => ("status-neighbour", "The status is another one of its class."),
            Self::StatusRefused => ("status-refused", "The status is 401, 405 or 409."),
            Self::StatusUnknown => ("status-unknown", "The status is one that no standard has."),
            Self::HeaderRemoved => ("header-removed", "A header is missing."),
            Self::HeaderAltered => ("header-altered", "A header has another value."),
            Self::HeaderAdded => ("header-added", "A header names a coding that the body does not have."),
            Self::HeaderDoubled => ("header-doubled", "A header is there twice, with different values."),
            Self::ChallengeAdded => ("challenge-added", "A further challenge offers Basic authentication."),
            Self::ParameterRemoved => ("parameter-removed", "A challenge lacks a parameter."),
            Self::MediaType => ("media-type", "The media type is another one."),
            Self::Charset => ("charset", "The media type names another charset."),
            Self::BodyEmptied => ("body-emptied", "The body is empty."),
            Self::BodyAdded => ("body-added", "A response without a body has one."),
            Self::BodyCut => ("body-cut", "The second half of the body is missing."),
            Self::BodyReplaced => ("body-replaced", "The body is that of another response of the run."),
            Self::BodyWrapped => ("body-wrapped", "The body stands in an envelope, or in one more."),
            Self::WhiteSpace => {
                ("white-space", "White space is added to a compact body, or removed from a pretty one.")
            }
            Self::MemberRemoved => ("member-removed", "A member is missing."),
            Self::MemberRenamed => ("member-renamed", "A member has another name."),
            Self::MemberRetyped => ("member-retyped", "A value is of another JSON type."),
            Self::MemberNull => ("member-null", "A value is `null`."),
            Self::MemberAdded => ("member-added", "An error document, a link or a timestamp has a further member."),
            Self::MemberDoubled => ("member-doubled", "A member is there twice, with different values."),
            Self::ValueChanged => ("value-changed", "A number is larger by one, or one letter of a text is another."),
            Self::ValueCopied => ("value-copied", "A text of an error document is that of the member before."),
            Self::TextCapitals => ("text-capitals", "The small letters of a text are capitals."),
            Self::DateHour => ("date-hour", "A date is an hour later."),
            Self::DateZone => ("date-zone", "A date has another time zone, and so is another instant."),
            Self::BooleanFlipped => ("boolean-flipped", "`true` is `false`, or `false` is `true`."),
            Self::UrlSegment => ("url-segment", "The last segment of a URL is another one."),
            Self::UrlPage => ("url-page", "A URL leads to another page."),
            Self::UrlHost => ("url-host", "A URL has another host."),
            Self::ArrayEmptied => ("array-emptied", "An array is empty."),
            Self::ItemDropped => ("item-dropped", "The last item of an array is missing."),
            Self::ItemAdded => ("item-added", "A list has a further item, which the test has sent before."),
            Self::ItemDoubled => ("item-doubled", "The last item of an array is there twice."),
            Self::ItemMoved => ("item-moved", "The first item of an array is the last one."),
        }
    }
}

/// A way to write all responses of a test differently that the specification permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Spelling {
    MembersReordered,
    LinksReordered,
    MembersAdded,
    HrefRelative,
    HrefCapitals,
    DatePrecision,
    NumberExponent,
    TextEscaped,
    Layout,
    HeadersReordered,
    HeaderUnknown,
    MediaTypeCase,
}

impl Spelling {
    /// All of them.
    pub(super) const ALL: [Self; 12] = [
        Self::MembersReordered,
        Self::LinksReordered,
        Self::MembersAdded,
        Self::HrefRelative,
        Self::HrefCapitals,
        Self::DatePrecision,
        Self::NumberExponent,
        Self::TextEscaped,
        Self::Layout,
        Self::HeadersReordered,
        Self::HeaderUnknown,
        Self::MediaTypeCase,
    ];

    /// Its name, which never changes.
    pub(super) fn id(self) -> &'static str {
        self.row().0
    }

    /// What it does, in one sentence.
    pub(super) fn sentence(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::MembersReordered => ("members-reordered", "The members of objects are in reverse order."),
            Self::LinksReordered => ("links-reordered", "The links of an object are in reverse order."),
            Self::MembersAdded => ("members-added", "Resources have a further member."),
            Self::HrefRelative => ("href-relative", "Links of the target are references without scheme and host."),
            Self::HrefCapitals => ("href-capitals", "Scheme and host of links are in capitals."),
            Self::DatePrecision => ("date-precision", "Dates have a fraction of a second, which is zero."),
            Self::NumberExponent => ("number-exponent", "Numbers have an exponent, which is zero."),
            Self::TextEscaped => ("text-escaped", "The first letter of each text is an escape."),
            Self::Layout => ("layout", "Pretty bodies are indented by tabs."),
            Self::HeadersReordered => ("headers-reordered", "Headers of different names are in another order."),
            Self::HeaderUnknown => ("header-unknown", "There is a further header, which nobody knows."),
            Self::MediaTypeCase => ("media-type-case", "The media type is in capitals, with a charset."),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_sentences_end() {
        let rows = Operator::ALL.iter().map(|it| it.row()).chain(Spelling::ALL.iter().map(|it| it.row()));
        let mut ids = BTreeSet::new();
        for (id, sentence) in rows {
            assert!(ids.insert(id), "{id}");
            assert!(sentence.ends_with('.') && sentence.split(' ').count() <= 25, "{sentence}");
        }
    }
}
