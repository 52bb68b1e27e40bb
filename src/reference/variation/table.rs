//! Every variation of the reference server.

use super::VariationInfo;

/// Makes the enum and its table from lines of `"aspect" Variant "name" by "what allows it": "what it does";`.
macro_rules! variations {
    ($($aspect:literal $variant:ident $name:literal by $allowed_by:literal: $description:literal;)+) => {
        /// Conforming behaviour that differs from the reference server's own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Variation {
            $(#[doc = $description] $variant,)+
        }

        const TABLE: &[VariationInfo] = &[
            $(VariationInfo {
                variation: Variation::$variant,
                name: $name,
                aspect: $aspect,
                description: $description,
                allowed_by: $allowed_by,
            },)+
        ];
    };
}

impl Variation {
    /// Every variation with what is known of it, those of one aspect together.
    pub fn table() -> &'static [VariationInfo] {
        TABLE
    }

    /// The variation of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|info| info.name == name).map(|info| info.variation)
    }

    /// What is known of it.
    pub fn info(self) -> &'static VariationInfo {
        // The enum and the table are made from the same lines.
        &TABLE[self as usize]
    }
}

variations! {
    "hrefs" HrefsOfPaths "hrefs-of-paths" by "\"href - The target URL\": RFC 3986 knows relative references":
        "hrefs are paths without scheme and host";
    "hrefs" HrefsWithoutScheme "hrefs-without-scheme" by "\"href - The target URL\": RFC 3986 knows relative references":
        "hrefs begin with two slashes and the host";
    "hrefs" HrefsFromRequest "hrefs-from-request" by "\"href - The target URL\": RFC 3986 knows relative references":
        "hrefs are relative to the URL of the request";
    "href-query" QueryReversed "query-reversed" by "no order of query parameters is stated":
        "the query parameters of hrefs stand in another order";
    "self-of-lists" SelfAsRequested "self-as-requested" by "\"called self, which is simply its own URL\"":
        "the self link of a list spells no default out that the request did not";
    "href-switches" HrefsKeepSwitches "hrefs-keep-switches" by "the text is silent on what hrefs keep of the request":
        "the hrefs of an entity repeat `envelope` and `pretty` of the request";
    "slashes" SlashAtTheEnd "slash-at-the-end" by "the text is silent on the form of paths":
        "the paths of resources end with a slash";
    "link-members" LinksSayMore "links-say-more" by "a link relation is extensible (RFC 8288, section 2.2)":
        "link objects have a title and a type beside rel and href";
    "link-order" LinksShuffled "links-shuffled" by "no order of links is stated":
        "links stand in another order in each answer";
    "more-links" MoreLinks "more-links" by "\"one or more links to sub-resources and/or related resources\"":
        "entities have registered relations, too, and two links of one relation";
    "link-headers" LinkHeaders "link-headers" by "links in headers are \"not a requirement\", and not forbidden":
        "the self link of an answer stands in a Link header, too";

    "zone" ZoneAsOffset "zone-as-offset" by "\"ISO-8601-formatted strings designated in UTC\"":
        "dates are designated UTC by +00:00";
    "date-form" DatesBasic "dates-basic" by "\"ISO-8601-formatted\": its basic form is one, too":
        "dates are written without separators";
    "fractions" DatesWithMillis "dates-with-millis" by "only BSON timestamps have \"granularity to the second\"":
        "dates have three digits of a fraction";
    "fractions" DatesWithNanos "dates-with-nanos" by "only BSON timestamps have \"granularity to the second\"":
        "dates have nine digits of a fraction";

    "own-members" OwnMembers "own-members" by "the text lists no fields of entities":
        "entities have members of odd names with odd values of every type";
    "volatile" Volatile "volatile" by "the text does not say that values stand still":
        "entities have members that change at every read";
    "volatile" ComeAndGo "come-and-go" by "\"Fields that do not have a sensible default value are omitted\"":
        "entities have a member that comes and goes every other second";
    "unset" UnsetIsEmpty "unset-is-empty" by "\"returned with an appropriate default value\"":
        "an optional text without a value is an empty text";
    "write-only" WriteOnly "write-only" by "the text does not say that all that is sent is returned":
        "what a document says of its recipients is never returned";
    "ids" IdsAreUuids "ids-are-uuids" by "the text is silent on the form of ids": "ids are UUIDs in capitals";
    "ids" IdsAreDecimal "ids-are-decimal" by "the text is silent on the form of ids": "ids are decimal digits";
    "ids" IdsHaveDelimiters "ids-have-delimiters" by "RFC 3986, section 3.3: what a path segment may hold":
        "ids hold the delimiters that paths may hold";
    "ids" IdsAreEncoded "ids-are-encoded" by "RFC 3986, section 2.1: percent-encoding":
        "ids hold spaces, quotes and accents, and so are percent-encoded in paths";
    "names" OtherNames "other-names" by "the text names no resource but groups, in an example":
        "resources have other names in paths";
    "base" BaseIsOrigin "base-is-origin" by "the text names no base path": "the root of the API is that of the origin";
    "base" BaseIsDeep "base-is-deep" by "the text names no base path":
        "the root of the API lies below a long path with odd characters";
    "list-order" ListsReversed "lists-reversed" by "no order of a list is stated":
        "lists stand in the reverse order";
    "list-moves" ListGrows "list-grows" by "lists may change while they are read":
        "new events come at the head of their list while it is read";
    "list-moves" ListShrinks "list-shrinks" by "lists may change while they are read":
        "old events go from the end of their list while it is read";

    "page-links" OpaquePages "opaque-pages" by "\"next for the next page of results\": how its URL is written is not stated":
        "the links between the pages of a list, and to them, have a cursor in place of page parameters";

    "error-members" ErrorsSayMore "errors-say-more" by "\"additional details about what went wrong\"":
        "error documents have an error code, parameters and links beside the three fields";
    "reason" ReasonInCapitals "reason-in-capitals" by "phrases have no meaning by their case (RFC 9110, section 15)":
        "the reason of an error is in capitals";
    "field-name" FieldAsPointer "field-as-pointer" by "\"an error message stating which field was invalid\"":
        "an error names the invalid field by a JSON Pointer";
    "field-name" FieldInParameters "field-in-parameters" by "\"an error message stating which field was invalid\"":
        "an error names the invalid field in a member of its own";
    "other-type" OtherTypeIs400 "other-type-is-400" by "\"400 Bad Request: Something was wrong with the client request\"":
        "a body of another media type is refused with 400";
    "whitelist" WhitelistIs401 "whitelist-is-401" by "401: \"the user … is not allowed to access the requested resource\"":
        "an address that is not on the whitelist is refused with 401";
    "other-uri" OtherUriIs401 "other-uri-is-401" by "RFC 7616, section 3.4.6, asks for 400 with a SHOULD only":
        "credentials for another URI are refused with 401";
    "page-size" LargePageIs400 "large-page-is-400" by "\"up to a maximum of 100\": more may be refused or cut":
        "more items than a page may hold are refused with 400";
    "past-end" PastEndIs404 "past-end-is-404" by "the text is silent on pages past the end":
        "a page past the end is answered 404";

    "enveloped-errors" EnvelopedErrorsAre200 "enveloped-errors-are-200" by "\"clients might not be able to access the … status code\"":
        "an error in an envelope comes with success, but for a missing login: its status stands inside";

    "delete" DeleteIs200 "delete-is-200" by "\"DELETE - Remove a resource\", \"200 OK The request was successful\"":
        "a DELETE is answered 200 with an empty object";
    "delete" DeleteIs202 "delete-is-202" by "\"202 Accepted A request for an asynchronous operation\"":
        "a DELETE is answered 202 with an empty object";
    "delete" DeleteTells "delete-tells" by "\"200 OK The request was successful\"":
        "a DELETE is answered 200 with what was removed";
    "created" CreatedSaysLittle "created-says-little" by "\"201 Created A new resource was created\": no body is stated":
        "a POST is answered 201 with a Location and no body";
    "created" CreatedHasNoLocation "created-has-no-location" by "the text does not mention Location":
        "a POST is answered without a Location, with the whole entity";
    "location" LocationIsPath "location-is-path" by "RFC 9110, section 10.2.2: a Location may be relative":
        "a Location is a path without scheme and host";
    "updated" UpdatedIs204 "updated-is-204" by "the text is silent on the answer to PUT and PATCH":
        "PUT and PATCH are answered 204";
    "updated" UpdatedIsEmpty "updated-is-empty" by "the text is silent on the answer to PUT and PATCH":
        "PUT and PATCH are answered 200 with an empty object";
    "put" PutIsComplete "put-is-complete" by "\"PUT - Replace a resource with the provided JSON representation\"":
        "a PUT has to name every field";
    "put" NoPut "no-put" by "\"All resources support a subset of these common HTTP Methods\"": "no resource knows PUT";
    "head-method" NoHead "no-head" by "\"All resources support a subset of these common HTTP Methods\"":
        "no resource knows HEAD";
    "patch" NoPatch "no-patch" by "\"All resources support a subset of these common HTTP Methods\"":
        "no resource knows PATCH";
    "unmodifiable" UnmodifiableEvenSame "unmodifiable-even-same" by "\"include a field that cannot be modified\": 400":
        "a field that cannot be modified is refused even with its own value";
    "set-on-create" SetOnCreate "set-on-create" by "\"update an existing entity and include a field that cannot be modified\"":
        "a field that cannot be modified later can be set by a POST";
    "nulls" NullIsNoValue "null-is-no-value" by "\"Fields that do not have a current value\": the text is silent on null":
        "a null that is sent means that the field has no value";
    "sent-dates" ShortOffsetRefused "short-offset-refused" by "ISO 8601 does not mix its basic and its extended form":
        "a date whose offset lacks the colon that its time has is refused";
    "consistency" SeenLate "seen-late" by "the text does not say when a change is seen":
        "changes are seen two seconds after they were made";
    "consistency" SeenUnevenly "seen-unevenly" by "the text does not say when a change is seen":
        "for two seconds some reads see a change and others do not";
    "jobs" JobsTakeLong "jobs-take-long" by "\"202 Accepted A request for an asynchronous operation was accepted\"":
        "an asynchronous operation takes twenty seconds";
    "accepted" AcceptedSaysLittle "accepted-says-little" by "the text states no body of a 202":
        "an asynchronous operation is accepted with a Location and an empty object";

    "media-type" MediaTypeWithCharset "media-type-with-charset" by "RFC 9110, section 8.3: parameters":
        "the media type has a charset";
    "media-type" MediaTypeOddlyWritten "media-type-oddly-written" by "RFC 9110, section 8.3.1: no case, optional space":
        "the media type is written in capitals, with spaces and quotes";
    "media-type" MediaTypeOfVendor "media-type-of-vendor" by "RFC 6839, section 3.1: the suffix +json":
        "the media type is a vendor's, with +json";
    "media-type" MediaTypeVaries "media-type-varies" by "RFC 9110, section 8.3.1: no case, optional space, quotes":
        "the media type is written differently in each response";
    "date-spelling" DatesVary "dates-vary" by "\"ISO-8601-formatted strings designated in UTC\"":
        "dates are written differently in each response: with and without a fraction, Z or +00:00";
    "number-spelling" NumbersVary "numbers-vary" by "RFC 8259, section 6: fraction and exponent are optional":
        "numbers are written differently in each response: 3, 3.0 or 3E+0";
    "href-spelling" HrefsVary "hrefs-vary" by "RFC 3986, sections 4.2 and 6.2.2: spellings of one URL":
        "hrefs are written differently in each response: relative, in capitals, with escapes and dot segments";
    "indent" IndentByTabs "indent-by-tabs" by "\"pretty-printed\" is all that is stated": "JSON is indented by tabs";
    "indent" IndentByFour "indent-by-four" by "\"pretty-printed\" is all that is stated":
        "JSON is indented by four spaces, with CRLF at the end of lines";
    "last-line" NewlineAtTheEnd "newline-at-the-end" by "a final line break is not within the JSON":
        "bodies end with a line break";
    "escapes" Escapes "escapes" by "RFC 8259, section 7: any character may be escaped":
        "slashes and all that is not ASCII are escaped in JSON";
    "escapes" EscapesVary "escapes-vary" by "RFC 8259, section 7: any character may be escaped":
        "other characters are escaped in the JSON of each response";
    "pieces" ChunkingVaries "chunking-varies" by "RFC 9112, section 7.1":
        "some responses are sent in chunks and others are not";
    "pieces" Chunked "chunked" by "RFC 9112, section 7.1": "bodies are sent in chunks";
    "pieces" Dribbling "dribbling" by "no time of an answer is stated": "bodies come in pieces with pauses";
    "version" HttpOneZero "http-one-zero" by "no version of HTTP is stated": "answers are in HTTP/1.0";
    "connection" Closes "closes" by "RFC 9112, section 9.6": "every connection is closed after its first answer";
    "header-case" HeadersInTitleCase "headers-in-title-case" by "RFC 9110, section 5.1: no case":
        "the names of headers are written with capitals";
    "header-case" HeaderCaseVaries "header-case-varies" by "RFC 9110, section 5.1: no case":
        "the names of headers are written with capitals on some connections";
    "more-headers" MoreHeaders "more-headers" by "RFC 9110, section 5.1: unknown headers are ignored":
        "answers have cookies, entity tags and many other headers, one of them not ASCII";
    "head" HeadWithoutLength "head-without-length" by "RFC 9110, section 9.3.2: HEAD may leave out Content-Length":
        "the answer to HEAD has no Content-Length";
    "date-header" NoDate "no-date" by "RFC 9110, section 6.6.1: a server without a clock sends no Date":
        "answers have no Date";
    "clock" ClockAhead "clock-ahead" by "the server's clock need not be the tester's":
        "the server's clock is an hour ahead";
    "pace" Slow "slow" by "no time of an answer is stated": "every answer takes a while";
    "maintenance" Unavailable "unavailable" by "\"5xx … Try again later\"":
        "now and then a request is answered 503 with Retry-After";

    "limited" AllLimited "all-limited" by "\"Certain resources are subject to rate limiting\"":
        "every resource of a group is rate limited, each by itself";
    "limit-headers" LimitHeaders "limit-headers" by "RFC 9110, section 5.1: unknown headers are ignored":
        "answers tell the limit and what is left of it";
    "retry-after" NoRetryAfter "no-retry-after" by "RFC 6585, section 4: a 429 may have a Retry-After":
        "a 429 does not say when to try again";
    "retry-after" RetryAfterDate "retry-after-date" by "RFC 9110, section 10.2.3: a date or seconds":
        "a 429 says by a date when to try again";

    "nonce-life" NonceLivesShortly "nonce-lives-shortly" by "\"only valid for a short amount of time\"":
        "a nonce lives for a second";
    "nonce-life" NonceLivesLong "nonce-lives-long" by "\"only valid for a short amount of time\"":
        "a nonce lives for five minutes";
    "nonce-life" NonceLifeUntold "nonce-life-untold" by "the text does not say how long":
        "the target file does not tell how long a nonce lives";
    "nonce-use" NonceOnce "nonce-once" by "RFC 7616, section 3.3: one-time nonces":
        "a nonce serves one request";
    "nonce-use" CountsRise "counts-rise" by "RFC 7616, section 3.4: nc counts the requests":
        "the counts of a nonce have to rise";
    "nonce-use" CountsHaveNoGaps "counts-have-no-gaps" by "RFC 7616, section 3.4: nc counts the requests":
        "the counts of a nonce have to rise by one";
    "nonce-use" NonceShared "nonce-shared" by "RFC 7616, section 3.3: the nonce is the server's choice":
        "all challenges of ten seconds have one nonce";
    "nonce-text" NonceOfOddText "nonce-of-odd-text" by "RFC 7616, section 3.3: \"a quoted-string\"":
        "a nonce holds commas, quotes, backslashes and spaces";
    "next-nonce" NextNonce "next-nonce" by "RFC 7616, section 3.5": "answers name the nonce to be used next";
    "unknown-nonce" UnknownIsStale "unknown-is-stale" by "RFC 7616, section 3.3: stale says that the nonce is invalid":
        "a nonce that is not known is called stale";
    "algorithms" NoQop "no-qop" by "RFC 7616 names no way without qop, RFC 2069 does": "the challenge offers no qop";
    "algorithms" Md5Only "md5-only" by "\"HTTP Digest Authentication\": no algorithm is stated": "only MD5 is offered";
    "algorithms" Md5Unnamed "md5-unnamed" by "RFC 7616, section 3.3: without algorithm it is MD5":
        "the challenge names no algorithm";
    "algorithms" Md5First "md5-first" by "RFC 7616, section 3.7: the order is the server's preference":
        "MD5 is offered before SHA-256";
    "algorithms" OwnNonces "own-nonces" by "RFC 7616, section 3.3: each challenge has its nonce":
        "MD5 is offered before SHA-256, each with a nonce that is good for it alone";
    "algorithms" Sha256Only "sha256-only" by "RFC 7616, section 3.2": "only SHA-256 is offered";
    "algorithms" Sha512Only "sha512-only" by "RFC 7616, section 3.2": "only SHA-512-256 is offered";
    "algorithms" Md5Session "md5-session" by "RFC 7616, section 3.4.2": "only MD5-sess is offered";
    "algorithms" Sha256Session "sha256-session" by "RFC 7616, section 3.4.2": "only SHA-256-sess is offered";
    "challenge-lines" ChallengesInOneLine "challenges-in-one-line" by "RFC 9110, section 11.6.1":
        "all challenges stand in one header line";
    "challenge-writing" ChallengeOddlyWritten "challenge-oddly-written" by "RFC 9110, section 11.2: no case, optional space":
        "challenges are written in other cases, with spaces in odd places";
    "stale" StaleQuoted "stale-quoted" by "RFC 7616, section 3.3: a flag, which servers quote or not":
        "the value of stale is quoted and in capitals";
    "stale" StaleUnsaid "stale-unsaid" by "RFC 7616, section 3.3: stale may be left out": "there is no stale=false";
    "opaque" Opaque "opaque" by "RFC 7616, section 3.3: \"should be returned unchanged\"":
        "challenges have an opaque of odd characters, which has to come back";
    "realm" RealmOfOddText "realm-of-odd-text" by "RFC 7616, section 3.3: \"a string to be displayed to users\"":
        "the realm holds commas, quotes and backslashes";
    "more-parameters" MoreParameters "more-parameters" by "RFC 7616, section 3.3: domain, charset; any other is ignored":
        "challenges have a domain, a charset, an unknown parameter, and a qop that lists an unknown option";
    "userhash" UserHash "user-hash" by "RFC 7616, section 3.4.4": "the server asks for hashed user names";
    "other-schemes" OtherSchemes "other-schemes" by "RFC 9110, section 11.6.1: several challenges":
        "a 401 offers other schemes than Digest, too";
    "plain" PlainSentOn "plain-sent-on" by "\"only accessible via HTTPS\": a redirection gives no access":
        "plain HTTP is answered by a redirection to HTTPS";
    "plain" PlainIs400 "plain-is-400" by "\"only accessible via HTTPS\": a refusal gives no access":
        "plain HTTP is answered 400 with a page of HTML";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        let names: BTreeSet<&str> = Variation::table().iter().map(|info| info.name).collect();
        assert_eq!(names.len(), Variation::table().len());
        for info in Variation::table() {
            assert_eq!(info.variation.info().name, info.name);
            assert_eq!(Variation::from_name(info.name), Some(info.variation));
            assert!(info.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
        assert_eq!(Variation::from_name("no-such-variation"), None);
    }

    #[test]
    fn no_fault_has_the_name_of_a_variation() {
        let both = Variation::table().iter().filter(|info| crate::reference::Fault::from_name(info.name).is_some());
        assert_eq!(both.map(|info| info.name).collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
