//! Authorization headers that are no complete Digest credentials: those of nobody, but for faults.

use data_encoding::BASE64;
use hyper::{Method, StatusCode};

use super::refused;
use crate::digest::params;
use crate::reference::fault::Fault;
use crate::reference::http::Call;
use crate::reference::problem::Refusal;
use crate::reference::store::User;
use crate::reference::world::World;

/// The user whom such a header lets in: none.
pub(super) fn user<'w>(world: &'w World, call: &Call, value: &str) -> Result<&'w User, Refusal> {
    let behaviour = &world.behaviour;
    let sent = params::authorization(value);
    let named = |name: &str| world.store.users.iter().find(|user| user.username == name);
    let patched = call.method == Method::PATCH && behaviour.shows(Fault::MalformedLoginPatches);
    let user = match behaviour {
        _ if sent.is("Basic") && behaviour.shows(Fault::BasicAccepted) => {
            basic_name(value).and_then(|name| named(&name))
        }
        _ if sent.is("Digest") && behaviour.shows(Fault::CutOffLetIn) => sent.get("username").and_then(named),
        _ if patched || (sent.is("Bearer") && behaviour.shows(Fault::BearerLetIn)) => world.store.users.first(),
        _ => None,
    };
    let refusal = || match behaviour {
        _ if behaviour.shows(Fault::MalformedLoginFails) => {
            refused(world).with_status(StatusCode::INTERNAL_SERVER_ERROR)
        }
        _ => refused(world),
    };
    user.ok_or_else(refusal)
}

/// The name in Basic credentials.
fn basic_name(value: &str) -> Option<String> {
    let pair = BASE64.decode(value.strip_prefix("Basic ")?.as_bytes()).ok()?;
    let (name, _) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    Some(name.to_owned())
}
