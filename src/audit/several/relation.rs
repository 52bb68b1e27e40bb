//! What several exchanges about the same URL show together.

/// A rule that holds exchanges against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Relation {
    HeadIsGet,
    PrettyIsPlain,
    ContentIsEntity,
    ListIsPlain,
    TotalIsOne,
    SelfIsSame,
}

/// What a relation asks.
pub(in crate::audit) struct RelationInfo {
    pub(in crate::audit) id: &'static str,
    /// The requirement of the suite that it shows.
    pub(in crate::audit) requirement: &'static str,
    pub(in crate::audit) purpose: &'static str,
}

impl Relation {
    /// How many there are.
    pub(in crate::audit) const COUNT: usize = TABLE.len();

    /// Every relation, in the order of reports.
    pub(in crate::audit) fn table() -> &'static [RelationInfo] {
        TABLE
    }

    /// Every relation.
    pub(in crate::audit) fn all() -> &'static [Self] {
        use Relation::{ContentIsEntity, HeadIsGet, ListIsPlain, PrettyIsPlain, SelfIsSame, TotalIsOne};
        &[HeadIsGet, PrettyIsPlain, ContentIsEntity, ListIsPlain, TotalIsOne, SelfIsSame]
    }

    /// What is known of this relation.
    pub(in crate::audit) fn info(self) -> &'static RelationInfo {
        &TABLE[self as usize]
    }
}

const TABLE: &[RelationInfo; 6] = &[
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_relations() {
        assert_eq!(Relation::all().len(), TABLE.len());
        assert!(Relation::all().iter().enumerate().all(|(place, relation)| *relation as usize == place));
        assert_eq!(Relation::HeadIsGet.info().requirement, "methods.head-is-get-without-body");
        assert_eq!(Relation::SelfIsSame.info().id, "links.every-self-has-one-id");
    }
}
