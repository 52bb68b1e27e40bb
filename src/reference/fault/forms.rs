//! Faults of envelopes and white space.

/// Adds its lines to those so far and hands them on.
macro_rules! forms {
    ($next:ident $($others:ident)*: $($lines:tt)*) => { $next! { $($others)*: $($lines)*
        EnvelopeByPresence "envelope-by-presence" violates "envelope.off-by-default":
            "envelope=false asks for an envelope, too";
        EnvelopeOfListsByPresence "envelope-of-lists-by-presence" violates "envelope.off-by-default":
            "envelope=false asks for a status in a list";
        EnvelopeOnErrorsAlways "envelope-on-errors-always" violates "envelope.off-by-default" "errors.document":
            "errors come in an envelope, whether it is asked for or not";
        EnvelopeOfCreatedAlways "envelope-of-created-always" violates "envelope.off-by-default":
            "the answer to a POST comes in an envelope, whether it is asked for or not";
        EnvelopeWithHeaders "envelope-with-headers" violates "envelope.entity":
            "an envelope of an entity has a third field";
        EnvelopeNotOnCreated "envelope-not-on-created" violates "envelope.entity":
            "the answer to a POST has no envelope";
        EnvelopeNotOnReplaced "envelope-not-on-replaced" violates "envelope.entity":
            "the answer to a PUT has no envelope";
        EnvelopeNotOnAccepted "envelope-not-on-accepted" violates "envelope.entity":
            "the answer to starting a job has no envelope";
        EnvelopeOfRootCalledBody "envelope-of-root-called-body" violates "envelope.entity":
            "the envelope of the root has a body instead of a content";
        EnvelopeSays200 "envelope-says-200" violates "envelope.status" "envelope.on-errors":
            "the status in an envelope is always 200";
        EnvelopeStatusIsText "envelope-status-is-text" violates "envelope.status":
            "the status in an envelope is a string";
        EnvelopeOfCreatedSays200 "envelope-of-created-says-200" violates "envelope.status":
            "the status in the envelope of a new entity is 200";
        EnvelopeOfReplacedSays201 "envelope-of-replaced-says-201" violates "envelope.status":
            "the status in the envelope of the answer to a PUT is 201";
        EnvelopeOfAcceptedSays200 "envelope-of-accepted-says-200" violates "envelope.status":
            "the status in the envelope of a job that was started is 200";
        EnvelopeOfListSays0 "envelope-of-list-says-0" violates "envelope.status":
            "the status in an enveloped list is 0";
        EnvelopeLosesLinks "envelope-loses-links" violates "envelope.content-is-entity":
            "an entity in an envelope has no links";
        EnvelopeDropsFlags "envelope-drops-flags" violates "envelope.content-is-entity":
            "an entity in an envelope has no boolean fields";
        EnvelopeAsMember "envelope-as-member" violates "envelope.content-is-entity":
            "an entity in an envelope has its self link alone";
        EnvelopeAroundList "envelope-around-list" violates "envelope.list-adds-status":
            "a list is put into an envelope of its own";
        EnvelopeListLosesTotal "envelope-list-loses-total" violates "envelope.list-adds-status":
            "an enveloped list has no totalCount";
        EnvelopeListAddsCount "envelope-list-adds-count" violates "envelope.list-adds-status":
            "an enveloped list has one more field";
        EnvelopeNotOnEmpty "envelope-not-on-empty" violates "envelope.list-adds-status":
            "an empty list has no envelope";
        EnvelopeNotOnErrors "envelope-not-on-errors" violates "envelope.on-errors": "errors come without an envelope";
        EnvelopeNotOn401 "envelope-not-on-401" violates "envelope.on-errors": "a 401 comes without an envelope";
        EnvelopeNotOnConflict "envelope-not-on-conflict" violates "envelope.on-errors":
            "a 409 comes without an envelope";
        EnvelopeLosesDetail "envelope-loses-detail" violates "envelope.on-errors" "errors.document":
            "an error in an envelope has no detail";
        EnvelopeFlatOnErrors "envelope-flat-on-errors" violates "envelope.on-errors":
            "the status of an error is added to its document";
        EnvelopeIgnoresSize "envelope-ignores-size" violates "envelope.with-paging":
            "under an envelope itemsPerPage is ignored";
        EnvelopeIgnoresPage "envelope-ignores-page" violates "envelope.with-paging":
            "under an envelope pageNum is ignored";
        EnvelopeForgetsFilter "envelope-forgets-filter" violates "envelope.with-paging":
            "under an envelope filters are ignored";
        EnvelopeEndsWalk "envelope-ends-walk" violates "envelope.with-paging":
            "under an envelope there is no next after page 1";

        PrettyByDefault "pretty-by-default" violates "pretty.compact-by-default": "every answer is spaced";
        SpacedErrors "spaced-errors" violates "pretty.compact-by-default": "errors are always spaced";
        SpaceInLinks "space-in-links" violates "pretty.compact-by-default":
            "there is white space in the links, and nowhere else";
        TwoNewlines "two-newlines" violates "pretty.compact-by-default": "an enveloped body ends with two line breaks";
        PrettyAlone "pretty-alone" violates "pretty.spaced-on-request":
            "pretty=true does nothing where a page is asked for";
        PrettyIgnored "pretty-ignored" violates "pretty.spaced-on-request": "pretty=true changes nothing";
        PrettyOnOneLine "pretty-on-one-line" violates "pretty.spaced-on-request":
            "pretty=true adds spaces, but no line breaks";
        PrettyWithoutIndentation "pretty-without-indentation" violates "pretty.spaced-on-request":
            "pretty=true adds line breaks, but no indentation";
        PrettyEnvelopeLosesGroup "pretty-envelope-loses-group" violates "pretty.same-value":
            "pretty=true drops a member of an enveloped entity";
        PrettyLosesGroup "pretty-loses-group" violates "pretty.same-value": "a spaced entity has no groupId";
        PrettyRounds "pretty-rounds" violates "pretty.same-value": "a spaced body has no fractions";
        PrettyDropsFlags "pretty-drops-flags" violates "pretty.same-value": "a spaced entity has no boolean fields";
        PrettyListLosesTotal "pretty-list-loses-total" violates "pretty.same-value": "a spaced list has no totalCount";
        PrettyNotOnSnapshots "pretty-not-on-snapshots" violates "pretty.any-request":
            "pretty=true does nothing on a snapshot";
        PrettyNotOnRoot "pretty-not-on-root" violates "pretty.any-request": "pretty=true does nothing on the root";
        PrettyNotOnErrors "pretty-not-on-errors" violates "pretty.any-request": "errors are never spaced";
        PrettyNotOnLists "pretty-not-on-lists" violates "pretty.any-request": "lists are never spaced";
        PrettyNotInEnvelope "pretty-not-in-envelope" violates "pretty.any-request": "enveloped bodies are never spaced";
        PrettyNotOnWrites "pretty-not-on-writes" violates "pretty.any-request": "answers to writes are never spaced";
        PrettyNotOnPut "pretty-not-on-put" violates "pretty.any-request": "answers to PUT are never spaced";
    } };
}

pub(super) use forms;
