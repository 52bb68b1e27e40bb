//! Users whose login is in doubt: what needs them is not held against the target.

use std::collections::BTreeSet;

use crate::exchange::{Credentials, Obstacle, Request};

use super::engine::Engine;

/// Users whose login the target refused before the cases began, by the name that cases use.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubted(BTreeSet<String>);

impl Engine {
    /// The same engine, in which no case is judged by the logins of these users: their keys may be wrong.
    #[must_use]
    pub fn doubting(mut self, users: BTreeSet<String>) -> Self {
        self.doubted = Doubted(users);
        self
    }

    /// Refuses the request of a user whose key may be wrong, unless the key says nothing in it.
    pub(super) fn let_log_in(&self, request: &Request) -> Result<(), Obstacle> {
        let Some(user) = request.user.as_ref().filter(|user| self.doubted.0.contains(*user)) else { return Ok(()) };
        match request.credentials {
            Credentials::WrongKey | Credentials::BasicWrongKey | Credentials::UnknownUser => Ok(()),
            // A forged answer is refused for a wrong key as well, so that its refusal would say nothing.
            Credentials::Right
            | Credentials::KeyOf(_)
            | Credentials::InventedNonce
            | Credentials::OtherUri
            | Credentials::OtherMethod
            | Credentials::OneDigitChanged
            | Credentials::CutOff
            | Credentials::Replayed
            | Credentials::Nonce { .. } => Err(Obstacle::NoLogin {
                user: user.clone(),
                url: self.target.base_url.to_string(),
                reason: "its key was refused there with 401 before the cases began, and may not be the right one"
                    .to_owned(),
            }),
        }
    }
}
