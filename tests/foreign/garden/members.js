'use strict';
// Members of a request body: which are known, what they take, and what stands for those left out.

const net = require('net');
const dates = require('./dates');
const { TooExact } = require('./json');
const { SERVER_SET } = require('./kinds');
const { bad } = require('./refusal');
const { bend } = require('./bend');

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof TooExact);

// What is kept of a value, or undefined where the member does not take it.
const TAKES = {
  text: (value, rule) => (typeof value === 'string' && value.isWellFormed() && value.length <= rule.longest ? value : undefined),
  number: (value, rule) => {
    const good = typeof value === 'number' && value >= rule.least && value <= rule.most && (!rule.whole || Number.isInteger(value));
    return good ? value + 0 : undefined;
  },
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
  date: (value, _rule, context) => dates.read(value, context) ?? undefined,
  word: (value, rule) => (rule.words.includes(value) ? value : undefined),
  address: (value) => (typeof value === 'string' && net.isIPv4(value) ? value : undefined),
};

// Reads the members of an object; `where` is the path to it. `partial` says that nothing is required.
function read(rules, value, context, where = '') {
  const kept = {};
  for (const [name, member] of Object.entries(value)) {
    const path = where + name;
    const here = { ...context, path, name, value: member, depth: where.split('.').length - 1, body: value };
    const fixed = where === '' && SERVER_SET.includes(name);
    if (bend('member.fixed', fixed, here)) throw bad(`The field ${bend('named', path, here)} cannot be modified.`, path);
    if (fixed) continue;
    const known = Object.hasOwn(rules, name);
    if (bend('member.unknown', !known, here)) throw bad(`There is no field ${bend('named', path, here)}.`, path);
    if (known) kept[name] = readMember(rules[name], member, here);
  }
  return kept;
}

function readMember(rule, value, here) {
  const { path } = here;
  let kept;
  if (rule.type === 'object') {
    if (isObject(value)) kept = complete(rule.members, read(rule.members, value, here, `${path}.`), here, `${path}.`);
  } else if (rule.type === 'list') {
    if (Array.isArray(value) && value.length <= rule.longest) {
      kept = value.map((element, at) => readMember(rule.of, element, { ...here, path: `${path}.${at}`, value: element, element: at }));
    }
  } else kept = TAKES[rule.type](value, rule, here);
  kept = bend('member.kept', kept, { ...here, rule });
  if (kept === undefined) throw bad(`The field ${bend('named', path, { ...here, rule, wrongValue: true })} does not take this value.`, path);
  return kept;
}

// The object with its defaults; refuses it where a required member is left out.
function complete(rules, kept, context, where = '') {
  for (const [name, rule] of Object.entries(rules)) {
    if (Object.hasOwn(kept, name)) continue;
    const here = { ...context, path: where + name, name, lacking: true, kept };
    if (bend('member.required', rule.required === true, here)) throw bad(`The field ${bend('named', where + name, here)} is required.`, where + name);
    const value = bend('member.default', rule.default, here);
    if (value !== undefined) kept[name] = structuredClone(value);
  }
  return kept;
}

module.exports = { read, complete };
