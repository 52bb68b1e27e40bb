'use strict';
// Faults of whole writes: what POST, PUT, PATCH and DELETE do beside or instead of what they should.

const { fault, should, on, by, method, inOrchard, oneOf, all, kind, envelope, pretty, never } = require('./tools');

const refusedOn = (...conditions) => all(({ status }) => status === 400, ...conditions);
const documentsOf = ({ garden, r }) => garden.groups.get(r.segments[1])?.kinds[r.segments[2]];
const documentOf = (context) => documentsOf(context)?.all.get(context.r.segments[3]);
const bodyOf = (r) => JSON.parse(r.body.toString());
const has = (name) => ({ body }) => Object.hasOwn(body, name);

function touch(document, change) {
  if (document) change(document);
  return null;
}

// Keeps the valid members of a refused PATCH, whatever stands beside them.
function half(_value, context) {
  const document = documentOf(context);
  for (const [name, value] of Object.entries(bodyOf(context.r))) {
    if (document && Object.hasOwn(document.members, name) && typeof value === typeof document.members[name] && !(value instanceof Object)) document.members[name] = value;
  }
  return null;
}

const keepsOld = (name) => (kept, { document }) => ({ ...(Object.hasOwn(document.members, name) ? { [name]: document.members[name] } : {}), ...kept, ...(Object.hasOwn(kept, name) && kept[name] !== undefined ? { [name]: kept[name] } : {}) });
const others = ({ documents, document }) => [...documents.all.values()].filter((each) => each !== document);

