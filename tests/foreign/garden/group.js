'use strict';
// The resources of one group.

const { BASE, RELS, Answer, entity, page, link } = require('./answers');
const { Documents } = require('./documents');
const { Jobs, JOBS } = require('./jobs');
const { KINDS } = require('./kinds');
const { LISTS, filtered, parametersOf } = require('./standing');
const { missing } = require('./refusal');
const { ROLES } = require('./users');
const members = require('./members');
const { bend } = require('./bend');
const chance = require('./chance');

const IN_GROUPS = Object.keys(KINDS).filter((name) => name !== 'entries');
const MEDIA = { plants: 'application/vnd.garden.plant+json', permits: 'application/vnd.garden.v1+json' };

// Single resources that whitelists protect: wholly, or for one method.
const SINGLES = {
  vault: {
    writes: 'PATCH',
    restricted: ['GET', 'PATCH'],
    rules: { locks: { type: 'number', whole: true, least: 0, most: 1e6 }, motto: { type: 'text', longest: 4000 }, serviced: { type: 'date' } },
    value: () => ({ locks: 3, motto: 'Sesam \u2116 1', serviced: new Date(Date.UTC(2020, 1, 29, 12)) }),
  },
  ledger: {
    writes: 'PUT',
    restricted: ['PUT'],
    rules: { balanceEuros: { type: 'number', least: -1e9, most: 1e9, required: true }, closed: { type: 'flag', default: false } },
    value: () => ({ balanceEuros: 12.75, closed: false }),
  },
};

class Group {
  constructor(name, manners) {
    this.name = name;
    this.manners = manners;
    this.path = `/groups/${encodeURIComponent(name)}`;
    this.kinds = Object.fromEntries(IN_GROUPS.map((kind) => [kind, new Documents(kind, KINDS[kind], `${this.path}/${kind}`)]));
    this.jobs = Object.fromEntries(Object.keys(JOBS).map((kind) => [kind, new Jobs(kind, `${this.path}/${kind}`)]));
    this.lists = Object.fromEntries(Object.entries(LISTS).map(([list, { items }]) => [list, items()]));
    this.singles = Object.fromEntries(Object.entries(SINGLES).map(([single, { value }]) => [single, value()]));
  }

  shown(r) {
    const names = bend('group.links', [...IN_GROUPS, ...Object.keys(JOBS), ...Object.keys(LISTS), ...Object.keys(SINGLES)], { r, group: this.name });
    const links = names.map((name) => link(RELS + name, `${this.path}/${name}`));
    const value = { id: this.name, memberCount: Object.keys(ROLES[this.name]).length };
    return entity(value, this.path, [...links, link('up', '/groups')], { r, what: 'group' });
  }

  // The resource at a path within the group, or undefined.
  resource(rest) {
    if (rest.length === 0) return { name: 'group', methods: { GET: (r) => new Answer(200, this.shown(r), { what: 'group' }) } };
    const [name, id, ...more] = rest;
    if (more.length > 0) return undefined;
    for (const [table, make] of [[this.kinds, 'documents'], [this.jobs, 'job'], [this.lists, 'standing']]) {
      if (Object.hasOwn(table, name)) return { name, id, ...this[make](name, id) };
    }
    return id === undefined && Object.hasOwn(SINGLES, name) ? { name, ...this.single(name) } : undefined;
  }

  documents(name, id) {
    return documentResource(this.kinds[name], id, this.manners, { media: MEDIA[name], up: this.path });
  }

  standing(name, id) {
    const rule = LISTS[name];
    const path = `${this.path}/${name}`;
    const show = (r, item) => entity(item, `${path}/${item.id}`, [link('collection', path)], { r, what: 'item', list: name });
    const context = { manners: this.manners, listName: name, filters: parametersOf(rule) };
    const all = (r) => page(r, filtered(r, name, rule, this.lists[name]), path, (item) => show(r, item), context);
    const one = (r) => {
      const item = this.lists[name].find((each) => each.id === id);
      if (item === undefined) throw missing(`item ${id}`);
      return new Answer(200, show(r, item), { what: 'item', listName: name });
    };
    return { limited: rule.limited, list: id === undefined, methods: { GET: id === undefined ? all : one } };
  }

