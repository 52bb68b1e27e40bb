//! The users and what they were granted.

/// Somebody who may log in.
#[derive(Clone, Debug)]
pub(crate) struct User {
    /// The name in the target file: what the user is for.
    pub(crate) name: &'static str,
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) key: String,
    /// Ids of groups and the role in each.
    pub(crate) grants: Vec<(String, Role)>,
}

impl User {
    /// The role in a group, or `None` for no member of it.
    pub(crate) fn role_in(&self, group: &str) -> Option<Role> {
        self.grants.iter().find(|(id, _)| id == group).map(|(_, role)| *role)
    }
}

/// What a member of a group may do in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    ReadWrite,
    ReadOnly,
}

impl Role {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ReadWrite => "GROUP_OWNER",
            Self::ReadOnly => "GROUP_READ_ONLY",
        }
    }
}
