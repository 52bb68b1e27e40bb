//! Registers of a group: documents that clients in the field write, beyond what the specification tells of.
//!
//! They keep its conventions (lists, links, errors, unknown fields refused by name). The group leads to those of database
//! users alone.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::{Exchange, MOST, fields, kept as values, path, too_many};
use crate::reference::document::{self, Field, Kind, Presence};
use crate::reference::fault::Fault;
use crate::reference::http::{Answer, Outcome, Verb};
use crate::reference::problem::Refusal;
use crate::reference::route::Register;
use crate::reference::store::{Group, Kept};
use crate::reference::variation::{names, writes};
use crate::reference::world::World;
use crate::reference::{dates, links, page};

/// What a register knows of its documents.
struct Form {
    /// The member, or one of those, that names a document.
    keys: &'static [&'static str],
    /// All members that a client may send.
    members: &'static [&'static str],
    /// Those of them that are not shown.
    secret: &'static [&'static str],
    /// What the members hold, where the register looks at that.
    fields: &'static [Field],
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, presence: Presence::Optional }
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, presence: Presence::Required }
}

const DATABASE_USER: &[Field] = &[
    required("username", Kind::Text),
    optional("databaseName", Kind::Text),
    optional("password", Kind::Text),
    optional("roles", Kind::Objects(ROLE)),
    optional("scopes", Kind::Objects(&[required("name", Kind::Text), required("type", Kind::Text)])),
    optional("labels", Kind::Objects(&[required("key", Kind::Text), required("value", Kind::Text)])),
    optional("awsIAMType", Kind::Text),
    optional("ldapAuthType", Kind::Text),
    optional("x509Type", Kind::Text),
    optional("deleteAfterDate", Kind::Date),
    optional("groupId", Kind::Text),
];

const ROLE: &[Field] =
    &[required("roleName", Kind::Text), required("databaseName", Kind::Text), optional("collectionName", Kind::Text)];

const DATABASE_USERS: Form = Form {
    keys: &["username"],
    members: &[
        "awsIAMType",
        "databaseName",
        "deleteAfterDate",
        "groupId",
        "labels",
        "ldapAuthType",
        "password",
        "roles",
        "scopes",
        "username",
        "x509Type",
    ],
    secret: &["password"],
    fields: DATABASE_USER,
};
const WHITELIST: Form = Form {
    keys: &["cidrBlock", "ipAddress", "awsSecurityGroup"],
    members: &["awsSecurityGroup", "cidrBlock", "comment", "deleteAfterDate", "groupId", "ipAddress"],
    secret: &[],
    fields: &[],
};
const LOG_COLLECTION_JOBS: Form = Form {
    // The server names them.
    keys: &["id"],
    members: &[
        "expirationDate",
        "logCollectionFromDate",
        "logCollectionToDate",
        "logTypes",
        "redacted",
        "resourceName",
        "resourceType",
        "sizeRequestedPerFileBytes",
    ],
    secret: &[],
    fields: &[],
};
const CLUSTERS: Form = Form {
    keys: &["name"],
    members: &[
        "autoScaling",
        "backupEnabled",
        "biConnector",
        "clusterType",
        "diskSizeGB",
        "encryptionAtRestProvider",
        "labels",
        "mongoDBMajorVersion",
        "name",
        "numShards",
        "paused",
        "pitEnabled",
        "providerBackupEnabled",
        "providerSettings",
        "replicationFactor",
        "replicationSpec",
        "replicationSpecs",
        "rootCertType",
        "terminationProtectionEnabled",
        "versionReleaseSystem",
    ],
    secret: &[],
    fields: &[],
};

fn form(register: Register) -> &'static Form {
    match register {
        Register::DatabaseUsers => &DATABASE_USERS,
        Register::Whitelist => &WHITELIST,
        Register::LogCollectionJobs => &LOG_COLLECTION_JOBS,
        Register::Clusters => &CLUSTERS,
    }
}

