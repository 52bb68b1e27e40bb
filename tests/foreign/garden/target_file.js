'use strict';
// The target file: what a tester must know of the garden, with its keys in files beside it.

const fs = require('fs');
const path = require('path');
const { BASE } = require('./answers');
const { HOME, ORCHARD, MEADOW, NAMES, ROLES, SOURCES } = require('./users');

const DECLARED = ['owner', 'second', 'reader', 'outsider', 'other', 'mixed'];
const IN_HOME = '/groups/{group}';

const PLANT = {
  label: 'Baum №7 "Ünïcode" \u{1f333} with a label of more than sixty-four characters {unique}',
  heightCentimeters: 182.5,
  bed: { name: 'hill & dale', row: 3, place: { column: 0, sunny: true } },
  tags: ['shade', 'old / rare'],
  evergreen: true,
  planted: '2016-02-29T23:59:58Z',
  checks: [{ at: '2016-12-31T23:59:59Z', result: 'dry' }, { at: '2015-06-30T00:00:00Z', result: '' }],
};

const IN_ORCHARD = '/groups/{other-groups.owner}';
const STATIC = { id: 'other', created: '2001-02-03T04:05:06Z' };
const WHEN = '2002-03-04T05:06:07Z';
const MISSING = '/groups/5f2c9a7e4b11';

// The kinds of `documents.md`.
function documents() {
  const ofGroup = (kind, more) => ({ list: `${IN_HOME}/${kind}`, 'missing-list': `${MISSING}/${kind}`, ...more });
  const holder = { name: 'Zo\u00eb "Z" O\'Neill', since: '2001-02-03T04:05:06Z', contact: { email: 'zoe@garden.example', daytimeOnly: false } };
  return {
    plants: ofGroup('plants', {
      valid: PLANT, unique: 'label',
      update: { heightCentimeters: 0, tags: [], evergreen: false, bed: { name: 'pond', row: 0, place: { column: 12, sunny: false } }, planted: '2015-12-31T00:00:00Z', checks: [{ at: '2014-02-28T12:00:00Z', result: 'wet' }] },
      optional: { name: 'nickname', value: 'Old "Oak"' }, nested: 'bed', items: 'checks', unmodifiable: { ...STATIC, updated: WHEN, revision: 4711 }, volatile: ['updated', 'revision'], written: ['updated', 'revision'],
      required: ['label', 'heightCentimeters', 'bed', 'bed.name', 'bed.place.column', 'checks.0.at', 'checks.1.result'], defaults: { evergreen: false, tags: [], checks: [], 'bed.place.sunny': false }, date: 'planted', complete: false,
    }),
    valves: ofGroup('valves', {
      valid: { address: '{unique-address}', limits: { minimumBars: 0, maximumBars: 6.5 }, mode: 'MANUAL', openPercent: 12.5, schedule: [{ at: '2020-12-31T23:59:59Z', durationSeconds: 90 }, { at: '2021-02-28T06:00:01Z', durationSeconds: 0 }] },
      unique: 'address', unsupported: ['PUT'], update: { mode: 'OFF', openPercent: 0, schedule: [], limits: { minimumBars: -1, maximumBars: 0 } },
      optional: { name: 'remark', value: 'squeaks' }, nested: 'limits', items: 'schedule', unmodifiable: { ...STATIC, changedAt: WHEN }, volatile: ['changedAt'], written: ['changedAt'],
      required: ['address', 'limits', 'limits.minimumBars', 'limits.maximumBars', 'schedule.1.durationSeconds'], defaults: { mode: 'AUTO', openPercent: 0, schedule: [] },
    }),
    permits: ofGroup('permits', {
      valid: { number: '{unique-number}', holder, zones: ['POND', 'NORTH'], active: false },
      unique: 'number', unsupported: ['PATCH'], update: { zones: [], active: true }, patch: false,
      optional: { name: 'validUntil', value: '2030-06-30T00:00:00Z' }, nested: 'holder', unmodifiable: { ...STATIC, revision: 4711 }, volatile: ['revision'], written: ['revision'],
      required: ['number', 'holder', 'zones', 'holder.name', 'holder.contact.email'], defaults: { active: true, 'holder.contact.daytimeOnly': true }, date: 'validUntil', complete: false,
    }),
    notices: ofGroup('notices', {
      valid: {
        title: '{unique}', expires: '2031-12-31T23:00:00Z', body: ' two "quoted" lines\nand more ', priority: 'HIGH', pinned: true, weightKilograms: -2.5,
        attachments: [{ name: 'plan.pdf', sizeBytes: 5000000000, taken: '1969-07-20T20:17:40Z' }, { name: '\\map', sizeBytes: 0 }],
      },
      unique: 'title', update: { body: '', priority: 'LOW', pinned: false, weightKilograms: 0, attachments: [] },
      items: 'attachments', unmodifiable: { ...STATIC, updated: WHEN }, volatile: ['updated'], written: ['updated'],
      required: ['title', 'expires', 'attachments.0.name', 'attachments.1.sizeBytes'], defaults: { body: '', priority: 'NORMAL', pinned: false, weightKilograms: 0, attachments: [] }, date: 'expires', complete: false,
    }),
    entries: {
      list: `/users/${encodeURIComponent(NAMES.owner)}/whitelist`, 'missing-list': '/users/nobody/whitelist',
      valid: { ipAddress: '{unique-address}' }, unique: 'ipAddress', unsupported: ['PUT', 'PATCH'], required: ['ipAddress'], defaults: { comment: '' }, own: true,
      optional: { name: 'comment', value: 'of the suite' },
    },
  };
}

