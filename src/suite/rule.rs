//! The rules that an expectation names by a word: the word, the rule and what it says stand in one table each. `check`
//! has the judge of each.

/// Makes the enum of a kind of rules, and its words, from lines of `Variant "word" "What it says."`.
macro_rules! rules {
    ($(#[$about:meta])* $name:ident { $($variant:ident $word:literal $says:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = $says] $variant,)+
        }

        impl $name {
            /// The words of all, in their order.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The rule of a word.
            pub fn named(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// What it says, in a sentence.
            pub fn says(self) -> &'static str {
                match self {
                    $(Self::$variant => $says,)+
                }
            }
        }
    };
}

rules! {
    /// A rule for a whole body (`everywhere`).
    Rule {
        UniqueMembers "unique-members" "No object names a member twice (judged on the bytes).",
        NoNull "no-null" "No member is `null`.",
        DatesIso8601 "dates-iso-8601" "Every date is an ISO-8601 string.",
        DatesUtc "dates-utc" "Every date is designated UTC.",
        TimestampsShape "timestamps-shape" "A BSON timestamp is an object of `date` and `increment` alone.",
        TimestampsSeconds "timestamps-seconds" "The date of a BSON timestamp is to the second.",
        TimestampsInt32 "timestamps-int32" "The increment of a BSON timestamp is an integer of 32 bits.",
        UnitsInNames "units-in-names" "A numeric member known to need a unit names it.",
        LinkShape "link-shape" "`links` is an array of objects with `rel` and `href` strings.",
        LinkMembers "link-members" "A link has the members `rel` and `href` and no other.",
        ItemsOnlySelf "items-only-self" "An entity inside a list has `self` and no other link.",
        ExtensionRelIsUri "extension-rel-is-uri" "A relation name that is not registered is a URI.",
    }
}

rules! {
    /// A rule that holds a response against its own request (`own-request`).
    OwnRule {
        SizeHonoured "size-honoured" "A page holds as many items as were asked for, and fewer only if it is the last.",
        SizeDefault "size-default" "A page asked for without a size holds as many items as the default says.",
        SizeMaximum "size-maximum" "A page never holds more than the maximum.",
        TotalFits "total-fits" "`totalCount` fits the number of the page and what it holds.",
        PreviousFits "previous-fits" "There is a link `previous` unless the page is the first.",
        NextFits "next-fits" "There is a link `next` unless the page is the last.",
        SelfIsPage "self-is-page" "The link `self` of a page leads to that page.",
        LinksStep "links-step" "The links `next` and `previous` lead one page on and one back.",
        LinksKeepQuery "links-keep-query" "The links `next` and `previous` keep the size of the page and its filters.",
        PagingRefused "paging-refused" "No list is returned for a paging parameter that is not a positive integer.",
        SelfIsOwn "self-is-own" "The link `self` of an entity does not lead to what it lies in.",
        ItemsDiffer "items-differ" "The entities of a list have links `self` of their own.",
        EnvelopeOfEntity "envelope-of-entity" "An entity in an envelope comes with `status` and `content` alone.",
        EnvelopeOfList "envelope-of-list" "A list with an envelope has `status` beside its own fields.",
        EnvelopeOfError "envelope-of-error" "An error in an envelope comes with `status` and `content`.",
        EnvelopeStatus "envelope-status" "The `status` of an envelope is that of the response.",
        ErrorIsStatus "error-is-status" "The `error` of an error document is the status of the response.",
        AllowFits "allow-fits" "The Allow of a 405 does not name the method that was refused.",
        JsonAccepted "json-accepted" "A request entity sent as JSON is not refused for its media type.",
        FramedOnce "framed-once" "The length of the body is stated once: by one Content-Length, or by chunks alone.",
    }
}

rules! {
    /// What is expected of the challenge of a response (`challenge`).
    ChallengeRule {
        Digest "digest" "A well-formed Digest challenge is there.",
        DigestWithQop "digest-with-qop" "Its Digest challenge names a qop.",
        NoBasic "no-basic" "Basic is not offered.",
        Stale "stale" "Its Digest challenge says `stale=true`.",
        None "none" "There is no challenge at all.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_rule_and_is_documented() {
        let documented = include_str!("../../docs/case-format.md");
        for word in Rule::WORDS.iter().chain(OwnRule::WORDS).chain(ChallengeRule::WORDS) {
            assert!(documented.contains(&format!("`{word}`")), "docs/case-format.md does not name `{word}`");
        }
        assert!(Rule::WORDS.iter().all(|word| Rule::named(word).is_some_and(|rule| rule.says().ends_with('.'))));
        assert_eq!(OwnRule::named("size-maximum"), Some(OwnRule::SizeMaximum));
        assert_eq!(ChallengeRule::named("no-such-word"), None);
    }
}