/// Lists the documents, or creates one or several.
pub(super) fn list_or_create(exchange: &Exchange<'_>, group: &Group, register: Register) -> Outcome {
    if exchange.admitted.verb == Verb::Post {
        return create(exchange, group, register);
    }
    page::answer(
        exchange.world,
        exchange.call,
        &list_path(group, register),
        members(exchange.world, group, register),
        |it| it,
    )
}

/// The documents as members of a list.
pub(super) fn members(world: &World, group: &Group, register: Register) -> Vec<page::Member> {
    let registers = world.store.registers();
    registers
        .of(&group.id, register)
        .map(|kept| (shown(register, kept), own_path(group, register, &kept.key)))
        .collect()
}

/// Reads, changes or removes one document.
pub(super) fn one(exchange: &Exchange<'_>, group: &Group, register: Register, key: &str) -> Outcome {
    let world = exchange.world;
    let mut registers = world.store.registers();
    let missing = || match &world.behaviour {
        behaviour if key.len() > 24 && behaviour.shows(Fault::OddIdFails) => {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "Something unexpected went wrong.")
        }
        _ => Refusal::not_found(singular(register), key),
    };
    let kept = registers.get(&group.id, register, key).cloned().ok_or_else(missing)?;
    match exchange.admitted.verb {
        Verb::Delete => {
            registers.remove(&group.id, register, key);
            // Clients in the field read the answer to every request as JSON.
            Ok(Answer::entity(json!({})))
        }
        Verb::Patch => {
            let sent = accepted(register, group, exchange.sent.object(&world.behaviour)?)?;
            if name_of(register, &sent).is_some_and(|name| name != kept.key) {
                return Err(Refusal::unmodifiable(form(register).keys[0]));
            }
            if sent.contains_key("username") && world.behaviour.shows(Fault::OwnUsernameIs409) {
                return Err(taken(register, key));
            }
            let fields = valid(world, register, document::patched(&kept.fields, sent.clone()))?;
            let before = Some(&kept.fields).filter(|_| sent.contains_key("roles"));
            let fields = values::of_database_user(&world.behaviour, before, fields);
            let changed = Kept { fields, ..kept };
            registers.put(&group.id, register, changed.clone());
            Ok(writes::changed(world, Answer::entity(whole(world, group, register, &changed))))
        }
        Verb::Get | Verb::Post | Verb::Put => Ok(Answer::entity(whole(world, group, register, &kept))),
    }
}

fn create(exchange: &Exchange<'_>, group: &Group, register: Register) -> Outcome {
    let world = exchange.world;
    let several = register == Register::Whitelist;
    let sent =
        if several { exchange.sent.objects(&world.behaviour)? } else { vec![exchange.sent.object(&world.behaviour)?] };
    let mut made = Vec::new();
    for object in sent {
        made.push(document(world, group, register, object)?);
    }
    let mut registers = world.store.registers();
    if registers.of(&group.id, register).count() + made.len() > MOST {
        return Err(too_many());
    }
    if let Some(taken) = made.iter().find(|kept| registers.get(&group.id, register, &kept.key).is_some()) {
        return Err(self::taken(register, &taken.key));
    }
    for kept in &made {
        registers.put(&group.id, register, kept.clone());
    }
    drop(registers);
    match made.as_slice() {
        [one] if !several => {
            let url = world.base.url(&own_path(group, register, &one.key));
            let entity = whole(world, group, register, one);
            Ok(writes::made(world, Answer::made(StatusCode::CREATED, entity, &url)))
        }
        _ => {
            let list = page::answer(
                world,
                exchange.call,
                &list_path(group, register),
                members(world, group, register),
                |it| it,
            )?;
            Ok(Answer { status: StatusCode::CREATED, ..list })
        }
    }
}

/// The refusal of a name that another document has.
fn taken(register: Register, key: &str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, format!("The {} {key:?} exists already.", singular(register)))
}

