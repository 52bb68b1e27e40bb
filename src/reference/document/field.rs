//! Descriptions of fields, as tables.

/// A field that a client may set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) presence: Presence,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A string that is not empty and not endless.
    Text,
    /// A string with an `@` in it.
    Email,
    /// One of some strings.
    OneOf(&'static [&'static str]),
    /// An array of strings, each of which may be empty.
    Texts,
    /// A boolean.
    Flag,
    /// An integer between these, both included.
    Whole(i64, i64),
    /// A date.
    Date,
    /// An object of fields.
    Object(&'static [Field]),
    /// An array of such objects.
    Objects(&'static [Field]),
}

/// What happens when a field is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It must be sent.
    Required,
    /// It has no value, and is left out of the entity.
    Optional,
    /// It is this.
    DefaultFlag(bool),
    /// It is this.
    DefaultWhole(i64),
}