function parameters() {
  return {
    group: HOME,
    'other-groups': { owner: encodeURIComponent(ORCHARD), outsider: MEADOW },
    'group-paths': [`${IN_HOME}/waterings`, `${IN_HOME}/exports`, `${IN_HOME}/ledger`, `${IN_HOME}/vault`],
    list: {
      long: [`${IN_HOME}/species`, `${IN_HOME}/checkpoints`, `${IN_ORCHARD}/species`],
      short: [...['beds', 'tools', 'visits', 'harvests', 'backups'].map((name) => `${IN_HOME}/${name}`), ...['visits', 'tools'].map((name) => `${IN_ORCHARD}/${name}`)],
      empty: [`${IN_HOME}/ghosts`, `${IN_ORCHARD}/ghosts`, `${IN_HOME}/species?family=MOSS`],
      exact: `${IN_HOME}/labels`, 'exact-count': 200,
      filtered: [
        ...['species?family=ROSE', 'species?edible=true', 'species?edible=false&family=FERN', 'labels?color=green', 'visits?purpose=class'].map((name) => `${IN_HOME}/${name}`),
        `${IN_ORCHARD}/visits?purpose=walk`,
      ],
    },
    lists: ['/groups', ...['plants', 'valves', 'permits', 'notices', 'species', 'beds', 'labels', 'tools', 'visits', 'harvests', 'backups', 'checkpoints', 'ghosts', 'waterings', 'exports'].map((name) => `${IN_HOME}/${name}`), ...['tools', 'labels', 'plants'].map((name) => `${IN_ORCHARD}/${name}`)],
    entities: [IN_HOME, `/users/${encodeURIComponent(NAMES.owner)}`, ...['beds/3', 'species/317', 'labels/100', 'tools/1', 'visits/28', 'harvests/12', 'backups/2', 'checkpoints/101', 'ledger'].map((name) => `${IN_HOME}/${name}`), IN_ORCHARD, ...['tools/1', 'species/2'].map((name) => `${IN_ORCHARD}/${name}`)],
    entity: `${IN_HOME}/beds/3`,
    missing: { entity: `${IN_HOME}/beds/77`, list: '/groups/5f2c9a7e4b11/beds', lists: ['/users/nobody/whitelist'] },
    'forbidden-methods': [
      ['DELETE', 'beds'], ['PUT', 'beds/3'], ['POST', 'ghosts'], ['PATCH', 'species/17'], ['DELETE', 'ledger'], ['PATCH', 'ledger'], ['PUT', 'plants'], ['PUT', 'vault'], ['DELETE', 'vault'], ['POST', 'vault'], ['PUT', 'valves'], ['PATCH', 'permits'], ['DELETE', 'notices'], ['PUT', 'labels/1'], ['PATCH', 'waterings'], ['DELETE', ''],
    ].map(([method, name]) => ({ method, path: name === '' ? IN_HOME : `${IN_HOME}/${name}` })),
    documents: documents(),
    'dated-lists': {
      visits: { list: `${IN_HOME}/visits`, from: 'visitedAfter', to: 'visitedBefore', member: 'visited', between: '2019-12-31T23:58:20' },
      harvests: { list: `${IN_HOME}/harvests`, from: 'since', to: 'until', member: 'picked' },
    },
    'timestamp-resources': {
      backups: { path: `${IN_HOME}/backups/2`, at: '$..[?@.increment >= -2147483648]' },
      checkpoints: { path: `${IN_HOME}/checkpoints/1`, at: '$..[?@.increment >= -2147483648]' },
    },
    jobs: {
      exports: { list: `${IN_HOME}/exports`, valid: { format: 'CSV', since: '2019-12-31T23:30:00', sections: ['all', 'über'] }, done: { '$.state': 'DONE' }, kept: ['format', 'since', 'sections'], required: ['format', 'since'] },
      waterings: { list: `${IN_HOME}/waterings`, valid: { zone: 'NORTH', amountLiters: 7.5, note: 'soak \\ {unique}' }, done: { '$.state': 'DONE' }, kept: ['zone', 'amountLiters', 'note'], required: ['zone', 'amountLiters'] },
      orchard: { list: `${IN_ORCHARD}/waterings`, valid: { zone: 'SOUTH', amountLiters: 0.5, note: '\u00fcber Nacht' }, done: { '$.state': 'DONE' }, kept: ['zone', 'note'], 'in-group': false },
    },
    limited: { path: `${IN_HOME}/forecasts`, other: `/groups/${encodeURIComponent(ORCHARD)}/forecasts`, free: `${IN_HOME}/beds/1` },
    'restricted-resources': {
      vault: {
        path: `${IN_HOME}/vault`, update: { locks: 13, motto: 'closed', serviced: '2020-02-29T12:00:00Z' }, 'other-update': { locks: 14, motto: 'open', serviced: '2021-03-04T05:06:07Z' },
        whitelist: `/users/${encodeURIComponent(NAMES.owner)}/whitelist`, entry: { ipAddress: '{sources.refused}' },
      },
      orchard: { path: `${IN_ORCHARD}/vault`, update: { locks: 7, motto: 'quince' }, 'other-update': { locks: 8, motto: 'pear \u{1f350}' } },
    },
    'protected-requests': [
      { method: 'PUT', path: `${IN_HOME}/ledger`, body: { balanceEuros: 12.75, closed: true } },
      { method: 'POST', path: `${IN_HOME}/exports`, body: { format: 'JSON', since: '2020-01-01T00:00:00Z' } },
      { method: 'PATCH', path: `${IN_ORCHARD}/vault`, body: { locks: 5 } },
    ],
    'date-members': ['found', 'dug', 'visited', 'picked', 'planted', 'created', 'updated', 'changedAt', 'serviced', 'begun', 'finished', 'since', 'validUntil', 'expires', 'taken', 'at'],
    'unit-members': ['heightMeters', 'heightCentimeters', 'areaSquareMeters', 'eastMeters', 'northMeters', 'weightGrams', 'weightKilograms', 'rainMillimeters', 'depthMeters', 'amountLiters'],
  };
}