/// The document that a client sends, with what the server adds.
fn document(world: &World, group: &Group, register: Register, mut sent: Map<String, Value>) -> Result<Kept, Refusal> {
    if register == Register::DatabaseUsers && world.behaviour.shows(Fault::UsernameMadeUp) {
        sent.entry("username").or_insert_with(|| world.store.fresh_id().into());
    }
    let fields = valid(world, register, accepted(register, group, sent)?)?;
    let mut fields = values::of_database_user(&world.behaviour, None, fields);
    if register == Register::LogCollectionJobs {
        fields.insert("id".to_owned(), world.store.fresh_id().into());
        fields.insert("status".to_owned(), "SUCCESS".into());
    }
    let wanted = form(register).keys[0];
    let key = name_of(register, &fields).ok_or_else(|| Refusal::field(wanted, "must be a string that is not empty"))?;
    fields.insert("groupId".to_owned(), group.id.clone().into());
    if register == Register::Clusters {
        fields.insert("id".to_owned(), world.store.fresh_id().into());
        fields.insert("stateName".to_owned(), "IDLE".into());
        fields.entry("paused").or_insert(false.into());
        fields.insert("created".to_owned(), dates::write(dates::to_second(world.now())).into());
    }
    Ok(Kept { key, fields })
}

/// What is sent, if the register knows all of it.
fn accepted(register: Register, group: &Group, mut sent: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let form = form(register);
    if let Some(unknown) = sent.keys().find(|name| !form.members.contains(&name.as_str())) {
        return Err(Refusal::field(unknown, "is unknown"));
    }
    if sent.get("groupId").is_some_and(|id| id != &json!(group.id)) {
        return Err(Refusal::unmodifiable("groupId"));
    }
    sent.retain(|_, value| !value.is_null());
    Ok(sent)
}

/// A whole document, if its members hold what they may.
fn valid(world: &World, register: Register, document: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    match form(register).fields {
        [] => Ok(document),
        fields => document::accept(&world.behaviour, fields, &document),
    }
}

fn name_of(register: Register, fields: &Map<String, Value>) -> Option<String> {
    let text = |name: &&str| fields.get(*name).and_then(Value::as_str).filter(|text| !text.is_empty());
    form(register).keys.iter().find_map(text).map(str::to_owned)
}

fn singular(register: Register) -> &'static str {
    match register {
        Register::DatabaseUsers => "database user",
        Register::Whitelist => "whitelist entry",
        Register::LogCollectionJobs => "log collection job",
        Register::Clusters => "cluster",
    }
}

fn whole(world: &World, group: &Group, register: Register, kept: &Kept) -> Value {
    links::whole(world, shown(register, kept), &own_path(group, register, &kept.key), &[("group", path(group, ""))])
}

fn shown(register: Register, kept: &Kept) -> Map<String, Value> {
    let mut shown = kept.fields.clone();
    shown.retain(|name, _| !form(register).secret.contains(&name.as_str()));
    shown
}

fn list_path(group: &Group, register: Register) -> String {
    path(group, &format!("/{}", register.segment()))
}

fn own_path(group: &Group, register: Register, key: &str) -> String {
    let between = if register == Register::DatabaseUsers { "/admin" } else { "" };
    format!("{}{between}/{}", list_path(group, register), names::whole_segment(key))
}

/// The organizations that the user's groups belong to.
pub(super) fn organizations(exchange: &Exchange<'_>) -> Outcome {
    let all = of_user(exchange).map(|id| (organization(&id), format!("/orgs/{id}"))).collect();
    page::answer(exchange.world, exchange.call, "/orgs", all, |it| it)
}

/// One of them.
pub(super) fn one_organization(exchange: &Exchange<'_>, id: &str) -> Outcome {
    let found = of_user(exchange).find(|known| known == id).ok_or_else(|| Refusal::not_found("organization", id))?;
    let path = format!("/orgs/{found}");
    Ok(Answer::entity(links::whole(exchange.world, organization(&found), &path, &[])))
}

fn of_user<'e>(exchange: &'e Exchange<'_>) -> impl Iterator<Item = String> + 'e {
    let user = exchange.admitted.user;
    let groups = exchange.world.store.groups.iter().filter(|group| user.role_in(&group.id).is_some());
    groups.filter_map(|group| group.fields.get("orgId").and_then(Value::as_str).map(str::to_owned))
}

fn organization(id: &str) -> Map<String, Value> {
    fields(json!({ "id": id, "name": format!("Organization {id}"), "isDeleted": false }))
}
