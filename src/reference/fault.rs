//! Deliberate faults of the reference server: one plausible mistake each, under the requirements that it breaks.
//!
//! A fault is a line in the table here and a line at the decision that it spoils: search for `Fault::ItsName`.

/// Makes the enum and its table from lines of `Variant "name" violates "requirement"…: "what it does";`.
macro_rules! faults {
    ($($variant:ident $name:literal violates $($requirement:literal)+: $description:literal;)+) => {
        /// A deliberate departure from the specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(#[doc = $description] $variant,)+
        }

        /// Every fault, in the order of the requirements.
        const TABLE: &[FaultInfo] = &[
            $(FaultInfo {
                fault: Fault::$variant,
                name: $name,
                violates: &[$($requirement),+],
                description: $description,
            },)+
        ];
    };
}

/// What is known of a fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultInfo {
    /// The fault.
    pub fault: Fault,
    /// Its name, never used for another.
    pub name: &'static str,
    /// The requirements that it breaks, the one that it is about first.
    pub violates: &'static [&'static str],
    /// What the server does, in one line.
    pub description: &'static str,
}

impl Fault {
    /// Every fault with what is known of it, in the order of the requirements.
    pub fn table() -> &'static [FaultInfo] {
        TABLE
    }

    /// The fault of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|info| info.name == name).map(|info| info.fault)
    }

    /// What is known of it.
    pub fn info(self) -> &'static FaultInfo {
        // The enum and the table are made from the same lines.
        &TABLE[self as usize]
    }
}