function keyFile(folder, role, key) {
  const file = path.join(folder, `${role}.key`);
  fs.writeFileSync(file, key, { mode: 0o600 });
  return `${role}.key`;
}

// Writes the target file, and the keys that it names into files that only their owner reads.
function write(file, { origin, plain, lifetime, window, keys }) {
  const folder = path.dirname(path.resolve(file));
  const inGroups = (name) => Object.fromEntries(Object.entries(ROLES).filter(([, roles]) => roles[name]).map(([group, roles]) => [encodeURIComponent(group), roles[name]]));
  const user = (name) => ({ username: NAMES[name], 'api-key': { file: keyFile(folder, name, keys.get(NAMES[name])) }, groups: inGroups(name) });
  const users = Object.fromEntries(DECLARED.map((name) => [name, user(name)]));
  const target = {
    name: 'garden',
    'base-url': origin + BASE,
    tls: { ca: 'garden.pem' },
    users,
    sources: SOURCES,
    claims: ['lists', 'envelope', 'pretty', 'writes', 'roles', 'groups', 'whitelist', 'dates', 'timestamps', 'asynchronous', 'rate-limits', 'browse'],
    limits: { window: `${window}s` },
    'nonce-lifetime': `${lifetime}s`,
    'plain-addresses': [`${plain}${BASE}/`],
    parameters: parameters(),
  };
  // Plain keys, and JSON below them, which is YAML.
  const plainKeys = (value, indent) => Object.entries(value).map(([name, inner]) => `${indent}${name}: ${JSON.stringify(inner)}\n`).join('');
  const { parameters: theirs, ...rest } = target;
  fs.writeFileSync(file, `${plainKeys(rest, '')}parameters:\n${plainKeys(theirs, '  ')}`);
}

module.exports = { write };
