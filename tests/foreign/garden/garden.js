'use strict';
// The way from a request to its answer: who may, what is there, what it takes.

const { BASE, RELS, Answer, entity, page, link } = require('./answers');
const { Counters } = require('./rate');
const { Documents } = require('./documents');
const { Group, documentResource } = require('./group');
const { KINDS } = require('./kinds');
const { NAMES, READ, ROLES, WHITELISTS, roleNamed } = require('./users');
const { NotJson, readObject } = require('./json');
const { Refusal, bad, missing } = require('./refusal');
const { bend } = require('./bend');

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];
const BODIES = ['POST', 'PUT', 'PATCH'];

class Garden {
  constructor(manners, windowSeconds) {
    this.manners = manners;
    this.groups = new Map(Object.keys(ROLES).map((name) => [name, new Group(name, manners)]));
    this.counters = new Counters(windowSeconds);
    this.whitelists = new Map(Object.entries(NAMES).map(([role, user]) => [user, this.whitelist(role, user)]));
  }

  whitelist(role, user) {
    const documents = new Documents('entries', KINDS.entries, `/users/${encodeURIComponent(user)}/whitelist`);
    for (const ipAddress of WHITELISTS[role]) documents.create({ path: '', method: 'POST', flags: {} }, { ipAddress });
    return documents;
  }

  // Answers a request whose user is known.
  answer(r) {
    const resource = this.find(r);
    const asked = r.method === 'HEAD' ? 'GET' : r.method;
    const methods = bend('methods', Object.keys(resource.methods), { r, resource });
    r.resource = resource;
    if (!methods.includes(asked)) {
      const allowed = bend('allow', [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])], { r, resource });
      throw new Refusal(405, `${r.method} is not supported here.`, { headers: { Allow: allowed.join(', ') } });
    }
    this.demandRights(r, resource, asked);
    const handler = resource.methods[asked] ?? (() => new Answer(204, null, {}));
    return BODIES.includes(asked) ? handler(r, this.body(r)) : handler(r);
  }

  demandRights(r, resource, asked) {
    if (r.group) {
      const reads = bend('role.is-read-only', this.role(r) === READ && WRITES.includes(asked), { r, resource });
      if (reads) throw new Refusal(bend('role.status', 403, { r, resource }), 'Your role in this group is to read.');
      const restricted = bend('restricted', (resource.restricted ?? []).includes(asked), { r, resource });
      if (restricted && !this.listed(r, resource)) throw new Refusal(this.manners.whitelistStatus, `The address ${r.address} is not on your whitelist.`);
    }
    if (bend('limited', resource.limited === true, { r, resource })) this.counters.take(r);
  }

  role(r) {
    return bend('role', ROLES[r.group][roleNamed(r.user)], { r });
  }

  listed(r, resource) {
    const addresses = [...this.whitelists.get(r.user).all.values()].map((entry) => entry.members.ipAddress);
    const everybody = () => [...this.whitelists.values()].flatMap((list) => [...list.all.values()].map((entry) => entry.members.ipAddress));
    return bend('listed', addresses.includes(r.address), { r, resource, addresses, everybody });
  }

  body(r) {
    const type = (r.contentType ?? '').split(';')[0].trim().toLowerCase();
    if (bend('body.wrong-type', type !== 'application/json', { r, type })) throw new Refusal(this.manners.typeStatus, 'Send the body as application/json.');
    try {
      return bend('body', readObject(r.body), { r });
    } catch (problem) {
      if (!(problem instanceof NotJson)) throw problem;
      const instead = bend('body.malformed', null, { r, problem });
      if (instead !== null) return instead;
      throw bad(problem.message);
    }
  }

  // The resource that the path is about.
  find(r) {
    const [first, name, ...rest] = r.segments;
    if (first === undefined) return { name: 'root', methods: { GET: (request) => this.root(request) } };
    if (first === 'groups' && name === undefined) return { name: 'groups', list: true, methods: { GET: (request) => this.groupsListed(request) } };
    const found = first === 'groups' ? this.inGroup(r, name, rest) : first === 'users' ? this.ofUser(r, name, rest) : undefined;
    const there = found ?? bend('missing.resource', undefined, { r, name, rest, garden: this });
    if (there === undefined) throw missing(`resource ${r.path}`);
    return there;
  }

  inGroup(r, name, rest) {
    const group = bend('missing.group', this.groups.get(name), { r, name, rest, garden: this });
    if (group === undefined) return undefined;
    r.group = group.name;
    const member = bend('member-of-group', this.role(r) !== undefined, { r, rest });
    if (!member) throw new Refusal(bend('member.status', 401, { r, rest }), 'You are not a member of this group.');
    return group.resource(rest);
  }

  ofUser(r, name, rest) {
    if (!this.whitelists.has(name)) return undefined;
    if (bend('others', name !== r.user, { r, name, rest })) throw new Refusal(403, 'This belongs to another user.');
    const path = `/users/${encodeURIComponent(name)}`;
    if (rest.length === 0) {
      const shown = () => entity({ id: name, groupCount: this.ownGroups(r).length }, path, [link(`${RELS}whitelist`, `${path}/whitelist`)], { r, what: 'user' });
      return { name: 'user', methods: { GET: () => new Answer(200, shown(), { what: 'user' }) } };
    }
    if (rest[0] !== 'whitelist' || rest.length > 2) return undefined;
    return { name: 'whitelist', ...documentResource(this.whitelists.get(name), rest[1], this.manners, { up: path }) };
  }

  ownGroups(r) {
    return [...this.groups.values()].filter((group) => ROLES[group.name][roleNamed(r.user)] !== undefined);
  }

  root(r) {
    const links = [link(`${RELS}groups`, '/groups'), link(`${RELS}user`, `/users/${encodeURIComponent(r.user)}`)];
    return new Answer(200, entity({ name: 'Botanical garden', buildNumber: 71 }, '/', bend('root.links', links, { r }), { r, what: 'root' }), { what: 'root' });
  }

  groupsListed(r) {
    const groups = bend('groups.listed', this.ownGroups(r), { r, garden: this });
    return page(r, groups, '/groups', (group) => group.shown(r), { manners: this.manners, listName: 'groups' });
  }
}

module.exports = { Garden, BASE };