faults! {
    EntityIs202 "entity-is-202" violates "methods.get-represents": "GET of an entity answers 202";
    PostStoresNothing "post-stores-nothing" violates "methods.post-creates": "a POST answers 201 and stores nothing";
    PutMerges "put-merges" violates "methods.put-replaces": "a PUT keeps the optional fields that it leaves out";
    PatchReplaces "patch-replaces" violates "methods.patch-is-partial":
        "a PATCH resets the optional fields that it leaves out";
    DeleteKeeps "delete-keeps" violates "methods.delete-removes": "a DELETE answers 204 and removes nothing";
    HeadSendsBody "head-sends-body" violates "methods.head-is-get-without-body":
        "the body follows the answer to a HEAD";
    HeadUnsupported "head-unsupported" violates "methods.head-is-get-without-body": "HEAD answers 405";
    UnsupportedIs404 "unsupported-is-404" violates "methods.unsupported-405": "an unsupported method answers 404";
    RootDeletable "root-deletable" violates "methods.root-not-deletable": "a DELETE of the root answers 204";
    AllowMissing "allow-missing" violates "methods.405-lists-allowed": "a 405 carries no Allow";

    TextMediaType "text-media-type" violates "entities.are-json": "bodies are labelled text/plain";
    CharsetRefused "charset-refused" violates "entities.json-request-accepted":
        "a charset in Content-Type answers 415";
    AnyMediaType "any-media-type" violates "entities.other-content-type-refused":
        "the Content-Type of a request does not matter";
    DuplicateMembers "duplicate-members" violates "entities.no-duplicate-members": "an entity names links twice";
    MalformedIs422 "malformed-is-422" violates "entities.malformed-json-400" "codes.bad-request-400":
        "a body that is no JSON answers 422";
    NameComesFirst "name-comes-first" violates "entities.field-order-is-free":
        "a POST is refused unless its unique field comes first";

    UnknownOnCreate "unknown-on-create" violates "invalid-fields.rejected-on-create": "a POST ignores unknown fields";
    UnknownOnUpdate "unknown-on-update" violates "invalid-fields.rejected-on-update":
        "PUT and PATCH ignore unknown fields";
    UnmodifiableIgnored "unmodifiable-ignored" violates "invalid-fields.unmodifiable-rejected":
        "fields that cannot be modified are ignored";
    FieldUnnamed "field-unnamed" violates "invalid-fields.named": "the error does not name the invalid field";
    AppliedThenRefused "applied-then-refused" violates "invalid-fields.no-effect":
        "a PATCH with an unknown field is refused, but its valid fields are stored";

    DateWithSpace "date-with-space" violates "dates.iso-8601": "dates are returned with a space instead of the T";
    DateInZone "date-in-zone" violates "dates.utc": "dates are returned in another zone, with its offset";
    OffsetIgnored "offset-ignored" violates "dates.offset-honoured": "the offset of a date in a document is ignored";
    LocalAssumed "local-assumed" violates "dates.utc-assumed":
        "a date in a document without a zone is read as two hours east";
    QueryOffsetIgnored "query-offset-ignored" violates "dates.in-query": "the offset of a date in a query is ignored";
    QueryLocalAssumed "query-local-assumed" violates "dates.in-query":
        "a date in a query without a zone is read as two hours east";
    MalformedQueryDate "malformed-query-date" violates "dates.malformed-rejected":
        "a query parameter that is no date is ignored";

    TimestampExtended "timestamp-extended" violates "bson.shape": "a BSON timestamp has a third field";
    TimestampWithMillis "timestamp-with-millis" violates "bson.date-seconds":
        "the date of a BSON timestamp has milliseconds";
    IncrementTooLarge "increment-too-large" violates "bson.increment-int32":
        "the increment of a BSON timestamp needs 33 bits";
    UnitOmitted "unit-omitted" violates "fields.unit-in-name": "the field diskSizeGB is called diskSize";
    NullForUnset "null-for-unset" violates "fields.no-empty": "an optional field that is not set is null";

    LinkWithoutRel "link-without-rel" violates "links.shape": "a link has a name instead of a rel";
    LinksMissing "links-missing" violates "links.in-body" "links.self-present": "a cluster has no links";
    SelfMissing "self-missing" violates "links.self-present": "a cluster has no self link";
    SelfIsList "self-is-list" violates "links.self-is-own-url":
        "the self link of an entity leads to the list that it is in";
    MemberWithMoreLinks "member-with-more-links" violates "links.member-has-only-self":
        "an entity in a list has a second link";
    DeadLink "dead-link" violates "links.resolve": "a group links to a resource that does not exist";
    RootWithoutGroups "root-without-groups" violates "links.root-reaches": "the root does not link to the groups";
    BareRelation "bare-relation" violates "links.extension-rel-is-uri": "relations of our own are bare words";

    TotalMissing "total-missing" violates "lists.shape": "a list has no totalCount";
    SecondPageByDefault "second-page-by-default" violates "lists.page-number-default":
        "with itemsPerPage alone, page 2 is returned";
    TwentyByDefault "twenty-by-default" violates "lists.size-default": "without itemsPerPage a page has 20 items";
    FiftyAtMost "fifty-at-most" violates "lists.size-honoured":
        "a page never has more than 50 items when a size is asked for";
    SizeUnlimited "size-unlimited" violates "lists.size-maximum": "a page has as many items as are asked for";
    TotalOfPage "total-of-page" violates "lists.total": "totalCount is the number of items on the page";
    TotalOffOnLastPage "total-off-on-last-page" violates "lists.total":
        "totalCount is one too small on the last of several pages";
    PreviousOnFirst "previous-on-first" violates "lists.previous-except-first":
        "page 1 has a link to a previous page";
    NextAfterExactEnd "next-after-exact-end" violates "lists.next-except-last":
        "a last page that is full has a link to a next page";
    SelfIsFirstPage "self-is-first-page" violates "lists.self-always": "self of every page leads to page 1";
    FirstLink "first-link" violates "lists.only-paging-links": "a list links to its first page, too";
    ThirdPageShifted "third-page-shifted" violates "lists.walk-is-complete":
        "from page 3 on, the first item of a page is left out";
    LinksForgetFilter "links-forget-filter" violates "lists.links-keep-query":
        "next and previous lose the filters of the request";
    EmptyIs404 "empty-is-404" violates "lists.empty-is-200": "a list with nothing in it answers 404";
    MissingContextIsEmpty "missing-context-is-empty" violates "lists.missing-context-404":
        "a list in a group that does not exist is empty";
    BadPagingIgnored "bad-paging-ignored" violates "lists.bad-paging-parameter":
        "a page parameter that is no number is ignored";

    EnvelopeByPresence "envelope-by-presence" violates "envelope.off-by-default":
        "envelope=false asks for an envelope, too";
    EnvelopeWithHeaders "envelope-with-headers" violates "envelope.entity":
        "an envelope of an entity has a third field";
    EnvelopeSays200 "envelope-says-200" violates "envelope.status" "envelope.on-errors":
        "the status in an envelope is always 200";
    EnvelopeLosesLinks "envelope-loses-links" violates "envelope.content-is-entity":
        "an entity in an envelope has no links";
    EnvelopeAroundList "envelope-around-list" violates "envelope.list-adds-status":
        "a list is put into an envelope of its own";
    EnvelopeNotOnErrors "envelope-not-on-errors" violates "envelope.on-errors": "errors come without an envelope";
    EnvelopeIgnoresSize "envelope-ignores-size" violates "envelope.with-paging":
        "under an envelope itemsPerPage is ignored";
    PrettyByDefault "pretty-by-default" violates "pretty.compact-by-default": "every answer is spaced";
    PrettyIgnored "pretty-ignored" violates "pretty.spaced-on-request": "pretty=true changes nothing";
    PrettyLosesGroup "pretty-loses-group" violates "pretty.same-value": "a spaced entity has no groupId";
    PrettyNotOnErrors "pretty-not-on-errors" violates "pretty.any-request": "errors are never spaced";

    UnregisteredStatus "unregistered-status" violates "codes.standard": "a body of another media type answers 499";
    CreatedIs200 "created-is-200" violates "codes.created-201": "a POST that creates answers 200";
    AcceptedIs200 "accepted-is-200" violates "codes.accepted-202": "starting a job answers 200";
    InvalidIs422 "invalid-is-422" violates "codes.bad-request-400" "invalid-fields.rejected-on-create" "invalid-fields.rejected-on-update":
        "an invalid field answers 422";
    MissingIs410 "missing-is-410" violates "codes.not-found-404": "an entity that does not exist answers 410";
    MissingDeleteIs204 "missing-delete-is-204" violates "codes.not-found-on-write":
        "a DELETE of a document that does not exist answers 204";
    MissingContextIs400 "missing-context-is-400" violates "codes.missing-context-on-write":
        "a POST in a group that does not exist answers 400";
    ConflictIs400 "conflict-is-400" violates "codes.conflict-409": "a name that is taken answers 400";
    ConflictStored "conflict-stored" violates "codes.conflict-no-effect":
        "a rename to a name that is taken answers 409 and is done";
    LargePageFails "large-page-fails" violates "codes.never-5xx":
        "a page number too large for the server answers 500";

    EmptyError "empty-error" violates "errors.document": "a 405 has no body";
    ErrorIsText "error-is-text" violates "errors.error-is-status": "the field error is a string";
    OwnReason "own-reason" violates "errors.reason-is-phrase": "the field reason is a phrase of our own";
    DetailEmpty "detail-empty" violates "errors.detail-says-more": "the field detail is empty";
    DetailIsReason "detail-is-reason" violates "errors.detail-beyond-reason": "the field detail repeats the reason";

    RootIsPublic "root-is-public" violates "auth.required": "the root needs no credentials";
    QopUnquoted "qop-unquoted" violates "auth.digest-challenge": "the qop of a challenge is not quoted";
    QopMissing "qop-missing" violates "auth.challenge-has-qop" "auth.replay-refused": "challenges offer no qop";
    QueryRefused "query-refused" violates "auth.digest-accepted":
        "the right digest of a request with a query is refused";
    ResponseUnchecked "response-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
        "any response of a known user is good";
    AnybodyIsOwner "anybody-is-owner" violates "auth.unknown-user": "a user who does not exist is let in";
    BasicOffered "basic-offered" violates "auth.basic-refused": "Basic is offered beside Digest";
    ForeignNonce "foreign-nonce" violates "auth.nonce-from-server": "a nonce that was never issued is taken";
    NonceConstant "nonce-constant" violates "auth.nonce-changes" "auth.nonce-expires" "auth.replay-refused":
        "there is one nonce for ever";
    NonceEternal "nonce-eternal" violates "auth.nonce-expires": "a nonce never expires";
    ExpiredNotStale "expired-not-stale" violates "auth.expired-nonce-is-stale":
        "the refusal of an expired nonce does not say stale";
    ReplayAccepted "replay-accepted" violates "auth.replay-refused": "a count may be used again";
    UriUnchecked "uri-unchecked" violates "auth.binds-uri": "credentials for another URI are taken";
    MethodUnchecked "method-unchecked" violates "auth.binds-method": "credentials for another method are taken";
    ReaderWrites "reader-writes" violates "auth.role-forbids": "a read-only user may write";
    ReaderLockedOut "reader-locked-out" violates "auth.role-permits": "a read-only user may not even read";
    StrangersRead "strangers-read" violates "auth.group-membership": "who is no member of a group may read there";
    WhitelistOpen "whitelist-open" violates "auth.whitelist-refuses" "auth.whitelist-same-user":
        "API whitelists are not looked at";
    WhitelistClosed "whitelist-closed" violates "auth.whitelist-permits":
        "a protected resource refuses every address";
    WhitelistShared "whitelist-shared" violates "auth.whitelist-same-user":
        "an address on anybody's whitelist is good for everybody";
    PlainAnswered "plain-answered" violates "auth.https-only": "plain HTTP is answered on the secure port";

    NinetyNineAllowed "ninety-nine-allowed" violates "rate.allows-limit":
        "the hundredth request of a minute is refused";
    NeverLimited "never-limited" violates "rate.rejects-beyond" "rate.shared-in-group": "there is no rate limit";
    LimitOfUser "limit-of-user" violates "rate.shared-in-group": "each user has a counter of their own";
    LimitOfServer "limit-of-server" violates "rate.separate-groups": "all groups share one counter";
    WindowSlides "window-slides" violates "rate.resets-on-the-minute":
        "the window begins with a request, not with the minute";
    EverythingLimited "everything-limited" violates "rate.only-where-limited":
        "hosts count against the rate limit, too";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        let names: BTreeSet<&str> = Fault::table().iter().map(|info| info.name).collect();
        assert_eq!(names.len(), Fault::table().len());
        for info in Fault::table() {
            assert_eq!(info.fault.info().name, info.name);
            assert_eq!(Fault::from_name(info.name), Some(info.fault));
            assert!(info.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
        assert_eq!(Fault::from_name("no-such-fault"), None);
    }
}
