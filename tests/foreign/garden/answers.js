'use strict';
// What a request asks for, and what becomes of an answer on its way out: pages, envelopes, links.

const { Href } = require('./json');
const { bad, missing } = require('./refusal');
const { bend } = require('./bend');
const chance = require('./chance');

const BASE = '/garden/api/atlas/v1.0';
const RELS = 'https://garden.example/rels/';
const LARGEST_PAGE = 100;

const link = (rel, path, query) => ({ rel, href: new Href(BASE + path, query) });

// An entity: its members, its own URL and its other links.
function entity(value, path, more, context) {
  return bend('entity', { ...value, links: chance.shuffled([link('self', path), ...more]) }, { ...context, path });
}

// The same entity as a member of a list.
function member(shown, context) {
  return bend('member', { ...shown, links: shown.links.filter((at) => at.rel === 'self') }, context);
}

class Answer {
  constructor(status, value, { headers = {}, list = false, media = 'application/json', ...context } = {}) {
    Object.assign(this, { status, value, headers, list, media, context });
  }

  // The value with the layer that `envelope=true` asks for.
  enveloped() {
    if (this.list) return { ...this.value, status: this.status };
    return { status: this.status, content: this.value ?? {} };
  }
}

function positive(r, name, otherwise) {
  const text = r.query.get(name);
  if (text === null) return bend(`paging.default.${name}`, otherwise, { r });
  const good = /^[0-9]{1,9}$/.test(text) && Number(text) > 0;
  if (!bend('paging.good', good, { r, name, text })) throw bad(`The parameter ${name} takes a whole number from 1 on.`, name);
  return Number(text) || otherwise;
}

// One page of a list. `show` makes the entity of an item, `manners` are the server's free choices.
function page(r, items, path, show, { filters = [], manners, ...context }) {
  const all = bend('list.items', items, { r, ...context });
  const number = bend('paging.number', positive(r, 'pageNum', 1), { r, all, ...context });
  let size = bend('paging.size', positive(r, 'itemsPerPage', LARGEST_PAGE), { r, all, ...context });
  if (size > LARGEST_PAGE && !bend('paging.allows-more', false, { r, size, ...context })) {
    if (!manners.clamps) throw bad(`The parameter itemsPerPage is ${LARGEST_PAGE} at most.`, 'itemsPerPage');
    size = LARGEST_PAGE;
  }
  const last = Math.max(1, Math.ceil(all.length / size));
  const here = { r, number, size, last, total: all.length, ...context };
  if (number > last && !manners.emptyBeyond) throw missing(`page ${number}`);
  const chosen = bend('page.items', all.slice((number - 1) * size, number * size), { ...here, all });
  const results = chosen.map((item, at) => member(show(item), { ...here, at, count: chosen.length }));
  const to = (rel, page) => bend('page.link', link(rel, path, pageQuery(r, page, size, filters)), { ...here, rel, page });
  const links = [to('self', number)];
  if (bend('page.has-next', number < last, here)) links.push(to('next', number + 1));
  if (bend('page.has-previous', number > 1, here)) links.push(to('previous', Math.min(number - 1, last)));
  const value = { totalCount: bend('page.total', all.length, { ...here, results }), results: bend('page.results', results, here), links: bend('page.links', chance.shuffled(links), here) };
  return new Answer(200, bend('list', value, here), { list: true, ...here });
}

function pageQuery(r, number, size, filters) {
  const kept = [...filters, 'envelope', 'pretty'].filter((name) => r.query.has(name));
  const pairs = [['pageNum', number], ['itemsPerPage', size], ...kept.map((name) => [name, r.query.get(name)])];
  return `?${chance.shuffled(pairs).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

module.exports = { BASE, RELS, LARGEST_PAGE, Answer, entity, member, page, link };
