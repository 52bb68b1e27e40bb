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
        WrongKeyIs403 "wrong-key-is-403" violates "auth.wrong-key": "a wrong key answers 403";
        KeyCheckedOnce "key-checked-once" violates "auth.wrong-key" "auth.binds-response" "auth.binds-method":
            "who logged in once is not checked again";
        AnybodyIsOwner "anybody-is-owner" violates "auth.unknown-user": "a user who does not exist is let in";
        UnknownUserIs403 "unknown-user-is-403" violates "auth.unknown-user": "a user who does not exist answers 403";
        UnknownUserIs404 "unknown-user-is-404" violates "auth.unknown-user": "a user who does not exist answers 404";
        BasicOffered "basic-offered" violates "auth.basic-refused": "Basic is offered beside Digest";
        BasicAccepted "basic-accepted" violates "auth.basic-refused": "a name sent as Basic is let in";
        BasicOfferedAfterwards "basic-offered-afterwards" violates "auth.basic-refused":
            "Basic is offered once Digest has failed";
        ForeignNonce "foreign-nonce" violates "auth.nonce-from-server": "a nonce that was never issued is taken";
        ForeignNonceOnReads "foreign-nonce-on-reads" violates "auth.nonce-from-server":
            "a nonce that was never issued is taken for a read";
        NonceUnsealed "nonce-unsealed" violates "auth.nonce-from-server": "a nonce is taken if it is as long as ours";
        NonceConstant "nonce-constant" violates "auth.nonce-changes" "auth.nonce-expires" "auth.replay-refused":
            "there is one nonce for ever";
        NonceOfTheDay "nonce-of-the-day" violates "auth.nonce-changes" "auth.nonce-expires" "auth.replay-refused":
            "there is one nonce a day";
        NonceEternal "nonce-eternal" violates "auth.nonce-expires": "a nonce never expires";
        UsedNonceEternal "used-nonce-eternal" violates "auth.nonce-expires": "a nonce that was used never expires";
        LifetimeTwiceAsLong "lifetime-twice-as-long" violates "auth.nonce-expires": "a nonce lives for twice its time";
        ExpiredNotStale "expired-not-stale" violates "auth.expired-nonce-is-stale":
            "the refusal of an expired nonce does not say stale";
        ReplayAccepted "replay-accepted" violates "auth.replay-refused": "a count may be used again";
        FirstCountAgain "first-count-again" violates "auth.replay-refused": "a count of 1 may be used again";
        UriUnchecked "uri-unchecked" violates "auth.binds-uri": "credentials for another URI are taken";
        QueryUnchecked "query-unchecked" violates "auth.binds-uri":
            "credentials for the same path with another query are taken";
        UriPrefixChecked "uri-prefix-checked" violates "auth.binds-uri":
            "credentials for anything under the API's root are taken";
        MethodUnchecked "method-unchecked" violates "auth.binds-method": "credentials for another method are taken";
        HeadTakesAnyMethod "head-takes-any-method" violates "auth.binds-method":
            "a HEAD takes credentials for another method";
        MethodUncheckedOnReads "method-unchecked-on-reads" violates "auth.binds-method":
            "a GET takes credentials for another method";
        ResponseCutShort "response-cut-short" violates "auth.binds-response":
            "the last digits of a response are not compared";
        ResponseHalved "response-halved" violates "auth.binds-response":
            "only the first half of a response is compared";
        ReaderWrites "reader-writes" violates "auth.role-forbids": "a read-only user may write";
        ReaderPatches "reader-patches" violates "auth.role-forbids": "a read-only user may PATCH";
        ReaderDeletes "reader-deletes" violates "auth.role-forbids": "a read-only user may DELETE";
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
        StrangersReadEntities "strangers-read-entities" violates "auth.group-membership":
            "who is no member of a group may read its entities, but no lists";
        StrangersPatch "strangers-patch" violates "auth.group-membership":
            "who is no member of a group may PATCH there";
        StrangersAre403 "strangers-are-403" violates "auth.group-membership":
            "who is no member of a group gets 403 there";
        StrangersWriteThenRefused "strangers-write-then-refused" violates "auth.group-membership":
            "a write by who is no member answers 401 and is done";
        WhitelistOpen "whitelist-open" violates "auth.whitelist-refuses" "auth.whitelist-same-user":
            "API whitelists are not looked at";
        WhitelistOfNetwork "whitelist-of-network" violates "auth.whitelist-refuses" "auth.whitelist-same-user":
            "an address in the same network as a listed one is good";
        WhitelistIgnoresHead "whitelist-ignores-head" violates "auth.whitelist-refuses":
            "API whitelists are not looked at for a HEAD";
        WhitelistClosed "whitelist-closed" violates "auth.whitelist-permits":
            "a protected resource refuses every address";
        WhitelistOfOwnerAlone "whitelist-of-owner-alone" violates "auth.whitelist-permits":
            "only the first user's whitelist is looked at";
        WhitelistClosedToHead "whitelist-closed-to-head" violates "auth.whitelist-permits":
            "a protected resource refuses every HEAD";
        WhitelistShared "whitelist-shared" violates "auth.whitelist-same-user":
            "an address on anybody's whitelist is good for everybody";
        WhitelistOfMembers "whitelist-of-members" violates "auth.whitelist-same-user":
            "an address on the whitelist of any member of the group is good";
        WhitelistOfOwnerForAll "whitelist-of-owner-for-all" violates "auth.whitelist-same-user":
            "an address on the owner's whitelist is good for everybody";
        PlainAnswered "plain-answered" violates "auth.https-only": "plain HTTP is answered on the secure port";
        PlainRedirected "plain-redirected" violates "auth.https-only": "plain HTTP is redirected to plain HTTP";

        NinetyNineAllowed "ninety-nine-allowed" violates "rate.allows-limit":
            "the hundredth request of a minute is refused";
        FreeRequestsCounted "free-requests-counted" violates "rate.allows-limit":
            "requests to resources that are not limited count, too";
        FiftyAllowed "fifty-allowed" violates "rate.allows-limit": "only fifty requests of a minute are let through";
        NeverLimited "never-limited" violates "rate.rejects-beyond" "rate.shared-in-group": "there is no rate limit";
        OneMoreAllowed "one-more-allowed" violates "rate.rejects-beyond": "a request beyond the limit is let through";
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
        UseCarriedOver "use-carried-over" violates "rate.resets-on-the-minute":
            "what was used in one minute is carried over into the next";
        EverythingLimited "everything-limited" violates "rate.only-where-limited":
            "once the limit is used up, hosts are refused, too";
        GroupBlocked "group-blocked" violates "rate.only-where-limited":
            "once the limit is used up, everything in the group is refused";
    } };
}

pub(super) use gates;
