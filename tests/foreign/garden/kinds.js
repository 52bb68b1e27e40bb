'use strict';
// The kinds of documents: their members, and what each member takes. `documents.md` describes them for a tester.

const text = (more = {}) => ({ type: 'text', longest: 4000, ...more });
const number = (least, most, more = {}) => ({ type: 'number', least, most, ...more });
const whole = (least, most, more = {}) => ({ type: 'number', whole: true, least, most, ...more });
const flag = (more = {}) => ({ type: 'flag', ...more });
const date = (more = {}) => ({ type: 'date', ...more });
const word = (words, more = {}) => ({ type: 'word', words, ...more });
const address = (more = {}) => ({ type: 'address', ...more });
const list = (of, more = {}) => ({ type: 'list', of, longest: 500, ...more });
const object = (members, more = {}) => ({ type: 'object', members, ...more });
const required = { required: true };

const KINDS = {
  plants: {
    unique: 'label',
    methods: ['GET', 'PUT', 'PATCH', 'DELETE'],
    id: (n) => `5f${n.toString(16).padStart(22, '0')}`,
    counted: 'revision',
    touched: 'updated',
    members: {
      label: text(required),
      heightCentimeters: number(-1e9, 1e12, required),
      bed: object({ name: text(required), row: whole(0, 1e9, required), place: object({ column: whole(0, 1e9, required), sunny: flag({ default: false }) }) }, required),
      tags: list(text(), { default: [] }),
      checks: list(object({ at: date(required), result: text(required) }), { default: [] }),
      evergreen: flag({ default: false }),
      planted: date(),
      nickname: text(),
    },
  },
  valves: {
    unique: 'address',
    methods: ['GET', 'PATCH', 'DELETE'],
    id: (n) => String(4000 + 3 * n),
    touched: 'changedAt',
    members: {
      address: address(required),
      mode: word(['AUTO', 'MANUAL', 'OFF'], { default: 'AUTO' }),
      openPercent: number(0, 100, { default: 0 }),
      limits: object({ minimumBars: number(-1e6, 1e6, required), maximumBars: number(-1e6, 1e6, required) }, required),
      schedule: list(object({ at: date(required), durationSeconds: whole(0, 1e9, required) }), { default: [] }),
      remark: text(),
    },
  },
  permits: {
    unique: 'number',
    methods: ['GET', 'PUT', 'DELETE'],
    id: (n) => `p-${(n + 40).toString(36)}`,
    counted: 'revision',
    members: {
      number: whole(0, 2 ** 53 - 1, required),
      holder: object({ name: text(required), since: date(), contact: object({ email: text(required), daytimeOnly: flag({ default: true }) }) }, required),
      zones: list(word(['NORTH', 'SOUTH', 'GREENHOUSE', 'POND']), required),
      active: flag({ default: true }),
      validUntil: date(),
    },
  },
  notices: {
    unique: 'title',
    methods: ['GET', 'PUT', 'PATCH', 'DELETE'],
    id: (n) => `notice.${n}`,
    touched: 'updated',
    members: {
      title: text(required),
      body: text({ default: '' }),
      priority: word(['LOW', 'NORMAL', 'HIGH'], { default: 'NORMAL' }),
      pinned: flag({ default: false }),
      weightKilograms: number(-1e15, 1e15, { default: 0 }),
      attachments: list(object({ name: text(required), sizeBytes: whole(0, 2 ** 53 - 1, required), taken: date() }), { default: [] }),
      expires: date(required),
    },
  },
  // The whitelist of a user: not in a group, and entries are only added and removed.
  entries: {
    unique: 'ipAddress',
    methods: ['GET', 'DELETE'],
    id: (_n, members) => members.ipAddress,
    members: { ipAddress: address(required), comment: text({ default: '' }) },
  },
};

const SERVER_SET = ['id', 'created', 'updated', 'changedAt', 'revision', 'links'];

module.exports = { KINDS, SERVER_SET };
