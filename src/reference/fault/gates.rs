//! Faults of logins, rights and rate limits.

/// Adds its lines to those so far and hands them on.
macro_rules! gates {
    ($next:ident $($others:ident)*: $($lines:tt)*) => { $next! { $($others)*: $($lines)*
        RootIsPublic "root-is-public" violates "auth.required": "the root needs no credentials";
        ListsArePublic "lists-are-public" violates "auth.required": "the lists of a group need no credentials";
        HeadIsPublic "head-is-public" violates "auth.required": "a HEAD needs no credentials";
        PatchIsPublic "patch-is-public" violates "auth.required": "a PATCH needs no credentials";
        PostIsPublic "post-is-public" violates "auth.required": "a POST needs no credentials";
        PutIsPublic "put-is-public" violates "auth.required": "a PUT needs no credentials";
        DeleteIsPublic "delete-is-public" violates "auth.required": "a DELETE needs no credentials";
        EnvelopeIsPublic "envelope-is-public" violates "auth.required":
            "a GET with an envelope needs no credentials";
        PagesArePublic "pages-are-public" violates "auth.required": "pages after the first need no credentials";
        FilteredIsPublic "filtered-is-public" violates "auth.required": "filtered lists need no credentials";
        JobsArePublic "jobs-are-public" violates "auth.required": "a POST that starts a job needs no credentials";
        MissingLoginIs403 "missing-login-is-403" violates "auth.required":
            "a request without credentials answers 403 and no challenge";
        PutJudgedFirst "put-judged-first" violates "auth.required":
            "a PUT without credentials answers 400: its body is judged first";
        PatchedThenAsked "patched-then-asked" violates "auth.required":
            "a PATCH without credentials answers 401 and is done";
        QopUnquoted "qop-unquoted" violates "auth.digest-challenge": "the qop of a challenge is not quoted";
        RealmQuotedWrongly "realm-quoted-wrongly" violates "auth.digest-challenge":
            "the realm of a challenge stands in single quotes";
        NonceUnquoted "nonce-unquoted" violates "auth.digest-challenge": "the nonce of a challenge is not quoted";
        ChallengeMissingForStrangers "challenge-missing-for-strangers" violates "auth.digest-challenge":
            "the 401 of who is no member of a group carries no challenge";
        NonceEmptyOnHead "nonce-empty-on-head" violates "auth.digest-challenge":
            "the nonce of the challenge to a HEAD is empty";
        ChallengeMissingOnHead "challenge-missing-on-head" violates "auth.digest-challenge":
            "the 401 to a HEAD carries no challenge";
        QopMissing "qop-missing" violates "auth.challenge-has-qop" "auth.replay-refused": "challenges offer no qop";
        QueryRefused "query-refused" violates "auth.digest-accepted":
            "the right digest of a request with a query is refused";
        HeadDigestRefused "head-digest-refused" violates "auth.digest-accepted":
            "the right digest of a HEAD is refused: it is taken for a GET";
        PostDigestRefused "post-digest-refused" violates "auth.digest-accepted":
            "the right digest of a POST over a fresh nonce is refused";
        FirstUseRefused "first-use-refused" violates "auth.digest-accepted":
            "the first right digest over a nonce is refused for an entity of a group";
        ResponseUnchecked "response-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good";
        RootUnchecked "root-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good for the root";
        ListsUnchecked "lists-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good for the lists of a group";
        PostUnchecked "post-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good for a POST";
        PutUnchecked "put-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good for a PUT";
        PatchUnchecked "patch-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good for a PATCH";
        DeleteUnchecked "delete-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good for a DELETE";
        WrongKeyPatches "wrong-key-patches" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "a PATCH with a wrong key answers 401 and is done";
        AnyUsersKey "any-users-key" violates "auth.wrong-key": "the key of any user is good for the name of any other";
        WrongKeyIs403 "wrong-key-is-403" violates "auth.wrong-key": "a wrong key answers 403";
        OthersUnchecked "others-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a user other than the owner is good";
        OtherGroupUnchecked "other-group-unchecked" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "any response of a known user is good for writes in the owner's other group";
        KeyCheckedOnce "key-checked-once" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "who logged in once is not checked again";
        AnybodyIsOwner "anybody-is-owner" violates "auth.unknown-user": "a user who does not exist is let in";
        AnybodyWrites "anybody-writes" violates "auth.unknown-user": "a user who does not exist may write";
        UnknownUserIs403 "unknown-user-is-403" violates "auth.unknown-user": "a user who does not exist answers 403";
        UnknownUserIs404 "unknown-user-is-404" violates "auth.unknown-user": "a user who does not exist answers 404";
        BasicOffered "basic-offered" violates "auth.basic-refused": "Basic is offered beside Digest";
        BasicAccepted "basic-accepted" violates "auth.basic-refused": "a name sent as Basic is let in";
        BasicOfferedAfterwards "basic-offered-afterwards" violates "auth.basic-refused":
            "Basic is offered once Digest has failed";
        ForeignNonce "foreign-nonce" violates "auth.nonce-from-server": "a nonce that was never issued is taken";
        ForeignNonceOnReads "foreign-nonce-on-reads" violates "auth.nonce-from-server":
            "a nonce that was never issued is taken for a read";
        ForeignNonceOnWrites "foreign-nonce-on-writes" violates "auth.nonce-from-server":
            "a nonce that was never issued is taken for a write";
        NonceUnsealed "nonce-unsealed" violates "auth.nonce-from-server": "a nonce is taken if it is as long as ours";
        NonceConstant "nonce-constant" violates "auth.nonce-changes" "auth.nonce-expires" "auth.replay-refused":
            "there is one nonce for ever";
        NonceOfTheDay "nonce-of-the-day" violates "auth.nonce-changes" "auth.nonce-expires" "auth.replay-refused":
            "there is one nonce a day";
        NonceEternal "nonce-eternal" violates "auth.nonce-expires": "a nonce never expires";
        UsedNonceEternal "used-nonce-eternal" violates "auth.nonce-expires": "a nonce that was used never expires";
        UnusedNonceEternal "unused-nonce-eternal" violates "auth.nonce-expires":
            "a nonce never expires until it is used";
        NonceRenewed "nonce-renewed" violates "auth.nonce-expires": "every use of a nonce begins its life anew";
        LifetimeTwiceAsLong "lifetime-twice-as-long" violates "auth.nonce-expires": "a nonce lives for twice its time";
        ExpiredNotStale "expired-not-stale" violates "auth.expired-nonce-is-stale":
            "the refusal of an expired nonce does not say stale";
        FirstChallengeStale "first-challenge-stale" violates "auth.stale-means-expired":
            "the challenge to a request without credentials says stale=true";
        WrongKeyIsStale "wrong-key-is-stale" violates "auth.stale-means-expired":
            "the refusal of a wrong key says stale=true";
        ReplayAccepted "replay-accepted" violates "auth.replay-refused": "a count may be used again";
        FirstCountAgain "first-count-again" violates "auth.replay-refused": "a count of 1 may be used again";
        UriUnchecked "uri-unchecked" violates "auth.binds-uri": "credentials for another URI are taken";
        QueryUnchecked "query-unchecked" violates "auth.binds-uri":
            "credentials for the same path with another query are taken";
        UriPrefixChecked "uri-prefix-checked" violates "auth.binds-uri":
            "credentials for anything under the API's root are taken";
        UriUncheckedOnWrites "uri-unchecked-on-writes" violates "auth.binds-uri":
            "a write takes credentials for another URI";
        UriUncheckedOnRoot "uri-unchecked-on-root" violates "auth.binds-uri":
            "a read of the root takes credentials for another URI";
        UriUncheckedOnLists "uri-unchecked-on-lists" violates "auth.binds-uri":
            "a read of a list of a group takes credentials for another URI";
        MethodUnchecked "method-unchecked" violates "auth.binds-method": "credentials for another method are taken";
        HeadTakesDigestOfGet "head-takes-digest-of-get" violates "auth.binds-method":
            "a HEAD takes credentials that were made for a GET";
        HeadTakesAnyMethod "head-takes-any-method" violates "auth.binds-method":
            "a HEAD takes credentials for another method";
        MethodUncheckedOnReads "method-unchecked-on-reads" violates "auth.binds-method":
            "a GET takes credentials for another method";
        MethodUncheckedOnWrites "method-unchecked-on-writes" violates "auth.binds-method":
            "a write takes credentials for another method";
        MethodUncheckedOnRoot "method-unchecked-on-root" violates "auth.binds-method":
            "a read of the root takes credentials for another method";
        MethodUncheckedOnLists "method-unchecked-on-lists" violates "auth.binds-method":
            "a read of a list of a group takes credentials for another method";
        ResponseCutShort "response-cut-short" violates "auth.binds-response":
            "the last digits of a response are not compared";
        ResponseCutShortOnWrites "response-cut-short-on-writes" violates "auth.binds-response":
            "the last digits of the response to a write are not compared";
        ResponseHalved "response-halved" violates "auth.binds-response":
            "only the first half of a response is compared";
        ReaderWrites "reader-writes" violates "auth.role-forbids": "a read-only user may write";
        ReaderPatches "reader-patches" violates "auth.role-forbids": "a read-only user may PATCH";
        ReaderDeletes "reader-deletes" violates "auth.role-forbids": "a read-only user may DELETE";
        ReaderStartsJobs "reader-starts-jobs" violates "auth.role-forbids": "a read-only user may start a job";
        ReaderCallsOffJobs "reader-calls-off-jobs" violates "auth.role-forbids": "a read-only user may call off a job";
        ReaderIs401 "reader-is-401" violates "auth.role-forbids": "a write by a read-only user answers 401";
        ReaderWritesThenForbidden "reader-writes-then-forbidden" violates "auth.role-forbids":
            "a write by a read-only user answers 403 and is done";
        RootForWritersAlone "root-for-writers-alone" violates "auth.role-permits":
            "a user who may only read may not read the root";
        ReaderLockedOut "reader-locked-out" violates "auth.role-permits": "a read-only user may not even read";
        ReaderCannotHead "reader-cannot-head" violates "auth.role-permits": "a HEAD of a read-only user answers 403";
        ReaderSeesListsAlone "reader-sees-lists-alone" violates "auth.role-permits":
            "a read-only user may read lists, but no entity in them";
        StrangersRead "strangers-read" violates "auth.group-membership": "who is no member of a group may read there";
        StrangersHead "strangers-head" violates "auth.group-membership": "who is no member of a group may HEAD there";
        StrangersReadEnveloped "strangers-read-enveloped" violates "auth.group-membership":
            "who is no member of a group may read there under an envelope";
        StrangersReadPages "strangers-read-pages" violates "auth.group-membership":
            "who is no member of a group may read the pages of its lists by their numbers";
        StrangersReadEntities "strangers-read-entities" violates "auth.group-membership":
            "who is no member of a group may read its entities, but no lists";
        StrangersPatch "strangers-patch" violates "auth.group-membership":
            "who is no member of a group may PATCH there";
        StrangersSeeGroup "strangers-see-group" violates "auth.group-membership":
            "who is no member of a group may read the group itself";
        StrangersSeeMembers "strangers-see-members" violates "auth.group-membership":
            "who is no member of a group may read who is";
        OwnerEntersEveryGroup "owner-enters-every-group" violates "auth.group-membership":
            "the owner may read groups of others";
        StrangersReadLimited "strangers-read-limited" violates "auth.group-membership":
            "who is no member of a group may read what is rate limited there";
        StrangersReadSnapshots "strangers-read-snapshots" violates "auth.group-membership":
            "who is no member of a group may read its snapshots";
        StrangersListJobs "strangers-list-jobs" violates "auth.group-membership":
            "who is no member of a group may list its jobs";
        StrangersReadJobs "strangers-read-jobs" violates "auth.group-membership":
            "who is no member of a group may read each of its jobs";
        StrangersStartJobs "strangers-start-jobs" violates "auth.group-membership":
            "who is no member of a group may start jobs there";
        StrangersDeleteJobs "strangers-delete-jobs" violates "auth.group-membership":
            "who is no member of a group may call off its jobs";
        StrangersJudgedLate "strangers-judged-late" violates "auth.group-membership":
            "a POST by who is no member of a group answers 400: its body is judged first";
        StrangersAre403 "strangers-are-403" violates "auth.group-membership":
            "who is no member of a group gets 403 there";
        StrangersWriteThenRefused "strangers-write-then-refused" violates "auth.group-membership":
            "a write by who is no member answers 401 and is done";
        GroupOfPathIgnored "group-of-path-ignored" violates "auth.group-boundary" "auth.group-in-path":
            "a document is found under the path of every group";
        GroupOfPathIgnoredOnDelete "group-of-path-ignored-on-delete" violates "auth.group-boundary" "auth.group-in-path":
            "a DELETE finds a document under the path of every group";
        JobsOfAnyGroup "jobs-of-any-group" violates "auth.group-boundary" "auth.group-in-path":
            "a job is found under the path of every group";
        OwnGroupsMixed "own-groups-mixed" violates "auth.group-in-path":
            "a document is found under the path of every group if the user is a member of its own";
        WhitelistOpen "whitelist-open" violates "auth.whitelist-refuses" "auth.whitelist-same-user":
            "API whitelists are not looked at";
        WhitelistOfNetwork "whitelist-of-network" violates "auth.whitelist-refuses" "auth.whitelist-same-user":
            "an address in the same network as a listed one is good";
        WhitelistIgnoresHead "whitelist-ignores-head" violates "auth.whitelist-refuses":
            "API whitelists are not looked at for a HEAD";
        WhitelistIgnoresEnvelope "whitelist-ignores-envelope" violates "auth.whitelist-refuses":
            "API whitelists are not looked at under an envelope";
        WhitelistIgnoresWrites "whitelist-ignores-writes" violates "auth.whitelist-refuses":
            "API whitelists are not looked at for a write";
        UnlistedWriteDone "unlisted-write-done" violates "auth.whitelist-refuses":
            "a write from an address that is not listed is refused and done";
        ForwardedBelieved "forwarded-believed" violates "auth.whitelist-by-connection":
            "the address that a client states in X-Forwarded-For is taken for its own";
        WhitelistClosed "whitelist-closed" violates "auth.whitelist-permits":
            "a protected resource refuses every address";
        WhitelistOfOwnerAlone "whitelist-of-owner-alone" violates "auth.whitelist-permits":
            "only the first user's whitelist is looked at";
        WhitelistClosedToHead "whitelist-closed-to-head" violates "auth.whitelist-permits":
            "a protected resource refuses every HEAD";
        WhitelistClosedToWrites "whitelist-closed-to-writes" violates "auth.whitelist-permits":
            "a protected resource refuses every write";
        WhitelistShared "whitelist-shared" violates "auth.whitelist-same-user":
            "an address on anybody's whitelist is good for everybody";
        WhitelistOfMembers "whitelist-of-members" violates "auth.whitelist-same-user":
            "an address on the whitelist of any member of the group is good";
        WhitelistOfOwnerForAll "whitelist-of-owner-for-all" violates "auth.whitelist-same-user":
            "an address on the owner's whitelist is good for everybody";
        PlainAnswered "plain-answered" violates "auth.https-only": "plain HTTP is answered on the secure port";
        PlainRedirected "plain-redirected" violates "auth.https-only": "plain HTTP is redirected to plain HTTP";
        MalformedLoginFails "malformed-login-fails" violates "auth.malformed-credentials" "codes.never-5xx":
            "a malformed Authorization answers 500";
        BearerLetIn "bearer-let-in" violates "auth.malformed-credentials": "any Bearer token is let in";
        CutOffLetIn "cut-off-let-in" violates "auth.malformed-credentials":
            "Digest credentials that name a user and lack their end are let in";
        MalformedLoginPatches "malformed-login-patches" violates "auth.malformed-credentials":
            "a PATCH with a malformed Authorization answers 401 and is done";
        CountsAreDecimal "counts-are-decimal" violates "auth.nonce-counts":
            "the count of a nonce is read as a decimal number";
        CountsOfOneByte "counts-of-one-byte" violates "auth.nonce-counts":
            "of the count of a nonce the last two digits alone are looked at";
        WhitelistsRead "whitelists-read" violates "auth.own-resources": "any user may read the whitelist of another";
        WhitelistsExtended "whitelists-extended" violates "auth.own-resources":
            "any user may add to the whitelist of another";
        EntriesRead "entries-read" violates "auth.own-resources":
            "who is in a group with the owner of a whitelist may read its entries";
        EntriesRemoved "entries-removed" violates "auth.own-resources":
            "any user may remove entries from the whitelist of another";
        EntriesLate "entries-late" violates "auth.whitelist-changes":
            "a whitelist entry takes effect a minute after it was added";
        EntriesLinger "entries-linger" violates "auth.whitelist-changes":
            "a whitelist entry that was removed keeps its effect";

        NinetyNineAllowed "ninety-nine-allowed" violates "rate.allows-limit":
            "the hundredth request of a minute is refused";
        FreeRequestsCounted "free-requests-counted" violates "rate.allows-limit":
            "requests to resources that are not limited count, too";
        FiftyAllowed "fifty-allowed" violates "rate.allows-limit": "only fifty requests of a minute are let through";
        NeverLimited "never-limited" violates "rate.rejects-beyond" "rate.shared-in-group" "rate.head-counts":
            "there is no rate limit";
        OneMoreAllowed "one-more-allowed" violates "rate.rejects-beyond": "a request beyond the limit is let through";
        LimitRefills "limit-refills" violates "rate.rejects-beyond" "rate.allows-limit":
            "what is used up of the limit comes back little by little, and not with the minute";
        HalfMinutes "half-minutes" violates "rate.rejects-beyond": "the limit is one of half a minute";
        ExhaustedIs403 "exhausted-is-403" violates "rate.rejects-beyond": "requests beyond the limit answer 403";
        ExhaustedIs503 "exhausted-is-503" violates "rate.rejects-beyond" "codes.never-5xx":
            "requests beyond the limit answer 503";
        LimitOfUser "limit-of-user" violates "rate.shared-in-group": "each user has a counter of their own";
        LimitOfFirstUser "limit-of-first-user" violates "rate.shared-in-group":
            "only the requests of the user who came first are limited";
        SecondUserHasMore "second-user-has-more" violates "rate.shared-in-group":
            "whoever comes second gets ten requests more";
        LimitOfServer "limit-of-server" violates "rate.separate-groups": "all groups share one counter";
        RefusedEverywhere "refused-everywhere" violates "rate.separate-groups":
            "who was refused in one group is refused in all, for the minute";
        WindowSlides "window-slides" violates "rate.resets-on-the-minute" "rate.allows-limit":
            "the window begins with a request, not with the minute";
        HalfAfterFull "half-after-full" violates "rate.resets-on-the-minute" "rate.allows-limit":
            "the minute after one that was used up lets half as many through";
        UseCarriedOver "use-carried-over" violates "rate.resets-on-the-minute" "rate.allows-limit":
            "what was used in one minute is carried over into the next";
        EverythingLimited "everything-limited" violates "rate.only-where-limited":
            "once the limit is used up, hosts are refused, too";
        GroupBlocked "group-blocked" violates "rate.only-where-limited":
            "once the limit is used up, everything in the group is refused";
        HeadUncounted "head-uncounted" violates "rate.head-counts": "a HEAD is let through and does not count";
        CounterOfQuery "counter-of-query" violates "rate.counter-key": "each query has a counter of its own";
        PagesUncounted "pages-uncounted" violates "rate.counter-key":
            "a request for a page is let through and does not count";
        ClosingUncounted "closing-uncounted" violates "rate.counter-key":
            "a request on a connection of its own is let through and does not count";
        RetryAfterInWords "retry-after-in-words" violates "rate.retry-after-form":
            "Retry-After says when to ask again in words";
    } };
}

pub(super) use gates;
