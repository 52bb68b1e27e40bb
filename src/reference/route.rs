//! Which resource a path names, and which methods that resource supports.

use super::http::Verb;
use super::problem::Refusal;
use hyper::StatusCode;

/// A resource, by what its path names. Ids are as sent; whether they exist is for the resource to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Root,
    Groups,
    InGroup(String, Within),
    User(String),
    Whitelist(String),
    WhitelistEntry(String, String),
    GroupByName(String),
    Organizations,
    Organization(String),
}

/// A resource tied to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    Group,
    List(Kind),
    One(Kind, String),
    AlertConfigs,
    AlertConfig(String),
    RestoreJobs,
    RestoreJob(String),
    Members,
    Measurements,
    AutomationConfig,
    Register(Register),
    Registered(Register, String),
}

/// A register of a group, beyond what the specification tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Register {
    DatabaseUsers,
    Whitelist,
    LogCollectionJobs,
    /// Those that clients made; beside them stand those that are only read.
    Clusters,
}

impl Register {
    /// The segment of its path.
    pub(crate) fn segment(self) -> &'static str {
        match self {
            Self::DatabaseUsers => "databaseUsers",
            Self::Whitelist => "whitelist",
            Self::LogCollectionJobs => "logCollectionJobs",
            Self::Clusters => "clusters",
        }
    }
}

/// A kind of entity that is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Host,
    Cluster,
    Event,
    Snapshot,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Self; 4] = [Self::Host, Self::Cluster, Self::Event, Self::Snapshot];

    /// The segment of its lists, which names the relation to them, too.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Host => "hosts",
            Self::Cluster => "clusters",
            Self::Event => "events",
            Self::Snapshot => "snapshots",
        }
    }

    /// One of it, for a person.
    pub(crate) fn singular(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Cluster => "cluster",
            Self::Event => "event",
            Self::Snapshot => "snapshot",
        }
    }
}

/// The resource of a path below the root; `None` is a path that lies elsewhere.
pub(crate) fn find(path: Option<&[String]>) -> Result<Resource, Refusal> {
    path.and_then(|path| resource(&path.iter().map(String::as_str).collect::<Vec<_>>()))
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "No resource has this path."))
}

fn resource(segments: &[&str]) -> Option<Resource> {
    match segments {
        [] => Some(Resource::Root),
        ["groups"] => Some(Resource::Groups),
        ["groups", "byName", name] => Some(Resource::GroupByName((*name).to_owned())),
        ["orgs"] => Some(Resource::Organizations),
        ["orgs", id] => Some(Resource::Organization((*id).to_owned())),
        ["groups", group, rest @ ..] => within(rest).map(|within| Resource::InGroup((*group).to_owned(), within)),
        ["users", user] => Some(Resource::User((*user).to_owned())),
        ["users", user, "whitelist"] => Some(Resource::Whitelist((*user).to_owned())),
        ["users", user, "whitelist", entry] => Some(Resource::WhitelistEntry((*user).to_owned(), (*entry).to_owned())),
        _ => None,
    }
}

fn within(segments: &[&str]) -> Option<Within> {
    match segments {
        [] => Some(Within::Group),
        ["alertConfigs"] => Some(Within::AlertConfigs),
        ["alertConfigs", id] => Some(Within::AlertConfig((*id).to_owned())),
        ["restoreJobs"] => Some(Within::RestoreJobs),
        ["restoreJobs", id] => Some(Within::RestoreJob((*id).to_owned())),
        ["users"] => Some(Within::Members),
        ["measurements"] => Some(Within::Measurements),
        ["automationConfig"] => Some(Within::AutomationConfig),
        ["databaseUsers"] => Some(Within::Register(Register::DatabaseUsers)),
        ["databaseUsers", name] | ["databaseUsers", "admin", name] => {
            Some(Within::Registered(Register::DatabaseUsers, (*name).to_owned()))
        }
        ["logCollectionJobs"] => Some(Within::Register(Register::LogCollectionJobs)),
        ["logCollectionJobs", id] => Some(Within::Registered(Register::LogCollectionJobs, (*id).to_owned())),
        ["whitelist"] => Some(Within::Register(Register::Whitelist)),
        ["whitelist", entry] => Some(Within::Registered(Register::Whitelist, (*entry).to_owned())),
        [plural] => kind(plural).map(Within::List),
        [plural, id] => kind(plural).map(|kind| Within::One(kind, (*id).to_owned())),
        _ => None,
    }
}

fn kind(plural: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.plural() == plural)
}

/// The methods that a resource supports, HEAD beside GET understood.
pub(crate) fn supported(resource: &Resource) -> &'static [Verb] {
    match resource {
        Resource::InGroup(
            _,
            Within::AlertConfigs | Within::RestoreJobs | Within::Register(_) | Within::List(Kind::Cluster),
        )
        | Resource::Whitelist(_) => &[Verb::Get, Verb::Post],
        Resource::InGroup(_, Within::Registered(Register::Whitelist, _) | Within::RestoreJob(_))
        | Resource::WhitelistEntry(..) => &[Verb::Get, Verb::Delete],
        Resource::InGroup(_, Within::AutomationConfig) => &[Verb::Get, Verb::Patch],
        Resource::InGroup(_, Within::Registered(..) | Within::One(Kind::Cluster, _)) => {
            &[Verb::Get, Verb::Patch, Verb::Delete]
        }
        Resource::InGroup(_, Within::AlertConfig(_)) => &[Verb::Get, Verb::Put, Verb::Patch, Verb::Delete],
        _ => &[Verb::Get],
    }
}

/// The value of `Allow` for a resource.
pub(crate) fn allow(resource: &Resource) -> String {
    let names: Vec<&str> = supported(resource).iter().map(|verb| names(*verb)).collect();
    names.join(", ")
}

fn names(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "GET, HEAD",
        Verb::Post => "POST",
        Verb::Put => "PUT",
        Verb::Patch => "PATCH",
        Verb::Delete => "DELETE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> Option<Resource> {
        resource(&path.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>())
    }

    #[test]
    fn paths_name_resources() {
        assert_eq!(found(""), Some(Resource::Root));
        assert_eq!(found("groups/1"), Some(Resource::InGroup("1".into(), Within::Group)));
        assert_eq!(found("groups/1/hosts"), Some(Resource::InGroup("1".into(), Within::List(Kind::Host))));
        assert_eq!(found("groups/1/hosts/2"), Some(Resource::InGroup("1".into(), Within::One(Kind::Host, "2".into()))));
        assert_eq!(found("groups/1/nothing"), None);
        assert_eq!(found("groups/1/hosts/2/more"), None);
    }

    #[test]
    fn allow_names_head_beside_get() {
        assert_eq!(allow(&Resource::Root), "GET, HEAD");
        assert_eq!(allow(&found("groups/1/alertConfigs/2").unwrap()), "GET, HEAD, PUT, PATCH, DELETE");
    }
}
