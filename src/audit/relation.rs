//! What several exchanges about the same URL show together.

/// A rule that holds exchanges against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    HeadIsGet,
    PrettyIsPlain,
    ContentIsEntity,
    ListIsPlain,
    TotalIsOne,
    SelfIsSame,
}

/// What a relation asks.
pub(super) struct RelationInfo {
    pub(super) id: &'static str,
    /// The requirement of the suite that it shows.
    pub(super) requirement: &'static str,
    pub(super) purpose: &'static str,
}

impl Relation {
    /// Every relation, in the order of reports.
    pub(super) fn table() -> &'static [RelationInfo] {
        TABLE
    }

    /// What is known of this relation.
    pub(super) fn info(self) -> &'static RelationInfo {
        &TABLE[self as usize]
    }
}

const TABLE: &[RelationInfo] = &[
    RelationInfo {
        id: "methods.every-head-is-as-its-gets",
        requirement: "methods.head-is-get-without-body",
        purpose: "Ensure that each HEAD has the status and the media type of the GETs before and after it.",
    },
    RelationInfo {
        id: "pretty.every-value-is-the-plain-one",
        requirement: "pretty.same-value",
        purpose: "Ensure that each body with white space has the value of the plain ones before and after it.",
    },
    RelationInfo {
        id: "envelope.every-content-is-the-plain-entity",
        requirement: "envelope.content-is-entity",
        purpose: "Ensure that each envelope holds the entity that came without one before and after it.",
    },
    RelationInfo {
        id: "envelope.every-list-is-the-plain-one",
        requirement: "envelope.list-adds-status",
        purpose: "Ensure that each list with an envelope is the list that came without one before and after it.",
    },
    RelationInfo {
        id: "lists.every-page-has-one-total",
        requirement: "lists.total",
        purpose: "Ensure that the pages of a list between two reads of one page have the same totalCount.",
    },
    RelationInfo {
        id: "links.every-self-has-one-id",
        requirement: "links.self-is-own-url",
        purpose: "Ensure that the entity read at a self link has the id of the entity that the link is of.",
    },
];