module.exports = {
  'refused-patch-half-done': fault('invalid-fields.no-effect', 'PATCH of a notice', 'A refused PATCH keeps the valid fields.', 'refused', refusedOn(on('notices'), method('PATCH')), half),
  'refused-patch-half-done-orchard': fault('invalid-fields.no-effect', 'PATCH of a plant in the second group', 'In the second group a refused PATCH keeps the valid fields.', 'refused', refusedOn(inOrchard, method('PATCH')), half),
  'refused-put-half-done': fault('invalid-fields.no-effect', 'PUT of a permit', 'A refused PUT keeps the valid fields.', 'refused', refusedOn(on('permits'), method('PUT')), half),
  'refused-put-empties': fault('invalid-fields.no-effect', 'arrays of a notice, PUT', 'A refused PUT empties the array.', 'refused', refusedOn(on('notices'), method('PUT')), (_v, context) => touch(documentOf(context), (document) => { document.members.attachments = []; })),
  'refused-patch-nested': fault('invalid-fields.no-effect', 'limits of a valve', 'A refused PATCH keeps the nested object.', 'refused', refusedOn(on('valves'), method('PATCH')), (_v, context) => touch(documentOf(context), (document) => Object.assign(document.members.limits, bodyOf(context.r).limits ?? { minimumBars: 0 }))),
  'refused-patch-counts': fault('invalid-fields.no-effect', 'revision of a plant', 'A refused PATCH counts as a revision.', 'refused', refusedOn(on('plants'), method('PATCH')), (_v, context) => touch(documentOf(context), (document) => { document.revision += 1; })),
  'refused-post-creates': fault('invalid-fields.no-effect', 'POST of a valve', 'A refused POST creates a valve.', 'refused', refusedOn(on('valves'), method('POST')), (_v, context) => {
    const { all: every, number } = documentsOf(context);
    const body = bodyOf(context.r);
    every.set(`x${number}${every.size}`, { id: `x${number}${every.size}`, members: { address: body.address ?? '10.0.0.1', mode: 'AUTO', openPercent: 0, limits: { minimumBars: 1, maximumBars: 2 }, schedule: [] }, created: new Date(), touched: new Date(), revision: 1 });
    return null;
  }),
  'refused-job-begins': fault('invalid-fields.no-effect', 'POST of a watering', 'A refused POST begins a job.', 'refused', refusedOn(on('waterings'), method('POST')), (_v, { garden, r }) => {
    const jobs = garden.groups.get(r.segments[1]).jobs.waterings;
    jobs.number += 1;
    jobs.all.set(`y${jobs.number}`, { id: `y${jobs.number}`, members: { zone: 'NORTH', amountLiters: 1, note: '' }, begun: Date.now() });
    return null;
  }),
  'refused-patch-touches-other': fault('invalid-fields.no-effect', 'the other notices', 'A refused PATCH changes another document.', 'refused', refusedOn(on('notices', 'valves'), method('PATCH')), (_v, context) => {
    for (const document of documentsOf(context)?.all.values() ?? []) if (document.id !== context.r.segments[3]) document.members.remark = document.members.body = 'touched';
    return null;
  }),
  'conflict-keeps-others': fault('codes.conflict-no-effect', 'PATCH of a valve to a taken address', 'A conflict keeps the other fields of the PATCH.', 'refused', all(({ status }) => status === 409, on('valves'), method('PATCH')), half),
  'conflict-removes': fault('codes.conflict-no-effect', 'POST of a plant with a taken label', 'A conflict removes the document that was there.', 'refused', all(({ status }) => status === 409, on('plants'), method('POST')), (_v, context) => {
    const documents = documentsOf(context);
    for (const [id, { members }] of documents.all) if (members.label === bodyOf(context.r).label) documents.all.delete(id);
    return null;
  }),
  'unsupported-put-empties': fault('methods.unsupported-405', 'PUT of a valve', 'A PUT that is not supported resets the valve.', 'refused', all(({ status }) => status === 405, on('valves'), method('PUT')), (_v, context) => touch(documentOf(context), (document) => { document.members.openPercent = 50; })),
  'unsupported-patch-of-permit': fault('methods.unsupported-405', 'PATCH of a permit', 'A PATCH that is not supported answers 405 and is done.', 'refused', all(({ status }) => status === 405, on('permits'), method('PATCH')), half),
  'unique-unchecked-in-patch': fault('codes.unique-kept', 'address of a valve, PATCH', 'A PATCH to a taken address is accepted.', 'unique.taken', all(kind('valves'), method('PATCH')), never(false)),
  'unique-unchecked-in-put': fault('codes.unique-kept', 'title of a notice, PUT', 'A PUT to a taken title is accepted.', 'unique.taken', all(kind('notices'), method('PUT')), never(false)),
  'unique-unchecked-number': fault('codes.unique-kept', 'number of a permit, POST', 'A taken number is accepted.', 'unique.taken', all(kind('permits'), method('POST')), never(false)),
  'unique-first-only': fault('codes.unique-kept', 'plants, from the second on', 'Only the first plant is looked at for a taken label.', 'unique.taken', kind('plants'), (_v, { value, all: every, own }) => [...every.values()].slice(0, 1).some((each) => each !== own && each.members.label === value)),
  'unique-unchecked-entry': fault('codes.unique-kept', 'an address that is on the whitelist', 'An address is put on the whitelist twice.', 'unique.taken', kind('entries'), never(false)),
  'unique-unchecked-envelope': fault('codes.unique-kept', 'POST under an envelope', 'A taken value is accepted under an envelope.', 'unique.taken', ({ r }) => r.flags.envelope === true, never(false)),
  'own-number-conflicts': fault('codes.own-value', 'PUT of a permit with its own number', 'The own number of a permit is a conflict.', 'unique.taken', all(kind('permits'), method('PUT')), (value, { own, value: number }) => value || own.members.number === number),
  'own-address-conflicts': fault('codes.own-value', 'PATCH of a valve with its own address', 'The own address of a valve is a conflict.', 'unique.taken', all(kind('valves'), method('PATCH')), (value, { own, value: address }) => value || own.members.address === address),
  'own-label-conflicts-in-put': fault('codes.own-value', 'PUT of a plant with its own label', 'The own label of a plant is a conflict in a PUT.', 'unique.taken', all(kind('plants'), method('PUT')), (value, { own, value: label }) => value || own.members.label === label),
  'order-matters': fault('entities.field-order-is-free', 'POST of a permit', 'A permit is refused where its number is not the first member.', 'member.kept', all(kind('permits'), ({ depth, name, body }) => depth === 0 && name === 'number' && Object.keys(body)[0] !== 'number'), never(undefined)),
  'order-matters-nested': fault('entities.field-order-is-free', 'limits of a valve', 'limits are refused where maximumBars comes first.', 'member.kept', all(kind('valves'), ({ name, body }) => name === 'maximumBars' && Object.keys(body)[0] === 'maximumBars'), never(undefined)),
  'put-keeps-nickname': fault('methods.put-replaces', 'nickname of a plant', 'A PUT without nickname keeps the old one.', 'replaced', kind('plants'), keepsOld('nickname')),
  'put-keeps-valid-until': fault('methods.put-replaces', 'validUntil of a permit', 'A PUT without validUntil keeps the old date.', 'replaced', kind('permits'), keepsOld('validUntil')),
  'put-keeps-body': fault('methods.put-replaces', 'body of a notice', 'A PUT without body keeps the old text.', 'replaced', all(kind('notices'), ({ body }) => !Object.hasOwn(body, 'body')), (kept, { document }) => ({ ...kept, body: document.members.body })),
  'put-keeps-attachments': fault('methods.put-replaces', 'attachments of a notice', 'A PUT without attachments keeps the old array.', 'replaced', all(kind('notices'), ({ body }) => !Object.hasOwn(body, 'attachments')), (kept, { document }) => ({ ...kept, attachments: document.members.attachments })),
  'put-keeps-active': fault('methods.put-replaces', 'active of a permit', 'A PUT without active keeps the old flag.', 'replaced', all(kind('permits'), ({ body }) => !Object.hasOwn(body, 'active')), (kept, { document }) => ({ ...kept, active: document.members.active })),
  'put-keeps-contact': fault('methods.put-replaces', 'holder.contact of a permit', 'A PUT keeps an old object within an object.', 'replaced', kind('permits'), (kept, { document }) => ({ ...kept, holder: { ...document.members.holder, ...kept.holder } })),
  'put-merges-in-orchard': fault('methods.put-replaces', 'PUT in the second group', 'In the second group a PUT keeps what it leaves out.', 'replaced', inOrchard, (kept, { document, body }) => ({ ...document.members, ...Object.fromEntries(Object.entries(kept).filter(([name]) => Object.hasOwn(body, name))) })),
  'put-drops-tags': fault('methods.put-replaces', 'tags of a plant', 'A PUT with tags leaves them empty.', 'replaced', kind('plants'), (kept) => ({ ...kept, tags: [] })),
  'put-not-done-under-envelope': fault('methods.put-replaces', 'PUT under an envelope', 'A PUT under an envelope changes nothing.', 'replaced', ({ r }) => r.flags.envelope, (_kept, { document }) => document.members),
  'patch-resets-percent': fault('methods.patch-is-partial', 'openPercent of a valve', 'A PATCH of mode resets openPercent.', 'patched', all(kind('valves'), has('mode')), (after) => ({ ...after, openPercent: 0 })),
  'patch-resets-attachments': fault('methods.patch-is-partial', 'attachments of a notice', 'A PATCH of another field empties attachments.', 'patched', all(kind('notices'), ({ body }) => !Object.hasOwn(body, 'attachments')), (after) => ({ ...after, attachments: [] })),
  'patch-drops-nickname': fault('methods.patch-is-partial', 'nickname of a plant', 'A PATCH of another field drops nickname.', 'patched', all(kind('plants'), ({ body }) => !Object.hasOwn(body, 'nickname')), ({ nickname: _dropped, ...after }) => after),
  'patch-takes-first': fault('methods.patch-is-partial', 'PATCH of a plant with several fields', 'Of several fields only the first is changed.', 'patched', kind('plants'), (_after, { document, kept }) => ({ ...document.members, ...Object.fromEntries(Object.entries(kept).slice(0, 1)) })),
  'patch-skips-third': fault('methods.patch-is-partial', 'PATCH of a notice with three fields or more', 'The third field of a PATCH is not changed.', 'patched', kind('notices'), (_after, { document, kept }) => ({ ...document.members, ...Object.fromEntries(Object.entries(kept).filter((_each, at) => at !== 2)) })),
  'patch-empty-array-ignored': fault('methods.patch-is-partial', 'an empty array in a PATCH', 'An empty array in a PATCH changes nothing.', 'patched', null, (after, { document, kept }) => ({ ...after, ...Object.fromEntries(Object.entries(kept).filter(([, value]) => Array.isArray(value) && value.length === 0).map(([name]) => [name, document.members[name]])) })),
  'patch-array-appends': fault('methods.patch-is-partial', 'schedule of a valve', 'A PATCH of an array adds to it.', 'patched', all(kind('valves'), has('schedule')), (after, { document, kept }) => ({ ...after, schedule: [...document.members.schedule, ...kept.schedule] })),
  'patch-false-ignored': fault('methods.patch-is-partial', 'pinned of a notice', 'false in a PATCH changes nothing.', 'patched', all(kind('notices'), ({ body }) => body.pinned === false), (after, { document }) => ({ ...after, pinned: document.members.pinned })),
  'patch-empty-text-ignored': fault('methods.patch-is-partial', 'remark of a valve and body of a notice', 'An empty text in a PATCH changes nothing.', 'patched', ({ body }) => body.remark === '' || body.body === '', (after, { document }) => ({ ...after, ...(after.remark === '' ? { remark: document.members.remark } : {}), ...(after.body === '' ? { body: document.members.body } : {}) })),
  'patch-changes-neighbour': fault('methods.patch-is-partial', 'another plant', 'A PATCH of a plant changes the one before it, too.', 'patched', kind('plants'), (after, context) => {
    const last = others(context).at(-1);
    if (last) last.members.heightCentimeters = after.heightCentimeters;
    return after;
  }),
  'patch-for-second-lost': fault('methods.patch-is-partial', 'PATCH by the second user', 'A PATCH by the second user changes nothing.', 'patched', by('second'), (_after, { document }) => document.members),
  'patch-pretty-lost': fault('pretty.any-request', 'PATCH under pretty=true', 'A PATCH under pretty=true changes nothing.', 'patched', pretty, (_after, { document }) => document.members),
  'patch-of-vault-partial': fault('methods.patch-is-partial', 'PATCH of the vault', 'A PATCH of the vault resets its date.', 'single.written', kind('vault'), (after) => ({ ...after, serviced: new Date(0) })),
  'put-of-ledger-merges': fault('methods.put-replaces', 'PUT of the ledger', 'A PUT of the ledger without closed keeps the old flag.', 'single.written', kind('ledger'), (after, { before }) => ({ ...after, closed: before.closed })),
  'delete-keeps-in-list': fault('methods.delete-removes', 'notices', 'A deleted notice stays in the list.', 'documents.listed', kind('notices'), (list, _context, memory) => {
    memory.seen ??= new Map();
    for (const document of list) memory.seen.set(document.id, document);
    return [...memory.seen.values()];
  }),
  'delete-of-permit-not-done': fault('methods.delete-removes', 'permits', 'DELETE of a permit answers success and removes nothing.', 'removed', kind('permits'), never(false)),
  'delete-in-orchard-not-done': fault('methods.delete-removes', 'DELETE in the second group', 'DELETE in the second group removes nothing.', 'removed', inOrchard, never(false)),
  'delete-by-second-not-done': fault('methods.delete-removes', 'DELETE by the second user', 'DELETE by the second user removes nothing.', 'removed', by('second'), never(false)),
  'delete-under-envelope-not-done': fault('methods.delete-removes', 'DELETE under an envelope', 'DELETE under an envelope removes nothing.', 'removed', envelope, never(false)),
  'delete-takes-neighbour': fault('methods.delete-removes', 'valves', 'DELETE of a valve removes the one before it, too.', 'removed', kind('valves'), (value, context) => {
    const last = others(context).at(-1);
    if (last) context.documents.all.delete(last.id);
    return value;
  }),
  'id-given-again': fault('methods.delete-removes', 'ids of valves', 'The id of a deleted valve is given again.', 'created.id', kind('valves'), (_id, { documents }) => String(4003 + 3 * documents.all.size)),
  'post-creates-twice': fault('methods.post-creates', 'POST of a permit', 'A POST creates two permits.', 'created.kept', kind('permits'), (value, { documents, document }) => {
    documents.all.set(`${document.id}0`, { ...document, id: `${document.id}0` });
    return value;
  }),
  'post-not-kept': fault('methods.post-creates', 'POST of a notice under pretty=true', 'A notice that was created under pretty=true cannot be read.', 'created.kept', all(kind('notices'), pretty), never(false)),
  'post-by-second-not-kept': fault('methods.post-creates', 'POST by the second user', 'What the second user creates cannot be read.', 'created.kept', by('second'), never(false)),
  'post-drops-array': fault('methods.post-creates', 'POST of a valve', 'The schedule of a created valve is empty.', 'created.members', kind('valves'), (kept) => ({ ...kept, schedule: [] })),
  'post-drops-optional': fault('methods.post-creates', 'POST of a permit', 'An optional field of a created permit is lost.', 'created.members', kind('permits'), ({ validUntil: _dropped, ...kept }) => kept),
  'location-of-list': should('methods.post-creates', 'Location of a plant', 'Location leads to the list.', 'location', kind('plants'), (location) => location.replace(/\/[^/]*$/, '')),
  'location-missing-entity': should('methods.post-creates', 'Location of a job', 'Location of a job leads nowhere.', 'location', kind('waterings'), (location) => `${location}0`),
  'list-late': fault('methods.post-creates', 'permits in their list', 'A created permit is in the list only when the next one is created.', 'documents.listed', kind('permits'), (list) => list.slice(0, -1)),
  'reader-sees-no-new': fault('methods.get-represents', 'valves, for the read-only user', 'A new valve is missing for the read-only user.', 'documents.found', all(kind('valves'), by('reader')), never(undefined)),
  'reader-list-empty': fault('methods.get-represents', 'the list of plants, for the read-only user', 'The list of plants is empty for the read-only user.', 'documents.listed', all(kind('plants'), by('reader')), never([])),
  'get-counts': fault('methods.safe', 'GET of a permit', 'GET of a permit counts as a revision.', 'document.shown', all(kind('permits'), method('GET'), oneOf), (value, { document }) => {
    document.revision += 1;
    return value;
  }),
  'head-touches': fault('methods.safe', 'HEAD of a valve', 'HEAD of a valve counts as a change.', 'document.shown', all(kind('valves'), method('HEAD')), (value, { document }) => {
    document.touched = new Date();
    return value;
  }),
  'list-touches': fault('methods.safe', 'the list of notices', 'Reading the list of notices changes their updated.', 'documents.listed', all(kind('notices'), method('GET')), (list) => {
    for (const document of list) document.touched = new Date();
    return list;
  }),
  'envelope-read-resets': fault('methods.safe', 'GET of a plant under an envelope', 'Reading a plant under an envelope resets its tags.', 'document.shown', all(kind('plants'), envelope, method('GET')), (value, { document }) => {
    document.members.tags = [];
    return value;
  }),
  'job-never-done': should('codes.accepted-leads-on', 'exports', 'An export is never done.', 'job.takes', kind('exports'), never(1e9)),
  'watering-never-done-orchard': should('codes.accepted-leads-on', 'waterings of the second group', 'A watering of the second group is never done.', 'job.takes', all(kind('waterings'), inOrchard), never(1e9)),
  'job-loses-note': fault('methods.values-kept', 'waterings that are done', 'A watering that is done has lost its note.', 'job.shown', all(kind('waterings'), ({ done }) => done), (value) => ({ ...value, note: '' })),
  'job-loses-sections': fault('methods.values-kept', 'exports that are done', 'An export that is done has lost its sections.', 'job.shown', all(kind('exports'), ({ done }) => done), (value) => ({ ...value, sections: [] })),
  'job-twice': should('codes.accepted-leads-on', 'waterings', 'A watering happens twice.', 'job.kept', kind('waterings'), (value, { jobs, job }) => {
    jobs.all.set(`${job.id}0`, { ...job, id: `${job.id}0` });
    return value;
  }),
  'job-forgotten': should('codes.accepted-leads-on', 'exports under an envelope', 'An export that was accepted under an envelope cannot be read.', 'job.kept', all(kind('exports'), envelope), never(false)),
  'job-hidden-in-list': should('codes.accepted-leads-on', 'the list of waterings', 'The last watering is missing in the list.', 'jobs.listed', kind('waterings'), (list) => list.slice(0, -1)),
  'job-fails': should('codes.accepted-leads-on', 'exports that are done', 'An export ends as FAILED.', 'job.shown', all(kind('exports'), ({ done }) => done), (value) => ({ ...value, state: 'FAILED' })),
};