  job(name, id) {
    const jobs = this.jobs[name];
    const show = (r, job) => entity(jobs.shown(job, r), `${jobs.path}/${job.id}`, [link('up', this.path)], { r, what: 'job', kind: name });
    if (id !== undefined) {
      return { methods: { GET: (r) => new Answer(200, show(r, jobs.get(r, id)), { what: 'job', kind: name }), DELETE: (r) => removed(jobs.remove(r, id)) } };
    }
    const begin = (r, body) => {
      const job = jobs.begin(r, body);
      return created(r, 202, show(r, job), { path: `${jobs.path}/${job.id}` }, { kind: name });
    };
    const all = (r) => page(r, jobs.list(r), jobs.path, (job) => show(r, job), { manners: this.manners, listName: name });
    return { list: true, restricted: JOBS[name].restricted, methods: { GET: all, POST: begin } };
  }

  single(name) {
    const { writes, restricted, rules } = SINGLES[name];
    const show = (r) => new Answer(200, entity({ id: name, ...this.singles[name] }, `${this.path}/${name}`, [link('up', this.path)], { r, what: name }), { what: name });
    const write = (r, body) => {
      const kept = members.read(rules, body, { r, kind: name, write: writes });
      const whole = writes === 'PUT' ? members.complete(rules, kept, { r, kind: name, write: writes }) : { ...this.singles[name], ...kept };
      this.singles[name] = bend('single.written', whole, { r, kind: name, before: this.singles[name] });
      return show(r);
    };
    return { restricted, methods: { GET: show, [writes]: write } };
  }
}

// A list of documents, or one of them.
function documentResource(documents, id, manners, { media, up }) {
  const { kindName: kind, kind: rule, path } = documents;
  const show = (r, document) => entity(documents.shown(document, r), `${path}/${encodeURIComponent(document.id)}`, [link('up', up)], { r, what: 'document', kind, document });
  if (id === undefined) {
    const all = (r) => page(r, documents.list(r), path, (document) => show(r, document), { manners, listName: kind });
    const create = (r, body) => {
      const document = documents.create(r, body);
      return created(r, 201, show(r, document), { media, path: `${path}/${encodeURIComponent(document.id)}` }, { kind });
    };
    return { kind, list: true, methods: { GET: all, POST: create } };
  }
  const changed = (r, document) => (r.flags.envelope || chance.often(0.6) ? new Answer(200, show(r, document), { what: 'document', kind, media }) : new Answer(204, null, {}));
  const methods = {
    GET: (r) => new Answer(200, show(r, documents.get(r, id)), { what: 'document', kind, media }),
    PUT: (r, body) => changed(r, documents.replace(r, id, body)),
    PATCH: (r, body) => changed(r, documents.change(r, id, body)),
    DELETE: (r) => {
      const gone = show(r, documents.remove(r, id));
      return r.flags.envelope || chance.often(0.3) ? new Answer(200, gone, { what: 'document', kind, media }) : removed();
    },
  };
  return { kind, id, methods: Object.fromEntries(rule.methods.map((name) => [name, methods[name]])) };
}

// A created entity: with its body or with its Location alone, as drawn.
function created(r, status, value, { media, path }, context) {
  const whole = r.flags.envelope || chance.often(0.6);
  const headers = { Location: bend('location', chance.pick(['', r.origin]) + BASE + path, { r, ...context }) };
  return new Answer(status, whole ? value : null, { headers, media: media ?? 'application/json', what: 'document', ...context });
}

const removed = () => new Answer(204, null, {});

module.exports = { Group, documentResource, BASE };
