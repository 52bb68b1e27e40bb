//! Faults of response codes and error documents.

/// Adds its lines to those so far and hands them on.
macro_rules! refusals {
    ($next:ident $($others:ident)*: $($lines:tt)*) => { $next! { $($others)*: $($lines)*
        UnregisteredStatus "unregistered-status" violates "codes.standard": "a body of another media type answers 499";
        TakenIs460 "taken-is-460" violates "codes.standard" "codes.conflict-409": "a name that is taken answers 460";
        JobIs299 "job-is-299" violates "codes.standard" "codes.accepted-202": "starting a job answers 299";
        CreatedIs200 "created-is-200" violates "codes.created-201": "a POST that creates answers 200";
        AcceptedIs200 "accepted-is-200" violates "codes.accepted-202": "starting a job answers 200";
        JobNeverEnds "job-never-ends" violates "codes.accepted-202": "a job that was started never comes to its end";
        JobStartsTwice "job-starts-twice" violates "codes.accepted-202": "a POST starts two jobs";
        JobIsLost "job-is-lost" violates "codes.accepted-202": "a job that was started cannot be read";
        JobUntraceable "job-untraceable" violates "codes.accepted-leads-on" "links.self-present":
            "the answer to starting a job has neither a Location nor a self link";
        InvalidIs422 "invalid-is-422" violates "codes.bad-request-400" "invalid-fields.rejected-on-create" "invalid-fields.rejected-on-update":
            "an invalid field answers 422";
        AnythingIsText "anything-is-text" violates "codes.bad-request-400":
            "a value of any type is taken for a text field";
        AnythingIsTrue "anything-is-true" violates "codes.bad-request-400":
            "a value of any type is taken for a boolean";
        NestedTypeIgnored "nested-type-ignored" violates "codes.bad-request-400":
            "a nested number of the wrong type is taken for its default";
        WrongTypeThenRefused "wrong-type-then-refused" violates "codes.bad-request-400":
            "a PATCH with a value of the wrong type is refused, but the rest is stored";
        WrongTypeCreatedThenRefused "wrong-type-created-then-refused" violates "codes.bad-request-400":
            "a POST with a text for an object is refused, but stored with a default";
        MissingIs410 "missing-is-410" violates "codes.not-found-404": "an entity that does not exist answers 410";
        UnknownPathIs400 "unknown-path-is-400" violates "codes.not-found-404":
            "a path that no resource has answers 400";
        MissingHeadIs200 "missing-head-is-200" violates "codes.not-found-404" "lists.missing-context-404"
            "methods.head-is-get-without-body": "HEAD of an entity that does not exist answers 200";
        RemovedHeadIs200 "removed-head-is-200" violates "codes.not-found-404":
            "HEAD of a document that was removed answers 200";
        MissingDeleteIs204 "missing-delete-is-204" violates "codes.not-found-on-write":
            "a DELETE of a document that does not exist answers 204";
        MissingPutCreates "missing-put-creates" violates "codes.not-found-on-write":
            "a PUT of a document that does not exist creates it";
        MissingPatchIs400 "missing-patch-is-400" violates "codes.not-found-on-write":
            "a PATCH of a document that does not exist answers 400";
        MissingContextIs400 "missing-context-is-400" violates "codes.missing-context-on-write":
            "a POST in a group that does not exist answers 400";
        MissingContextIs403OnWrite "missing-context-is-403-on-write" violates "codes.missing-context-on-write":
            "a POST in a group that does not exist answers 403";
        MissingContextCreates "missing-context-creates" violates "codes.missing-context-on-write":
            "a POST in a group that does not exist creates in another";
        ConflictIs400 "conflict-is-400" violates "codes.conflict-409": "a name that is taken answers 400";
        RenameConflictIs400 "rename-conflict-is-400" violates "codes.conflict-409":
            "a rename to a name that is taken answers 400";
        ConflictStored "conflict-stored" violates "codes.conflict-no-effect":
            "a rename to a name that is taken answers 409 and is done";
        ConflictOverwrites "conflict-overwrites" violates "codes.conflict-no-effect":
            "a POST with a name that is taken answers 409 and replaces what has it";
        ConflictAdds "conflict-adds" violates "codes.conflict-no-effect":
            "a POST with a name that is taken answers 409 and is stored";
        PutConflictStored "put-conflict-stored" violates "codes.conflict-no-effect":
            "a PUT with a name that is taken answers 409 and is done";
        ConflictAllowed "conflict-allowed" violates "codes.unique-kept" "codes.conflict-409":
            "a name may be taken twice";
        RenameConflictAllowed "rename-conflict-allowed" violates "codes.unique-kept" "codes.conflict-409":
            "a PATCH may take a name that is taken";
        PutConflictAllowed "put-conflict-allowed" violates "codes.unique-kept" "codes.conflict-409":
            "a PUT may take a name that is taken";
        LargePageFails "large-page-fails" violates "codes.never-5xx":
            "a page number too large for the server answers 500";
        BadPathFails "bad-path-fails" violates "codes.never-5xx": "a path that is no UTF-8 answers 500";
        HugeNumberFails "huge-number-fails" violates "codes.never-5xx": "a number too large in a body answers 500";
        NullByteFails "null-byte-fails" violates "codes.never-5xx": "a null character in a body answers 500";
        NullFails "null-fails" violates "codes.never-5xx": "a null for a field that is known answers 500";
        BadRangeFails "bad-range-fails" violates "codes.never-5xx": "a Range that makes no sense answers 500";
        BareSwitchFails "bare-switch-fails" violates "codes.never-5xx":
            "a switch that is neither true nor false answers 500";
        OddIdFails "odd-id-fails" violates "codes.never-5xx":
            "an id of a document that is longer than any answers 500";
        UsernameMadeUp "username-made-up" violates "codes.required-400":
            "a database user without a name is given one";
        JobFieldMadeUp "job-field-made-up" violates "codes.required-400":
            "a job without a delivery method is given one";
        NotificationMadeUp "notification-made-up" violates "codes.required-400":
            "a POST without its required object is given an empty one";
        AddressUnnamed "address-unnamed" violates "codes.required-400":
            "the error about a whitelist entry without an address does not name it";
        PutKeepsRequired "put-keeps-required" violates "codes.required-400":
            "a PUT that leaves out a required field keeps its old value";
        RequiredCreatedThenRefused "required-created-then-refused" violates "codes.required-400":
            "a POST without a required field is refused, but stored with a value of our own";
        RequiredPutThenRefused "required-put-then-refused" violates "codes.required-400":
            "a PUT without a required field is refused, but the rest is stored";
        PatchOfSameIs409 "patch-of-same-is-409" violates "codes.own-value":
            "a PATCH that keeps the name answers 409: the document is in its own way";
        OwnUsernameIs409 "own-username-is-409" violates "codes.own-value":
            "a PATCH of a database user that repeats its name answers 409";
        UnknownInGroupIsEmpty "unknown-in-group-is-empty" violates "codes.unknown-collection-404":
            "an unknown collection of a group is an empty list";
        TailOfHostIgnored "tail-of-host-ignored" violates "codes.unknown-collection-404":
            "what follows the path of a host is ignored";
        TailOfDatabaseUserIgnored "tail-of-database-user-ignored" violates "codes.unknown-collection-404":
            "what follows the path of a database user is ignored";
        TailOfEntryIs400 "tail-of-entry-is-400" violates "codes.unknown-collection-404":
            "an unknown collection of a whitelist entry answers 400";

        EmptyError "empty-error" violates "errors.document": "a 405 has no body";
        EmptyNotFound "empty-not-found" violates "errors.document": "the 404 of an unknown path has no body";
        DetailMissingOn401 "detail-missing-on-401" violates "errors.document": "the document of a 401 has no detail";
        ConflictIsList "conflict-is-list" violates "errors.document":
            "the error about a name that is taken is a list of errors";
        ErrorIsText "error-is-text" violates "errors.error-is-status": "the field error is a string";
        ErrorIsName "error-is-name" violates "errors.error-is-status":
            "the field error of a 404 is a name in capital letters";
        ErrorIsAlways400 "error-is-always-400" violates "errors.error-is-status":
            "the field error is 400 for every error of a client";
        ErrorIsTextInEnvelope "error-is-text-in-envelope" violates "errors.error-is-status":
            "in an envelope the field error is a string";
        OwnReason "own-reason" violates "errors.reason-is-phrase": "the field reason is a phrase of our own";
        ReasonOfAnother "reason-of-another" violates "errors.reason-is-phrase": "the reason of a 401 is that of a 403";
        ReasonWithCode "reason-with-code" violates "errors.reason-is-phrase": "the reason begins with the status code";
        ReasonShortInEnvelope "reason-short-in-envelope" violates "errors.reason-is-phrase":
            "in an envelope the reason is one word";
        ReasonInLowerCase "reason-in-lower-case" violates "errors.reason-exact": "the reason of a 400 is in lower case";
        ErrorWithCode "error-with-code" violates "errors.three-fields": "the document of a 404 has a code of our own";
        DetailEmpty "detail-empty" violates "errors.detail-says-more": "the field detail is empty";
        DetailIsList "detail-is-list" violates "errors.detail-says-more": "the detail about an invalid field is a list";
        DetailEmptyOnMissing "detail-empty-on-missing" violates "errors.detail-says-more":
            "the detail of a 404 is empty";
        DetailIsReason "detail-is-reason" violates "errors.detail-beyond-reason": "the field detail repeats the reason";
        DetailIsReasonOnMissing "detail-is-reason-on-missing" violates "errors.detail-beyond-reason":
            "the detail of a 404 repeats the reason";
    } };
}

pub(super) use refusals;
