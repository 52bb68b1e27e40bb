'use strict';
// Faults of lists: pages, totals, links to other pages, filters, contexts that do not exist.

const { fault, should, on, by, method, inOrchard, inHome, all, envelope, pretty, isList, lastPage, without, never, HOME } = require('./tools');
const { Answer } = require('../answers');
const { Href } = require('../json');

const MINUTE = 60000;
const size = (...sizes) => (context) => sizes.includes(context.size);
const rel = (name) => (context) => context.rel === name;
const page = (...numbers) => (context) => numbers.includes(context.number);
const paged = (change) => (link) => ({ ...link, href: new Href(link.href.path, change(link.href.query)) });
const dropped = (name) => paged((query) => query.replace(new RegExp(`(?<=[?&])${name}=[^&]*&?`), '').replace(/&$/, ''));
const fails = () => { throw new Error('a fault of the server'); };

module.exports = {
  'default-size-50': fault('lists.size-default', 'the list of tools without itemsPerPage', 'Without itemsPerPage a page holds 50 items.', 'paging.default.itemsPerPage', on('tools'), never(50)),
  'default-size-20-filtered': fault('lists.size-default', 'filtered species without itemsPerPage', 'A filtered list has pages of 20 by default.', 'paging.default.itemsPerPage', all(on('species'), ({ r }) => r.query.has('family')), never(20)),
  'default-page-last': fault('lists.page-number-default', 'species, for the read-only user', 'Without pageNum the second page comes.', 'paging.default.pageNum', all(on('species'), by('reader')), never(2)),
  'default-page-zero-based': fault('lists.page-number-default', 'checkpoints under an envelope', 'Without pageNum the second page comes under an envelope.', 'paging.default.pageNum', all(on('checkpoints'), envelope), never(2)),
  'size-one-is-two': fault('lists.size-honoured', 'beds, itemsPerPage=1', 'A page of one item holds two.', 'paging.size', all(isList('beds'), (_c, value) => value === 1), never(2)),
  'size-is-even': fault('lists.size-honoured', 'odd sizes of visits', 'Odd page sizes are rounded up.', 'paging.size', all(isList('visits'), (_c, value) => value % 2 === 1), (value) => value + 1),
  'size-100-is-99': fault('lists.size-honoured', 'species, itemsPerPage=100', 'A page of 100 items holds 99.', 'paging.size', all(isList('species'), ({ r }) => r.query.get('itemsPerPage') === '100'), never(99)),
  'size-ignored-in-orchard': fault('lists.size-honoured', 'lists of the second group', 'itemsPerPage is ignored in the second group.', 'paging.size', inOrchard, never(100)),
  'more-than-100': fault('lists.size-maximum', 'species, itemsPerPage=101 and more', 'More than 100 items are returned.', 'paging.allows-more', isList('species'), never(true)),
  'exactly-101': fault('lists.size-maximum', 'itemsPerPage=101', 'A page of 101 items is returned.', 'paging.allows-more', ({ size: wanted }) => wanted === 101, never(true)),
  'more-under-envelope': fault('lists.size-maximum', 'large pages under an envelope', 'More than 100 items are returned under an envelope.', 'paging.allows-more', envelope, never(true)),
  'last-page-loses-item': fault('lists.walk-is-complete', 'the last page of species', 'The last item is on no page.', 'page.items', all(isList('species'), lastPage), (items) => items.slice(0, -1)),
  'lonely-item-lost': fault('lists.walk-is-complete', 'the last page of checkpoints', 'A last page of one item is empty.', 'page.items', all(isList('checkpoints'), lastPage, (_c, items) => items.length === 1), never([])),
  'pages-overlap': fault('lists.walk-is-complete', 'page 2 under an envelope', 'Under an envelope page 2 begins with the last item of page 1.', 'page.items', all(envelope, page(2)), (items, { all: every, size: n }) => [every[n - 1], ...items.slice(0, -1)]),
  'order-turns': fault('lists.walk-is-complete', 'later pages of labels', 'Later pages are cut from the list in another order.', 'page.items', all(isList('labels'), ({ number }) => number > 1), (_items, { all: every, number, size: n }) => [...every].reverse().slice((number - 1) * n, number * n)),
  'orchard-shows-twice': fault('lists.walk-is-complete', 'page 3 of species in the second group', 'Page 3 repeats page 2 in the second group.', 'page.items', all(inOrchard, page(3)), (_items, { all: every, size: n }) => every.slice(n, 2 * n)),
  'filtered-walk-leaks': fault('lists.walk-is-complete', 'the last page of a filtered list', 'The last item of a filtered list is another one.', 'page.items', all(isList('labels'), lastPage, ({ r }) => r.query.has('color')), (items, { all: every }) => [...items.slice(0, -1), every[0]]),
  'total-of-page': fault('lists.total', 'the last page of species', 'On the last page totalCount is the number of its items.', 'page.total', all(lastPage, ({ number }) => number > 1), (_total, { results }) => results.length),
  'total-unfiltered': fault('lists.total', 'labels filtered by color', 'totalCount counts what the filter leaves out.', 'page.total', ({ r }) => r.query.has('color'), never(200)),
  'total-off-in-orchard': fault('lists.total', 'tools of the second group', 'totalCount is one too many in the second group.', 'page.total', all(isList('tools'), inOrchard), (total) => total + 1),
  'total-capped': fault('lists.total', 'lists of more than 255 items', 'totalCount is never more than 255.', 'page.total', null, (total) => Math.min(total, 255)),
  'total-is-text': fault('lists.shape', 'lists under an envelope', 'totalCount is a text under an envelope.', 'page.total', envelope, (total) => String(total)),
  'total-lacks-when-empty': fault('lists.shape', 'empty lists', 'An empty list has no totalCount.', 'list', ({ total }) => total === 0, (value) => without(value, 'totalCount')),
  'total-with-size-one': fault('lists.total', 'pages of one item', 'With itemsPerPage=1 totalCount is the number of the page.', 'page.total', size(1), (_total, { number }) => number),
  'next-on-exact-multiple': fault('lists.next-except-last', 'labels, exactly two pages', 'A last page that is full has a next.', 'page.has-next', all(isList('labels'), lastPage, ({ total, size: n }) => total % n === 0), never(true)),
  'next-on-single-full-page': fault('lists.next-except-last', 'tools, exactly one page', 'A list of exactly one full page has a next.', 'page.has-next', all(isList('tools'), ({ total, size: n }) => total === n), never(true)),
  'next-on-empty': fault('lists.next-except-last', 'the empty list', 'An empty list has a next.', 'page.has-next', ({ total }) => total === 0, never(true)),
  'no-next-for-reader': fault('lists.next-except-last', 'species, for the read-only user', 'The read-only user is not shown next.', 'page.has-next', all(by('reader'), isList('species')), never(false)),
  'no-next-from-page-two': fault('lists.next-except-last', 'page 2 under pretty=true', 'Page 2 has no next under pretty=true.', 'page.has-next', all(page(2), pretty), never(false)),
  'no-next-with-size-one': fault('lists.next-except-last', 'pages of one item', 'Pages of one item have no next.', 'page.has-next', size(1), never(false)),
  'previous-on-first': fault('lists.previous-except-first', 'page 1 of visits', 'The first page has a previous.', 'page.has-previous', all(isList('visits'), page(1)), never(true)),
  'previous-on-empty-filter': fault('lists.previous-except-first', 'a filtered list, page 1', 'The first page of a filtered list has a previous.', 'page.has-previous', all(page(1), ({ r }) => r.query.has('family')), never(true)),
  'no-previous-on-last': fault('lists.previous-except-first', 'the last page of checkpoints', 'The last page has no previous.', 'page.has-previous', all(isList('checkpoints'), lastPage), never(false)),
  'previous-is-first': fault('lists.walk-is-complete', 'previous on page 3 and later', 'previous always leads to page 1.', 'page.link', all(rel('previous'), ({ number }) => number > 2), paged((query) => query.replace(/pageNum=\d+/, 'pageNum=1'))),
  'next-skips': fault('lists.walk-is-complete', 'next of page 2 in harvests', 'next of page 2 skips a page.', 'page.link', all(rel('next'), page(2), isList('harvests')), paged((query) => query.replace(/pageNum=\d+/, 'pageNum=4'))),
  'self-is-page-one': fault('lists.self-always', 'self on the last page', 'self of the last page leads to page 1.', 'page.link', all(rel('self'), lastPage, ({ number }) => number > 1), paged((query) => query.replace(/pageNum=\d+/, 'pageNum=1'))),
  'self-loses-filter': fault('lists.self-always', 'self of a filtered list', 'self of a filtered list leads to the whole list.', 'page.link', all(rel('self'), ({ r }) => r.query.has('purpose') || r.query.has('family')), (link) => dropped('purpose')(dropped('family')(link))),
  'no-self-on-page-two': fault('lists.self-always', 'page 2 of visits', 'Page 2 has no self.', 'page.links', all(page(2), isList('visits')), (links) => links.filter((at) => at.rel !== 'self')),
  'no-self-when-empty': fault('lists.self-always', 'empty lists', 'An empty list has no self.', 'page.links', ({ total }) => total === 0, never([])),
  'next-loses-family': fault('lists.links-keep-query', 'next of species filtered by family', 'next forgets the filter.', 'page.link', rel('next'), dropped('family')),
  'next-loses-size': fault('lists.links-keep-query', 'next of page 2', 'next of page 2 forgets the page size.', 'page.link', all(rel('next'), page(2)), dropped('itemsPerPage')),
  'previous-loses-size': fault('lists.links-keep-query', 'previous', 'previous forgets the page size.', 'page.link', rel('previous'), dropped('itemsPerPage')),
  'next-loses-date': fault('lists.links-keep-query', 'next of visits until a date', 'next forgets visitedBefore.', 'page.link', rel('next'), dropped('visitedBefore')),
  'next-loses-edible': fault('lists.links-keep-query', 'next of species filtered by edible', 'next forgets the filter edible.', 'page.link', rel('next'), dropped('edible')),
  'next-loses-envelope': fault('envelope.with-paging', 'next under an envelope', 'next leads out of the envelope.', 'page.link', all(rel('next'), isList('labels')), dropped('envelope')),
  'link-first': fault('lists.only-paging-links', 'pages after the first', 'Later pages link to the first page as well.', 'page.links', ({ number }) => number > 1, (links) => [...links, { ...links[0], rel: 'first' }]),
  'link-up-when-empty': fault('lists.only-paging-links', 'the empty list', 'The empty list has another link.', 'page.links', ({ total }) => total === 0, (links) => [...links, { ...links[0], rel: 'up' }]),
  'member-with-collection': fault('links.member-has-only-self', 'the last item of a page of tools', 'The last item of a page has another link.', 'member', all(isList('tools'), ({ at, count }) => at === count - 1), (value) => ({ ...value, links: [...value.links, { ...value.links[0], rel: 'collection' }] })),
  'notice-with-up': fault('links.member-has-only-self', 'notices in their list', 'A notice in its list has the link up.', 'member', isList('notices'), (value) => ({ ...value, links: [...value.links, { ...value.links[0], rel: 'up' }] })),
  'fiftieth-without-links': fault('links.in-body', 'the fiftieth item of a page', 'The fiftieth item of a page has no links.', 'member', ({ at }) => at === 49, (value) => without(value, 'links')),
  'page-two-self-shifted': fault('links.self-is-own-url', 'items of page 2 of species', 'Items of page 2 have the self of their neighbours.', 'member', all(isList('species'), page(2)), (value) => ({ ...value, links: value.links.map((at) => ({ ...at, href: new Href(at.href.path.replace(/\d+$/, (id) => String(Number(id) - 1))) })) })),
  'empty-is-404': fault('lists.empty-is-200', 'the empty list', 'An empty list answers 404.', 'status', all(on('ghosts'), method('GET', 'HEAD')), never(404)),
  'empty-filter-is-404': fault('lists.empty-is-200', 'a filter that leaves nothing', 'A filter that leaves nothing answers 404.', 'status', ({ answer }) => answer.list && answer.context.total === 0, never(404)),
  'empty-results-null': fault('lists.empty-is-200', 'empty lists under pretty=true', 'results of an empty list is null under pretty=true.', 'page.results', all(pretty, ({ total }) => total === 0), never(null)),
  'no-jobs-is-404': fault('lists.empty-is-200', 'the empty list of jobs', 'An empty list of jobs answers 404.', 'status', all(on('waterings', 'exports'), ({ answer }) => answer.list && answer.context.total === 0), never(404)),
  'missing-group-has-harvests': fault('lists.missing-context-404', 'harvests of a group that does not exist', 'Harvests of a group that does not exist answer 200.', 'missing.group', all((_c, group) => group === undefined, ({ rest }) => rest[0] === 'harvests'), (_v, { garden }) => garden.groups.get(HOME)),
  'missing-group-is-401': fault('lists.missing-context-404', 'lists of jobs in a group that does not exist', 'The list of jobs of a group that does not exist answers 400.', 'status', all(({ answer }) => answer.status === 404, on('waterings', 'exports'), ({ r }) => r.group === undefined), never(400)),
  'missing-user-list': fault('lists.missing-context-404', 'the whitelist of a user who does not exist', 'The whitelist of a user who does not exist is an empty list.', 'missing.resource', ({ r, rest }) => r.segments[0] === 'users' && rest[0] === 'whitelist', () => ({ name: 'none', list: true, methods: { GET: () => new Answer(200, { totalCount: 0, results: [], links: [] }, { list: true }) } })),
  'unknown-collection-empty': fault('codes.unknown-collection-404', 'an unknown collection of a group', 'A collection that does not exist is an empty list.', 'missing.resource', all(inHome, ({ r }) => r.segments.length === 3), () => ({ name: 'none', list: true, methods: { GET: () => new Answer(200, { totalCount: 0, results: [], links: [] }, { list: true }) } })),
  'page-zero-fails': fault('codes.never-5xx', 'pageNum=0', 'pageNum=0 makes the server fail.', 'paging.good', all(({ name, text }) => name === 'pageNum' && /^-?0+$/.test(text)), fails),
  'size-text-fails': fault('codes.never-5xx', 'itemsPerPage that is not a number, on visits', 'A page size that is not a number makes the server fail.', 'paging.good', all(({ name, text }) => name === 'itemsPerPage' && !/^-?\d+$/.test(text), on('visits')), fails),
  'bad-page-taken': should('lists.bad-paging-parameter', 'pageNum that is not a number', 'A page number that is not a number is ignored.', 'paging.good', ({ name }) => name === 'pageNum', never(true)),
  'filter-ignored-edible': fault('lists.links-keep-query', 'species filtered by edible, page 2', 'Page 2 of a filtered list is not filtered.', 'filtered', ({ parameter, r }) => parameter === 'edible' && r.query.get('pageNum') === '2', (_v, { items }) => items),
  'from-offset-ignored': fault('dates.in-query', 'visitedAfter with an offset', 'The offset of visitedAfter is ignored.', 'date.offset', ({ parameter, zone }) => parameter === 'visitedAfter' && zone !== undefined, never(0)),
  'until-offset-turned': fault('dates.in-query', 'until of harvests with an offset', 'The offset of until is taken with the wrong sign.', 'date.offset', ({ parameter }) => parameter === 'until', (shift) => -shift),
  'since-local': fault('dates.in-query', 'since of harvests without a zone', 'A date without a zone is taken as local.', 'date.offset', ({ parameter, zone }) => parameter === 'since' && zone === undefined, never(-120 * MINUTE)),
  'before-local-under-envelope': fault('dates.in-query', 'visitedBefore without a zone under an envelope', 'Under an envelope a date without a zone is taken as local.', 'date.offset', all(({ parameter, zone }) => parameter === 'visitedBefore' && zone === undefined, envelope), never(300 * MINUTE)),
  'bad-bound-ignored': fault('dates.malformed-rejected', 'visitedBefore that is not a date', 'A visitedBefore that is not a date is ignored.', 'bound', ({ parameter, text }, value) => parameter === 'visitedBefore' && value === null && text !== '', never(new Date(8e15))),
  'bad-bound-fails': fault('codes.never-5xx', 'since that is not a date', 'A since that is not a date makes the server fail.', 'bound', ({ parameter }, value) => parameter === 'since' && value === null, fails),
  'bad-bound-unnamed': fault('dates.malformed-rejected', 'visitedAfter that is not a date', 'The error does not name the parameter that is not a date.', 'error', ({ refusal }) => refusal.field === 'visitedAfter', (document) => without({ ...document, detail: 'A parameter is not a date.' }, 'parameters')),
};
