'use strict';
// Who may do what: roles by group, and each user's whitelist of addresses.

const WRITE = 'read-write';
const READ = 'read-only';

const HOME = '5f2c9a7e4b10';
const ORCHARD = 'orchard 2';
const MEADOW = 'far-meadow_3';

// What a tester calls the users.
const NAMES = { owner: 'rosa.blum@garden.example', second: 'tilia "lime" m\u00fcller', reader: 'guest reader', outsider: 'stranger', other: '\u00f6ko+inspector', mixed: 'helper\\two' };

const ROLES = {
  [HOME]: { owner: WRITE, second: WRITE, other: WRITE, reader: READ, mixed: READ },
  [ORCHARD]: { owner: WRITE, second: WRITE, reader: READ, mixed: WRITE },
  [MEADOW]: { outsider: WRITE, mixed: READ },
};

const WHITELISTS = {
  owner: ['127.0.0.1', '127.0.0.41'],
  second: ['127.0.0.1'],
  other: ['127.0.0.43'],
  outsider: ['127.0.0.1'],
  reader: [],
  mixed: ['127.0.0.41'],
};

const SOURCES = { allowed: '127.0.0.41', refused: '127.0.0.42', other: '127.0.0.43' };

const roleNamed = (username) => Object.keys(NAMES).find((name) => NAMES[name] === username);

module.exports = { WRITE, READ, HOME, ORCHARD, MEADOW, NAMES, ROLES, WHITELISTS, SOURCES, roleNamed };
