'use strict';
// Words that the faults are written with.

const { NAMES, HOME, ORCHARD, MEADOW } = require('../users');

// One fault: what it breaks and where, and the decision that it bends. `when` says under which condition.
function fault(requirement, where, says, at, when, make, level = 'must') {
  return { requirement, level, says, where, at, when, make };
}

const should = (...parts) => fault(...parts, 'should');

const groupOf = (r) => (r.segments?.[0] === 'groups' ? r.segments[1] : undefined);
// The collection that a path is about: a kind of documents, a list, a single resource.
const collectionOf = (r) => (r.segments?.[0] === 'groups' ? r.segments[2] : r.segments?.[0] === 'users' ? r.segments[2] : r.segments?.[0]);
const idOf = (r) => (['groups', 'users'].includes(r.segments?.[0]) ? r.segments[3] : undefined);
const on = (...names) => ({ r }) => names.includes(collectionOf(r));
const by = (...roles) => ({ r }) => roles.some((role) => NAMES[role] === r.user);
const method = (...methods) => ({ r }) => methods.includes(r.method);
const inHome = ({ r }) => groupOf(r) === HOME;
const inOrchard = ({ r }) => groupOf(r) === ORCHARD;
const oneOf = ({ r }) => idOf(r) !== undefined;
const listOf = ({ r }) => collectionOf(r) !== undefined && idOf(r) === undefined;
const all = (...conditions) => (context, value, memory) => conditions.every((holds) => holds(context, value, memory));
const no = (condition) => (context, value, memory) => !condition(context, value, memory);
const kind = (...names) => (context) => names.includes(context.kind);
const member = (...names) => (context) => names.includes(context.name);
const write = (...names) => (context) => names.includes(context.write);
const envelope = ({ r }) => r.flags?.envelope === true;
const pretty = ({ r }) => r.flags?.pretty === true;
const isList = (name) => (context) => context.listName === name;
const lastPage = (context) => context.number === context.last;
const status = (...codes) => (context) => codes.includes(context.answer?.status ?? context.status);

// A copy of a value whose elements, members and texts are changed by `change(value, name)` wherever it returns one.
function walked(value, change, name = '') {
  const changed = change(value, name);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((element) => walked(element, change, name));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walked(inner, change, key)]));
}

const without = (value, ...names) => Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
const first = (value) => Object.keys(value)[0];
const never = (value) => () => value;

module.exports = {
  fault, should, groupOf, collectionOf, idOf, on, by, method, inHome, inOrchard, oneOf, listOf, all, no, kind, member, write,
  envelope, pretty, isList, lastPage, status, walked, without, first, never, NAMES, HOME, ORCHARD, MEADOW,
};
