//! Faults of methods, entities and invalid fields.

/// Adds its lines to those so far and hands them on.
macro_rules! resources {
    ($next:ident $($others:ident)*: $($lines:tt)*) => { $next! { $($others)*: $($lines)*
        EntityIs202 "entity-is-202" violates "methods.get-represents": "GET of an entity answers 202";
        UserIs206 "user-is-206" violates "methods.get-represents": "GET of a user answers 206";
        EntityIsTextOfJson "entity-is-text-of-json" violates "methods.get-represents":
            "GET of a snapshot answers its JSON as one string";
        SnapshotsAre206 "snapshots-are-206" violates "methods.get-represents":
            "GET of the list of snapshots answers 206";
        PostStoresNothing "post-stores-nothing" violates "methods.post-creates":
            "a POST answers 201 and stores nothing";
        PostForgetsOptional "post-forgets-optional" violates "methods.post-creates":
            "a POST drops the optional fields that it is sent";
        PostForgetsNested "post-forgets-nested" violates "methods.post-creates":
            "a POST stores the default of a nested field, whatever it is sent";
        PostUnlisted "post-unlisted" violates "methods.post-creates": "what a POST created never comes up in the list";
        PostLowersCase "post-lowers-case" violates "methods.post-creates": "a POST stores names in lower case";
        PostRenamesNeighbour "post-renames-neighbour" violates "methods.post-creates":
            "a POST renames the document that was created before";
        PutMerges "put-merges" violates "methods.put-replaces": "a PUT keeps the optional fields that it leaves out";
        PutElsewhereMerges "put-elsewhere-merges" violates "methods.put-replaces":
            "in all groups but the first, a PUT keeps the optional fields that it leaves out";
        PutShowsOnly "put-shows-only" violates "methods.put-replaces":
            "the answer to a PUT is right, but optional fields that it left out stay stored";
        PutIgnored "put-ignored" violates "methods.put-replaces": "a PUT answers 200 and changes nothing";
        PutKeepsFlags "put-keeps-flags" violates "methods.put-replaces":
            "a PUT that leaves out a field with a default keeps its old value";
        PutOfSameIs409 "put-of-same-is-409" violates "methods.put-replaces" "codes.own-value":
            "a PUT that keeps the name answers 409: the document is in its own way";
        PutTouchesNeighbour "put-touches-neighbour" violates "methods.put-replaces":
            "a PUT changes the document that was created before, too";
        PutKeepsDate "put-keeps-date" violates "methods.put-replaces":
            "a PUT that leaves out a date keeps its old value";
        PutTouchesCreated "put-touches-created" violates "methods.put-replaces":
            "a PUT sets the date of creation to that of its own";
        ListShowsEnabled "list-shows-enabled" violates "methods.patch-is-partial":
            "a list shows every document as enabled, whatever a PATCH set";
        PatchReplaces "patch-replaces" violates "methods.patch-is-partial":
            "a PATCH resets the optional fields that it leaves out";
        PatchElsewhereReplaces "patch-elsewhere-replaces" violates "methods.patch-is-partial":
            "in all groups but the first, a PATCH resets the optional fields that it leaves out";
        PatchShowsOnly "patch-shows-only" violates "methods.patch-is-partial":
            "the answer to a PATCH is right, but nothing is stored";
        PatchResetsNested "patch-resets-nested" violates "methods.patch-is-partial":
            "a PATCH resets the nested fields that have a default";
        PatchDropsOptional "patch-drops-optional" violates "methods.patch-is-partial":
            "a PATCH drops the optional fields that it leaves out";
        PatchTruncatesCreated "patch-truncates-created" violates "methods.patch-is-partial":
            "after a PATCH the date of creation has lost its time";
        PatchTouchesCreated "patch-touches-created" violates "methods.patch-is-partial":
            "a PATCH sets the date of creation to that of its own";
        PatchResetsFlags "patch-resets-flags" violates "methods.patch-is-partial":
            "a PATCH resets the flags that it leaves out";
        PatchTouchesNeighbour "patch-touches-neighbour" violates "methods.patch-is-partial":
            "a PATCH changes the document that was created before, too";
        PatchOfAutomationResets "patch-of-automation-resets" violates "methods.patch-is-partial":
            "a PATCH of the automation configuration resets the field that it leaves out";
        PatchDropsDate "patch-drops-date" violates "methods.patch-is-partial":
            "a PATCH drops the date that it leaves out";
        DeleteKeeps "delete-keeps" violates "methods.delete-removes": "a DELETE answers 204 and removes nothing";
        DeleteElsewhereKeeps "delete-elsewhere-keeps" violates "methods.delete-removes":
            "in all groups but the first, a DELETE answers 204 and removes nothing";
        DeleteKeepsInList "delete-keeps-in-list" violates "methods.delete-removes":
            "a document that was removed stays in the list";
        DeleteKeepsEntity "delete-keeps-entity" violates "methods.delete-removes":
            "a document that was removed is gone from the list, but can still be read";
        DeleteKeepsName "delete-keeps-name" violates "methods.delete-removes":
            "the name of a document that was removed stays taken";
        DeleteTakesNeighbour "delete-takes-neighbour" violates "methods.delete-removes":
            "a DELETE removes the document that was created before, too";
        DeletedOnPages "deleted-on-pages" violates "methods.delete-removes":
            "a document that was removed stays on pages of fifty items";
        PostAnswersDefaults "post-answers-defaults" violates "methods.answer-is-as-stored":
            "the answer to a POST tells the default of a nested field, whatever is stored";
        PatchAnswersOld "patch-answers-old" violates "methods.answer-is-as-stored":
            "the answer to a PATCH tells the document as it was before";
        PatchAnswersDefaults "patch-answers-defaults" violates "methods.answer-is-as-stored":
            "the answer to a PATCH tells the default of a nested field, whatever is stored";
        PutAnswersOld "put-answers-old" violates "methods.answer-is-as-stored":
            "the answer to a PUT tells the document as it was before";
        HeadSendsBody "head-sends-body" violates "methods.head-is-get-without-body":
            "the body follows the answer to a HEAD";
        HeadOfErrorSendsBody "head-of-error-sends-body" violates "methods.head-is-get-without-body":
            "the error document follows the refusal of a HEAD";
        HeadUnlabelled "head-unlabelled" violates "methods.head-is-get-without-body":
            "the answer to a HEAD has another Content-Type than that to a GET";
        HeadUnsupported "head-unsupported" violates "methods.head-supported": "HEAD answers 405";
        HeadUnsupportedOnLists "head-unsupported-on-lists" violates "methods.head-supported":
            "HEAD of a list answers 405";
        HeadLengthRounded "head-length-rounded" violates "methods.head-length-fits":
            "the Content-Length of a HEAD is rounded up to a number of kibibytes";
        UnsupportedIs404 "unsupported-is-404" violates "methods.unsupported-405": "an unsupported method answers 404";
        PatchUnsupportedIs501 "patch-unsupported-is-501" violates "methods.unsupported-405" "codes.never-5xx":
            "a PATCH that is not supported answers 501";
        UnsupportedWithBodyIs400 "unsupported-with-body-is-400" violates "methods.unsupported-405":
            "an unsupported method answers 400 if there is a body: it is judged first";
        UnsupportedPutRemoves "unsupported-put-removes" violates "methods.unsupported-405":
            "a PUT of a database user, which has none, answers 405 and removes it";
        UnsupportedOnListIs404 "unsupported-on-list-is-404" violates "methods.unsupported-405":
            "an unsupported method answers 404 on a list";
        RootDeletable "root-deletable" violates "methods.root-not-deletable": "a DELETE of the root answers 204";
        RootDeleteIs403 "root-delete-is-403" violates "methods.root-not-deletable": "a DELETE of the root answers 403";
        RootGoneAfterDelete "root-gone-after-delete" violates "methods.root-not-deletable":
            "a DELETE of the root answers 405, but the client's next read of it 404";
        AllowMissing "allow-missing" violates "methods.405-lists-allowed": "a 405 carries no Allow";
        AllowNamesAll "allow-names-all" violates "methods.405-lists-allowed":
            "the Allow of a 405 names every method there is";
        DatabaseNameCut "database-name-cut" violates "methods.values-kept":
            "the database of a database user is cut off after 64 characters";
        DatabaseNameEscaped "database-name-escaped" violates "methods.values-kept":
            "the database of a database user comes back escaped for HTML";
        RareCharactersLost "rare-characters-lost" violates "methods.values-kept":
            "in the roles of a database user a character beyond the first plane becomes a question mark";
        RolesAppended "roles-appended" violates "methods.values-kept":
            "a PATCH adds roles to those that a database user has";
        NoteTrimmed "note-trimmed" violates "methods.values-kept": "a note loses the blanks at its ends";
        NoteBecomesNumber "note-becomes-number" violates "methods.values-kept":
            "a note of digits alone is stored as a number";
        LineBreaksLostOnCreate "line-breaks-lost-on-create" violates "methods.values-kept":
            "a POST makes the line breaks of a note blanks";
        FalseIsNoValue "false-is-no-value" violates "methods.values-kept":
            "a POST takes a flag that is false for one that is left out";
        NumbersWrap "numbers-wrap" violates "methods.values-kept": "a number beyond 32 bits becomes another";
        FinishedJobChanged "finished-job-changed" violates "methods.values-kept":
            "a job that is finished shows another delivery method than was sent";
        TagsSorted "tags-sorted" violates "methods.values-kept": "tags come back in the order of the alphabet";
        GetTouches "get-touches" violates "methods.safe": "a GET of a document is taken for an update of it";
        HeadTouches "head-touches" violates "methods.safe": "a HEAD of a document is taken for an update of it";
        ListTouches "list-touches" violates "methods.safe":
            "reading a list of documents is taken for an update of each";
        ReadsCounted "reads-counted" violates "methods.safe": "a whitelist entry shows how often it was read";
        HeadSwitchesOff "head-switches-off" violates "methods.safe":
            "a HEAD of the list of documents switches them off";

        TextMediaType "text-media-type" violates "entities.are-json": "bodies are labelled text/plain";
        ErrorsAreHtml "errors-are-html" violates "entities.are-json": "errors are labelled text/html";
        ErrorsAreHtmlUnasked "errors-are-html-unasked" violates "entities.are-json":
            "errors are labelled text/html unless the request asks for JSON by name";
        CreatedUnlabelled "created-unlabelled" violates "entities.are-json": "the answer to a POST has no Content-Type";
        EnvelopeIsJavascript "envelope-is-javascript" violates "entities.are-json":
            "under an envelope bodies are labelled text/javascript";
        CreatedInLatin1 "created-in-latin-1" violates "entities.are-json":
            "the answer to a POST is labelled with the charset ISO-8859-1";
        NotANumber "not-a-number" violates "entities.are-json": "a member of clusters is written NaN";
        PatchAnswersText "patch-answers-text" violates "entities.are-json": "a PATCH answers OK, as plain text";
        CharsetRefused "charset-refused" violates "entities.json-request-accepted":
            "a charset in Content-Type answers 415";
        JobCharsetRefused "job-charset-refused" violates "entities.json-request-accepted":
            "a POST of a job with a charset is refused";
        CapitalCharsetRefused "capital-charset-refused" violates "entities.json-request-accepted":
            "a charset in capital letters answers 415";
        AnyMediaType "any-media-type" violates "entities.other-content-type-refused":
            "the Content-Type of a request does not matter";
        AnyTextType "any-text-type" violates "entities.other-content-type-refused":
            "a body that is labelled text/plain is taken";
        OtherTypeStored "other-type-stored" violates "entities.other-content-type-refused":
            "a POST under another Content-Type is refused, but stored";
        OtherTypeReplaces "other-type-replaces" violates "entities.other-content-type-refused":
            "a PUT under another Content-Type is refused, but stored";
        TransferCodingUnasked "transfer-coding-unasked" violates "entities.length-stated-once":
            "every response but an error is sent with the transfer coding gzip beside chunked";
        ErrorTransferIsIdentity "error-transfer-is-identity" violates "entities.length-stated-once":
            "every error is sent with the transfer coding identity beside chunked";
        DuplicateMembers "duplicate-members" violates "entities.no-duplicate-members": "an entity names links twice";
        DuplicateStatus "duplicate-status" violates "entities.no-duplicate-members":
            "an enveloped list names its status twice";
        DuplicateInItems "duplicate-in-items" violates "entities.no-duplicate-members":
            "the items of a list name links twice";
        DuplicateInErrors "duplicate-in-errors" violates "entities.no-duplicate-members":
            "an error names its error twice";
        MalformedIs422 "malformed-is-422" violates "entities.malformed-json-400" "codes.bad-request-400":
            "a body that is no JSON answers 422";
        EmptyBodyIsObject "empty-body-is-object" violates "entities.malformed-json-400":
            "an empty body is taken for an empty object";
        ArrayUnwrapped "array-unwrapped" violates "entities.malformed-json-400":
            "an array of one object is taken for that object";
        ArrayAppliedThenRefused "array-applied-then-refused" violates "entities.malformed-json-400":
            "a PATCH with an array is refused, but its first object is stored";
        TrailingTextIgnored "trailing-text-ignored" violates "entities.malformed-json-400":
            "what follows the object in a body is ignored";
        NameComesFirst "name-comes-first" violates "entities.field-order-is-free":
            "a POST is refused unless its unique field comes first";
        OrderMattersOnPut "order-matters-on-put" violates "entities.field-order-is-free":
            "a PUT is refused unless its unique field comes first";
        FlagsComeLast "flags-come-last" violates "entities.field-order-is-free":
            "a PATCH is refused if a flag comes before another field";
        NestedOrderMatters "nested-order-matters" violates "entities.field-order-is-free":
            "a nested object is refused unless its required field comes first";
        OrderResetsNested "order-resets-nested" violates "entities.field-order-is-free":
            "a POST whose unique field does not come first stores the default of a nested field";
        FlagEndsPatch "flag-ends-patch" violates "entities.field-order-is-free":
            "a PATCH ignores the fields that come after a flag";

        UnknownOnCreate "unknown-on-create" violates "invalid-fields.rejected-on-create":
            "a POST ignores unknown fields";
        NestedUnknownOnCreate "nested-unknown-on-create" violates "invalid-fields.rejected-on-create":
            "a POST ignores unknown fields of nested objects";
        CaselessOnCreate "caseless-on-create" violates "invalid-fields.rejected-on-create":
            "a POST ignores a field that differs from a known one by case alone";
        NullUnknownOnCreate "null-unknown-on-create" violates "invalid-fields.rejected-on-create":
            "a POST ignores unknown fields that are null";
        ItemsUnknownOnCreate "items-unknown-on-create" violates "invalid-fields.rejected-on-create":
            "a POST ignores unknown fields of objects in arrays";
        JobUnknownIgnored "job-unknown-ignored" violates "invalid-fields.rejected-on-create":
            "the POST that starts a job ignores unknown fields";
        CaselessTakenOnCreate "caseless-taken-on-create" violates "invalid-fields.rejected-on-create":
            "a POST takes a field that differs from a known one by case alone for that one";
        UnknownOnUpdate "unknown-on-update" violates "invalid-fields.rejected-on-update":
            "PUT and PATCH ignore unknown fields";
        GoalUnknownIgnored "goal-unknown-ignored" violates "invalid-fields.rejected-on-update":
            "a PATCH of the automation configuration ignores unknown fields";
        NestedUnknownOnUpdate "nested-unknown-on-update" violates "invalid-fields.rejected-on-update":
            "PUT and PATCH ignore unknown fields of nested objects";
        UnknownOnPut "unknown-on-put" violates "invalid-fields.rejected-on-update": "a PUT ignores unknown fields";
        UnknownAloneOnPatch "unknown-alone-on-patch" violates "invalid-fields.rejected-on-update":
            "a PATCH that holds nothing but unknown fields changes nothing and answers 200";
        ItemsUnknownOnUpdate "items-unknown-on-update" violates "invalid-fields.rejected-on-update":
            "PUT and PATCH ignore unknown fields of objects in arrays";
        CaselessTakenOnUpdate "caseless-taken-on-update" violates "invalid-fields.rejected-on-update":
            "PUT and PATCH take a field that differs from a known one by case alone for that one";
        UnmodifiableIgnored "unmodifiable-ignored" violates "invalid-fields.unmodifiable-rejected":
            "fields that cannot be modified are ignored";
        CreatedIgnored "created-ignored" violates "invalid-fields.unmodifiable-rejected":
            "a new date of creation is ignored";
        UnmodifiableIgnoredOnPut "unmodifiable-ignored-on-put" violates "invalid-fields.unmodifiable-rejected":
            "a PUT ignores fields that cannot be modified";
        UnmodifiableIgnoredBesideValid "unmodifiable-ignored-beside-valid" violates "invalid-fields.unmodifiable-rejected":
            "a PATCH ignores fields that cannot be modified if there are others";
        UnmodifiableIgnoredOnCreate "unmodifiable-ignored-on-create" violates "invalid-fields.set-or-refused-on-create":
            "a POST ignores fields that cannot be modified";
        FieldUnnamed "field-unnamed" violates "invalid-fields.named": "the error does not name the invalid field";
        NestedUnnamed "nested-unnamed" violates "invalid-fields.named":
            "the error about a nested field names the object alone";
        ItemsUnnamed "items-unnamed" violates "invalid-fields.named":
            "the error about a field of an object in an array does not name it";
        UnmodifiableUnnamed "unmodifiable-unnamed" violates "invalid-fields.named":
            "the error about a field that cannot be modified does not name it";
        UnnamedOnPut "unnamed-on-put" violates "invalid-fields.named":
            "the error of a PUT does not name the invalid field";
        AppliedThenRefused "applied-then-refused" violates "invalid-fields.no-effect":
            "a PATCH with an unknown field is refused, but its valid fields are stored";
        CreatedThenRefused "created-then-refused" violates "invalid-fields.no-effect":
            "a POST with an unknown field is refused, but the rest is stored";
        PutAppliedThenRefused "put-applied-then-refused" violates "invalid-fields.no-effect":
            "a PUT with an unknown field is refused, but the rest is stored";
        JobStartedThenRefused "job-started-then-refused" violates "invalid-fields.no-effect":
            "a POST of an operation that is refused for an unknown field starts it";
        TouchedThenRefused "touched-then-refused" violates "invalid-fields.no-effect":
            "a PATCH that is refused for an unknown field is taken for an update";
        NeighbourPatchedThenRefused "neighbour-patched-then-refused" violates "invalid-fields.no-effect":
            "a PATCH that is refused for an unknown field changes the document that was created before";
        NestedAppliedThenRefused "nested-applied-then-refused" violates "invalid-fields.no-effect":
            "a PATCH with an unknown nested field is refused, but the rest is stored";
        NestedPutThenRefused "nested-put-then-refused" violates "invalid-fields.no-effect":
            "a PUT with an unknown nested field is refused, but the rest is stored";
        UnmodifiablePutThenRefused "unmodifiable-put-then-refused" violates "invalid-fields.no-effect":
            "a PUT of a field that cannot be modified is refused, but the rest is stored";
        UnmodifiableAppliedThenRefused "unmodifiable-applied-then-refused" violates "invalid-fields.no-effect":
            "a PATCH of a field that cannot be modified is refused, but the rest is stored";
    } };
}

pub(super) use resources;
