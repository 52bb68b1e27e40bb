//! The users and what they were granted.

use std::fmt;

/// Somebody who may log in.
#[derive(Clone)]
pub(crate) struct User {
    /// The name in the target file: what the user is for.
    pub(crate) name: &'static str,
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) key: String,
    /// Ids of groups and the role in each.
    pub(crate) grants: Vec<(String, Role)>,
}

/// Shows all but the key.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("username", &self.username).field("grants", &self.grants).finish_non_exhaustive()
    }
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
