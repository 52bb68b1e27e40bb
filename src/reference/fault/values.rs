//! Faults of dates, timestamps, fields and links.

/// Adds its lines to those so far and hands them on.
macro_rules! values {
    ($next:ident $($others:ident)*: $($lines:tt)*) => { $next! { $($others)*: $($lines)*
        DateWithSpace "date-with-space" violates "dates.iso-8601": "dates are returned with a space instead of the T";
        UpdatedIsEpoch "updated-is-epoch" violates "dates.iso-8601":
            "the date of the last update is a number of milliseconds";
        LastPingInWords "last-ping-in-words" violates "dates.iso-8601":
            "one date of hosts is written as in HTTP headers";
        ListedDatesWithSpace "listed-dates-with-space" violates "dates.iso-8601":
            "in lists dates have a space instead of the T";
        DateInZone "date-in-zone" violates "dates.utc": "dates are returned in another zone, with its offset";
        ZoneLeftOut "zone-left-out" violates "dates.utc": "dates are returned without a zone";
        DateEchoed "date-echoed" violates "dates.utc": "a date is returned in the zone in which it was sent";
        ListedDatesWithoutZone "listed-dates-without-zone" violates "dates.utc": "in lists dates have no zone";
        OffsetIgnored "offset-ignored" violates "dates.offset-honoured":
            "the offset of a date in a document is ignored";
        JobOffsetIgnored "job-offset-ignored" violates "dates.offset-honoured":
            "the offset of a date in the POST of a job is ignored";
        OffsetTurnedRound "offset-turned-round" violates "dates.offset-honoured":
            "the offset of a date in a document is added instead of subtracted";
        OffsetMinutesIgnored "offset-minutes-ignored" violates "dates.offset-honoured":
            "the minutes of an offset in a document are ignored";
        WestIgnored "west-ignored" violates "dates.offset-honoured": "a negative offset in a document is ignored";
        ShortOffsetIgnored "short-offset-ignored" violates "dates.offset-honoured":
            "an offset without a colon is ignored in a document";
        NestedOffsetIgnored "nested-offset-ignored" violates "dates.offset-honoured":
            "the offset of a date inside an array is ignored";
        LocalAssumed "local-assumed" violates "dates.utc-assumed":
            "a date in a document without a zone is read as two hours east";
        NestedLocalAssumed "nested-local-assumed" violates "dates.utc-assumed":
            "a date inside an array without a zone is read as two hours east";
        ZonelessRefused "zoneless-refused" violates "dates.utc-assumed":
            "a date in a document without a zone is refused";
        WinterAssumed "winter-assumed" violates "dates.utc-assumed":
            "a date in a document without a zone is read as one hour east, in winter alone";
        FractionRefused "fraction-refused" violates "dates.every-form-accepted":
            "a date in a document with a fraction of a second is refused";
        BasicDateRefused "basic-date-refused" violates "dates.every-form-accepted":
            "a date in a document without separators is refused";
        QueryFractionRefused "query-fraction-refused" violates "dates.every-form-accepted":
            "a date in a query with a fraction of a second is refused";
        QueryOffsetIgnored "query-offset-ignored" violates "dates.in-query":
            "the offset of a date in a query is ignored";
        QueryLocalAssumed "query-local-assumed" violates "dates.in-query":
            "a date in a query without a zone is read as two hours east";
        LatestOffsetIgnored "latest-offset-ignored" violates "dates.in-query":
            "the offset of the latest date in a query is ignored";
        QueryZonelessRefused "query-zoneless-refused" violates "dates.in-query":
            "a date in a query without a zone is refused";
        QueryDatesByDay "query-dates-by-day" violates "dates.in-query": "of a date in a query only the day counts";
        MalformedQueryDate "malformed-query-date" violates "dates.malformed-rejected":
            "a query parameter that is no date is ignored";
        MalformedDateDropped "malformed-date-dropped" violates "dates.malformed-rejected":
            "a field of a document that is no date is dropped";
        DaysOverflow "days-overflow" violates "dates.malformed-rejected": "30 February is read as a day in March";
        DateTailIgnored "date-tail-ignored" violates "dates.malformed-rejected":
            "what follows a date in a document is ignored";
        MalformedParameterUnnamed "malformed-parameter-unnamed" violates "dates.malformed-rejected":
            "the error about a parameter that is no date does not name it";

        TimestampExtended "timestamp-extended" violates "bson.shape": "a BSON timestamp has a third field";
        NestedTimestampExtended "nested-timestamp-extended" violates "bson.shape":
            "a nested BSON timestamp has a third field";
        IncrementMissing "increment-missing" violates "bson.shape": "a BSON timestamp has no increment";
        TimestampIsText "timestamp-is-text" violates "bson.shape": "a BSON timestamp is written as a date alone";
        TimestampWithMillis "timestamp-with-millis" violates "bson.date-seconds":
            "the date of a BSON timestamp has milliseconds";
        NestedTimestampWithMillis "nested-timestamp-with-millis" violates "bson.date-seconds":
            "the date of a nested BSON timestamp has milliseconds";
        TimestampToMinute "timestamp-to-minute" violates "bson.date-seconds":
            "the date of a BSON timestamp is to the minute";
        IncrementTooLarge "increment-too-large" violates "bson.increment-int32":
            "the increment of a BSON timestamp needs 33 bits";
        IncrementIsText "increment-is-text" violates "bson.increment-int32":
            "the increment of a BSON timestamp is a string";
        NestedIncrementTooLarge "nested-increment-too-large" violates "bson.increment-int32":
            "the increment of a nested BSON timestamp is one too large for 32 bits";

        UnitOmitted "unit-omitted" violates "fields.unit-in-name": "the field diskSizeGB is called diskSize";
        NestedUnitOmitted "nested-unit-omitted" violates "fields.unit-in-name":
            "the nested field fileSizeBytes is called fileSize";
        NullForUnset "null-for-unset" violates "fields.no-empty": "an optional field that is not set is null";
        NullInLists "null-in-lists" violates "fields.no-empty": "in lists an optional field that is not set is null";
        NullAfterPut "null-after-put" violates "fields.no-empty": "an optional field that a PUT took away is null";
        NullInErrors "null-in-errors" violates "fields.no-empty" "errors.three-fields":
            "the document of a 404 has a further field that is null";
        NullNested "null-nested" violates "fields.no-empty": "a nested field without a value is null";
        NullStored "null-stored" violates "fields.no-empty": "a null that is sent is stored and returned";
        DefaultLeftOut "default-left-out" violates "fields.defaults": "a flag that has its default is not told";
        DefaultTurnedRound "default-turned-round" violates "fields.defaults":
            "a POST that leaves out a flag stores the opposite of its default";

        LinkWithoutRel "link-without-rel" violates "links.shape": "a link has a name instead of a rel";
        LinksByName "links-by-name" violates "links.shape": "the links of a user are an object, by their relations";
        HrefMissingOnPages "href-missing-on-pages" violates "links.shape":
            "the links between pages have a url instead of an href";
        RelIsArray "rel-is-array" violates "links.shape": "the rel of a link of a group is an array";
        LinkWithTitle "link-with-title" violates "links.two-fields": "the self link of a host has a title";
        LinksMissing "links-missing" violates "links.in-body" "links.self-present": "a cluster has no links";
        LinksInHeader "links-in-header" violates "links.in-body" "links.self-present":
            "the links of a user are sent in the header Link instead of the body";
        LinksMissingOnCreate "links-missing-on-create" violates "links.in-body" "links.self-present":
            "the answer to a POST has no links";
        LinksMissingOnUpdate "links-missing-on-update" violates "links.in-body" "links.self-present":
            "the answer to a PATCH has no links";
        LinksMissingOnReplace "links-missing-on-replace" violates "links.in-body" "links.self-present":
            "the answer to a PUT has no links";
        LinksMissingOnAccepted "links-missing-on-accepted" violates "links.in-body" "links.self-present":
            "the answer to starting a job has no links";
        SelfMissing "self-missing" violates "links.self-present": "a cluster has no self link";
        SelfMissingAfterUpdate "self-missing-after-update" violates "links.self-present":
            "the answer to a PATCH has no self link";
        SelfMissingAfterReplace "self-missing-after-replace" violates "links.self-present":
            "the answer to a PUT has no self link";
        SelfMissingOnUsers "self-missing-on-users" violates "links.self-present": "a user has no self link";
        SelfOfRootIsGroups "self-of-root-is-groups" violates "links.self-is-own-url":
            "the self link of the root leads to the groups";
        SelfIsList "self-is-list" violates "links.self-is-own-url":
            "the self link of an entity leads to the list that it is in";
        SelfOfCreatedIsList "self-of-created-is-list" violates "links.self-is-own-url":
            "the self link in the answer to a POST leads to the list";
        SelfOfCreatedIsOther "self-of-created-is-other" violates "links.self-is-own-url":
            "the self link in the answer to a POST leads to another document";
        SelfOfChangedIsList "self-of-changed-is-list" violates "links.self-is-own-url":
            "the self link in the answer to a PATCH leads to the list";
        SelfOfReplacedIsList "self-of-replaced-is-list" violates "links.self-is-own-url":
            "the self link in the answer to a PUT leads to the list";
        SelfOfMembersIsList "self-of-members-is-list" violates "links.self-is-own-url":
            "the self link of a host in a list leads to the list";
        LaterSelfIsOfNext "later-self-is-of-next" violates "links.self-is-own-url":
            "on pages after the first the self link of each item leads to the next one";
        SelfOfSnapshotIsGroup "self-of-snapshot-is-group" violates "links.self-is-own-url":
            "the self link of a snapshot leads to the group";
        MemberWithMoreLinks "member-with-more-links" violates "links.member-has-only-self":
            "an entity in a list has a second link";
        LastMemberWithMoreLinks "last-member-with-more-links" violates "links.member-has-only-self":
            "the last entity of a page has a second link";
        ThirdPageWithMoreLinks "third-page-with-more-links" violates "links.member-has-only-self":
            "from page 3 on, the entities in a list have a second link";
        DocumentsWithMoreLinks "documents-with-more-links" violates "links.member-has-only-self":
            "the documents in a list have a second link";
        DeadLinkOfRoot "dead-link-of-root" violates "links.resolve": "a link of the root leads nowhere";
        DeadSelfOfMembers "dead-self-of-members" violates "links.resolve" "links.self-is-own-url":
            "the self links of some hosts in lists lead nowhere";
        PreviousIsDead "previous-is-dead" violates "links.resolve": "the link to the previous page leads nowhere";
        DeadLink "dead-link" violates "links.resolve": "a group links to a resource that does not exist";
        DeadSecondLink "dead-second-link" violates "links.resolve":
            "a group has two links of one relation, and the second leads nowhere";
        DeadSecondLinkOfRoot "dead-second-link-of-root" violates "links.resolve":
            "the root has two links of one relation, and the second leads nowhere";
        DeadLinkOfHost "dead-link-of-host" violates "links.resolve": "a host links to a group that does not exist";
        LinkOutsideBase "link-outside-base" violates "links.resolve":
            "a snapshot has a link without the path of the API's root";
        FailingLink "failing-link" violates "links.resolve" "codes.never-5xx":
            "a cluster links to a resource that answers 500";
        MembersByHttp "members-by-http" violates "links.by-https":
            "the self links of snapshots in lists are plain http";
        RootLeadsNowhere "root-leads-nowhere" violates "links.root-reaches": "the root has no link but self";
        RootLinksToItself "root-links-to-itself" violates "links.root-reaches":
            "all links of the root lead to the root itself";
        HostsUnlinked "hosts-unlinked" violates "links.root-reaches": "nothing links to the hosts of a group";
        EventsUnlinked "events-unlinked" violates "links.root-reaches": "nothing links to the events of a group";
        ClustersUnlinked "clusters-unlinked" violates "links.root-reaches":
            "nothing links to the clusters of a group";
        BareRelation "bare-relation" violates "links.extension-rel-is-uri": "relations of our own are bare words";
        BareRelationOfHost "bare-relation-of-host" violates "links.extension-rel-is-uri":
            "one relation of hosts is a bare word";
    } };
}

pub(super) use values;
