'use strict';
// Faults of who may do what: membership, roles, whitelists, what belongs to other users.

const { fault, on, by, method, inHome, inOrchard, oneOf, listOf, all, envelope, pretty, never, NAMES, MEADOW } = require('./tools');
const { WRITE, READ } = require('../users');

const entered = (where, says, ...conditions) => fault('auth.group-membership', where, says, 'member-of-group', all((_c, value) => !value, ...conditions), never(true));
const written = (where, says, ...conditions) => fault('auth.role-forbids', where, says, 'role.is-read-only', all((_c, value) => value, ...conditions), never(false));
const unrestricted = (where, says, ...conditions) => fault('auth.whitelist-refuses', where, says, 'restricted', all((_c, value) => value, ...conditions), never(false));
const bodyOf = (r) => JSON.parse(r.body.toString());

// Does what was refused all the same.
function secretly(act) {
  return (_value, context) => act(context, context.garden.groups.get(context.r.segments[1]));
}

const quiet = (r) => ({ ...r, user: NAMES.owner });

module.exports = {
  'stranger-reads-tools': entered('the list of tools', 'A user who is not a member reads the list of tools.', on('tools'), listOf, method('GET')),
  'stranger-heads-entity': entered('HEAD of entities', 'A user who is not a member gets HEAD of an entity.', oneOf, method('HEAD')),
  'stranger-pages': entered('lists with itemsPerPage', 'A user who is not a member reads a list when the request names a page size.', ({ r }) => r.query.has('itemsPerPage')),
  'stranger-under-envelope': entered('entities of species under an envelope', 'A user who is not a member reads an entity under an envelope.', envelope, on('species', 'beds'), oneOf),
  'stranger-posts-notice': entered('POST of a notice', 'A user who is not a member creates a notice.', on('notices'), method('POST')),
  'stranger-deletes-valve': entered('DELETE of a valve', 'A user who is not a member deletes a valve.', on('valves'), method('DELETE')),
  'stranger-reads-group': entered('the group itself', 'A user who is not a member reads the group itself.', ({ r }) => r.segments.length === 2),
  'stranger-reads-job': entered('a job', 'A user who is not a member reads a job.', on('waterings', 'exports'), oneOf),
  'stranger-reads-vault': entered('the vault', 'A user who is not a member reads the vault.', on('vault')),
  'owner-enters-meadow': entered('the third group, for the owner', 'The owner reads a group that the owner is not a member of.', by('owner'), ({ r }) => r.segments[1] === MEADOW, method('GET', 'HEAD')),
  'stranger-is-403-on-permits': fault('auth.group-membership', 'permits', 'A user who is not a member gets 403.', 'member.status', on('permits'), never(403)),
  'stranger-put-is-404': fault('auth.group-membership', 'PUT by a user who is not a member', 'A PUT by a user who is not a member answers 404.', 'member.status', method('PUT'), never(404)),
  'stranger-pretty-is-403': fault('auth.group-membership', 'any resource under pretty=true', 'A user who is not a member gets 403 under pretty=true.', 'member.status', pretty, never(403)),
  'reader-puts-permit': written('PUT of a permit', 'A read-only user replaces a permit.', on('permits'), method('PUT')),
  'reader-patches-valve': written('PATCH of a valve', 'A read-only user changes a valve.', on('valves'), method('PATCH')),
  'reader-deletes-plant': written('DELETE of a plant', 'A read-only user deletes a plant.', on('plants'), method('DELETE')),
  'reader-deletes-in-orchard': written('DELETE in the second group', 'A read-only user deletes in the second group.', inOrchard, method('DELETE')),
  'reader-posts-watering': written('POST of a watering', 'A read-only user begins a job.', on('waterings')),
  'reader-posts-envelope': written('POST under an envelope', 'A read-only user creates where an envelope is asked for.', envelope, method('POST')),
  'reader-puts-ledger': fault('auth.role-forbids', 'PUT of the ledger', 'A read-only user writes the ledger.', 'role.is-read-only', on('ledger'), never(false)),
  'reader-delete-is-401': fault('auth.role-forbids', 'DELETE of a notice by the read-only user', 'A DELETE by a read-only user answers 401.', 'role.status', all(method('DELETE'), on('notices')), never(401)),
  'reader-patch-is-405': fault('auth.role-forbids', 'PATCH of a plant by the read-only user', 'A PATCH by a read-only user answers 405.', 'role.status', all(method('PATCH'), on('plants')), never(405)),
  'reader-cannot-read-harvests': fault('auth.role-permits', 'the list of harvests', 'A read-only user may not read the list of harvests.', 'role.is-read-only', all(by('reader'), on('harvests')), never(true)),
  'reader-cannot-head': fault('auth.role-permits', 'HEAD of lists', 'A read-only user may not use HEAD on lists.', 'role.is-read-only', all(by('reader'), method('HEAD'), listOf), never(true)),
  'mixed-writes-home': fault('auth.role-forbids', 'a user who may write in another group', 'A user who writes in one group also writes where the role is read-only.', 'role', all(by('mixed'), inHome), never(WRITE)),
  'mixed-cannot-write-orchard': fault('auth.role-permits', 'a user who is read-only in another group', 'A user who is read-only in one group cannot write in the group where the role allows it.', 'role', all(by('mixed'), inOrchard), never(READ)),
  'reader-refused-yet-deleted': fault('auth.role-forbids', 'DELETE of a plant', 'A read-only user gets 403, and the plant is deleted.', 'refused', all(({ status }) => status === 403, on('plants'), method('DELETE')), secretly(({ r }, group) => group.kinds.plants.all.delete(r.segments[3]))),
  'reader-refused-yet-created': fault('auth.role-forbids', 'POST of a valve', 'A read-only user gets 403, and the valve is created.', 'refused', all(({ status }) => status === 403, on('valves'), method('POST')), secretly(({ r }, group) => group.kinds.valves.create(quiet(r), bodyOf(r)))),
  'stranger-refused-yet-patched': fault('auth.group-membership', 'PATCH of a plant', 'A user who is not a member gets 401, and the plant is changed.', 'refused', all(({ status }) => status === 401, by('outsider'), on('plants'), method('PATCH')), secretly(({ r }, group) => group.kinds.plants.change(quiet(r), r.segments[3], bodyOf(r)))),
  'anonymous-refused-yet-deleted': fault('auth.required', 'DELETE of a notice', 'A DELETE without credentials answers 401, and the notice is deleted.', 'refused', all(({ why }) => why === 'anonymous', on('notices'), method('DELETE')), secretly(({ r }, group) => group.kinds.notices.all.delete(r.segments[3]))),
  'anonymous-refused-yet-created': fault('auth.required', 'POST of a plant under an envelope', 'A POST without credentials answers 401, and the plant is created.', 'refused', all(({ why }) => why === 'anonymous', on('plants'), method('POST'), envelope), secretly(({ r }, group) => group.kinds.plants.create(quiet(r), bodyOf(r)))),
  'vault-open-to-head': unrestricted('HEAD of the vault', 'HEAD of the vault is answered from any address.', on('vault'), method('HEAD')),
  'vault-open-to-patch': unrestricted('PATCH of the vault', 'The vault is changed from any address.', on('vault'), method('PATCH')),
  'vault-open-in-orchard': unrestricted('the vault of the second group', 'The vault of the second group is read from any address.', on('vault'), inOrchard),
  'vault-open-under-envelope': unrestricted('the vault under an envelope', 'The vault is read from any address under an envelope.', on('vault'), envelope),
  'ledger-open-to-put': unrestricted('PUT of the ledger', 'The ledger is written from any address.', on('ledger')),
  'exports-open-to-post': unrestricted('POST of an export', 'An export begins from any address.', on('exports')),
  'vault-refused-yet-patched': fault('auth.whitelist-refuses', 'PATCH of the vault', 'A PATCH from a refused address answers an error, and the vault is changed.', 'refused', all(on('vault'), method('PATCH'), ({ r }) => r.address === '127.0.0.42'),
    secretly(({ r }, group) => Object.assign(group.singles.vault, bodyOf(r)))),
  'listed-by-anybody': fault('auth.whitelist-same-user', 'restricted resources', 'The whitelists of all users count for everybody.', 'listed', null, (_v, { r, everybody }) => everybody().includes(r.address)),
  'listed-by-anybody-for-patch': fault('auth.whitelist-same-user', 'PATCH of the vault', 'For a PATCH of the vault the whitelists of all users count.', 'listed', all(on('vault'), method('PATCH')), (_v, { r, everybody }) => everybody().includes(r.address)),
  'listed-by-network': fault('auth.whitelist-refuses', 'addresses near a listed one', 'An address counts as listed when another address of its network is.', 'listed', null, (_v, { r, addresses }) => addresses.some((one) => one.split('.').slice(0, 3).join() === r.address.split('.').slice(0, 3).join())),
  'listed-first-only': fault('auth.whitelist-permits', 'the second entry of a whitelist', 'Only the first entry of a whitelist counts.', 'listed', null, (_v, { r, addresses }) => addresses[0] === r.address),
  'listed-for-ever': fault('auth.whitelist-changes', 'entries that were removed', 'An entry that was removed still counts.', 'listed', null, (value, { r, addresses }, memory) => {
    memory.seen ??= new Set();
    for (const one of addresses) memory.seen.add(`${r.user} ${one}`);
    return value || memory.seen.has(`${r.user} ${r.address}`);
  }),
  'listed-late': fault('auth.whitelist-changes', 'entries that were added', 'An entry that was added counts only after a while.', 'listed', null, (value, { r, addresses }, memory) => {
    memory.since ??= Date.now();
    const place = addresses.indexOf(r.address);
    return value && (place < 2 || Date.now() - memory.since > 600000);
  }),
  'nobody-listed-is-everybody': fault('auth.whitelist-refuses', 'a user with an empty whitelist', 'A user without any entry may use restricted resources from anywhere.', 'listed', ({ addresses }) => addresses.length === 0, never(true)),
  'others-whitelist-read': fault('auth.own-resources', "another user's whitelist", "A user reads another user's whitelist.", 'others', ({ r, rest }) => rest[0] === 'whitelist' && r.method === 'GET', never(false)),
  'others-whitelist-posted': fault('auth.own-resources', "POST to another user's whitelist", "A user adds to another user's whitelist.", 'others', method('POST'), never(false)),
  'others-whitelist-deleted': fault('auth.own-resources', "DELETE of an entry of another user's whitelist", "A user deletes from another user's whitelist.", 'others', method('DELETE'), never(false)),
};
