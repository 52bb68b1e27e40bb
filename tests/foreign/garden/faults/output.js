'use strict';
// Faults of what is returned: envelopes, white space, JSON, media types, links, dates, BSON timestamps, HEAD.

const { fault, should, on, by, method, inOrchard, oneOf, listOf, all, kind, envelope, pretty, isList, lastPage, status, walked, without, never } = require('./tools');
const { Href, Seconds } = require('../json');

const what = (...names) => (context) => names.includes((context.answer?.context ?? context).what);
const item = (name) => (context) => context.what === 'item' && context.list === name;
const iso = (date) => date.toISOString();
const shifted = (date, minutes) => new Date(date.getTime() + minutes * 60000);
const offsetText = (date) => iso(shifted(date, 120)).replace('Z', '+02:00');
const noZone = (date) => iso(date).slice(0, 19);
const isDate = (value) => value instanceof Date;
const isMark = (value) => value !== null && typeof value === 'object' && value.date instanceof Seconds;
const marks = (change) => (value) => walked(value, (each) => (isMark(each) ? change(each) : undefined));
const secondsText = (mark) => iso(mark.date.instant).slice(0, 19);
const erring = ({ answer }) => answer.error === true;
const creating = ({ answer }) => answer.status === 201;
const plain = (where, says, at, ...conditions) => fault('envelope.entity', where, says, at, all(...conditions), never(false));
const links = (change) => (value) => ({ ...value, links: change(value.links) });
const numbersAsText = (value) => walked(value, (each) => (typeof each === 'number' ? String(each) : undefined));
const opened = (text) => text.replace(/^\{/, '{ ');

module.exports = {
  'no-envelope-for-job': plain('a job', 'A job comes without an envelope.', 'enveloped', what('job')),
  'no-envelope-on-post': plain('POST of a valve', 'A created valve comes without an envelope.', 'enveloped', on('valves'), creating),
  'no-envelope-on-put': plain('PUT', 'A replaced document comes without an envelope.', 'enveloped', method('PUT')),
  'no-envelope-for-group': plain('a group', 'A group comes without an envelope.', 'enveloped', what('group')),
  'no-envelope-in-orchard': plain('entities of the second group', 'Entities of the second group come without an envelope.', 'enveloped', inOrchard, oneOf),
  'no-envelope-when-pretty': plain('entities under both switches', 'With pretty=true as well, there is no envelope.', 'enveloped', pretty, what('item', 'document')),
  'no-envelope-on-409': should('envelope.on-errors', '409', 'A conflict comes without an envelope.', 'enveloped', status(409), never(false)),
  'no-envelope-on-429': should('envelope.on-errors', '429', 'An exhausted rate limit comes without an envelope.', 'enveloped', status(429), never(false)),
  'no-envelope-on-403': should('envelope.on-errors', '403', 'A forbidden write comes without an envelope.', 'enveloped', status(403), never(false)),
  'no-status-on-empty': fault('envelope.list-adds-status', 'an empty list', 'An empty list has no status under an envelope.', 'enveloped', ({ answer }) => answer.list && answer.context.total === 0, never(false)),
  'no-status-on-last-page': fault('envelope.list-adds-status', 'the last page of several', 'The last page has no status under an envelope.', 'enveloped', ({ answer }) => answer.list && answer.context.number > 1 && lastPage(answer.context), never(false)),
  'envelope-status-text': fault('envelope.status', 'a list of one page', 'status is a text in the envelope of beds.', 'envelope', on('beds'), (value) => ({ ...value, status: String(value.status) })),
  'envelope-says-200': fault('envelope.status', 'POST', 'The envelope of a created document says 200.', 'envelope', creating, (value) => ({ ...value, status: 200 })),
  'envelope-says-200-for-404': should('envelope.on-errors', '404 of an entity', 'The envelope of a 404 says 200.', 'envelope', status(404), (value) => ({ ...value, status: 200 })),
  'envelope-of-job-202': fault('envelope.status', 'POST of a job', 'The envelope of an accepted job says 201.', 'envelope', status(202), (value) => ({ ...value, status: 201 })),
  'envelope-with-headers': fault('envelope.entity', 'permits', 'The envelope of a permit has a third member.', 'envelope', on('permits'), (value) => ({ ...value, headers: {} })),
  'envelope-twice': fault('envelope.content-is-entity', 'notices', 'A notice stands in two envelopes.', 'envelope', all(on('notices'), ({ answer }) => !answer.list && !answer.error), (value) => ({ ...value, content: { status: value.status, content: value.content } })),
  'envelope-content-on-list': fault('envelope.list-adds-status', 'the list of tools', 'Under an envelope a list stands in content.', 'envelope', ({ answer }) => answer.list && answer.context.listName === 'tools', ({ status: code, ...value }) => ({ status: code, content: value })),
  'envelope-loses-member': fault('envelope.content-is-entity', 'the vault', 'The content of the envelope lacks a member.', 'envelope', on('vault'), (value) => ({ ...value, content: without(value.content, 'motto') })),
  'envelope-drops-results-tail': fault('envelope.list-adds-status', 'page 1 of species', 'Under an envelope page 1 lacks its last item.', 'envelope', ({ answer }) => answer.list && answer.context.listName === 'species' && answer.context.number === 1, (value) => ({ ...value, results: value.results.slice(0, -1) })),
  'envelope-by-pretty': fault('envelope.off-by-default', 'pretty=true on the root', 'pretty=true brings an envelope, too.', 'asks.envelope', ({ r }) => r.query.get('pretty') === 'true' && !r.target.includes('groups'), never(true)),
  'envelope-false-is-true': fault('envelope.off-by-default', 'envelope=false', 'envelope=false brings an envelope.', 'asks.envelope', ({ r }) => r.query.get('envelope') === 'false', never(true)),
  'envelope-on-page-two': fault('envelope.off-by-default', 'page 2 of checkpoints', 'Page 2 comes in an envelope that was not asked for.', 'asks.envelope', ({ r }) => /checkpoints.*pageNum=2/.test(r.target), never(true)),
  'not-pretty-errors': fault('pretty.any-request', '405', 'A 405 is not pretty-printed.', 'pretty.laid-out', status(405), never(false)),
  'not-pretty-401': fault('pretty.any-request', '401', 'A 401 is not pretty-printed.', 'pretty.laid-out', status(401), never(false)),
  'not-pretty-created': fault('pretty.any-request', 'POST of a notice', 'A created notice is not pretty-printed.', 'pretty.laid-out', all(creating, on('notices')), never(false)),
  'not-pretty-in-envelope': fault('pretty.any-request', 'lists under an envelope', 'A list in an envelope is not pretty-printed.', 'pretty.laid-out', all(envelope, ({ answer }) => answer.list), never(false)),
  'not-pretty-when-empty': fault('pretty.any-request', 'the empty list', 'An empty list is not pretty-printed.', 'pretty.laid-out', ({ answer }) => answer.list && answer.context.total === 0, never(false)),
  'not-pretty-jobs': fault('pretty.any-request', 'jobs', 'Jobs are not pretty-printed.', 'pretty.laid-out', on('waterings', 'exports'), never(false)),
  'not-pretty-for-reader': fault('pretty.spaced-on-request', 'entities for the read-only user', 'Nothing is pretty-printed for the read-only user.', 'pretty.laid-out', by('reader'), never(false)),
  'pretty-409-by-default': fault('pretty.compact-by-default', '409', 'A 409 is pretty-printed although nobody asked.', 'compact.layout', status(409), never({ indent: '  ', colon: ': ' })),
  'pretty-401-by-default': fault('pretty.compact-by-default', '401', 'A 401 is pretty-printed although nobody asked.', 'compact.layout', status(401), never({ indent: '  ', colon: ': ' })),
  'pretty-last-page': fault('pretty.compact-by-default', 'the last page of species', 'The last page is pretty-printed although nobody asked.', 'compact.layout', ({ answer }) => answer.list && answer.context.number > 1 && lastPage(answer.context), never({ indent: '  ', colon: ': ' })),
  'pretty-job-by-default': fault('pretty.compact-by-default', 'accepted jobs', 'An accepted job is pretty-printed although nobody asked.', 'compact.layout', status(202), never({ indent: '  ', colon: ': ' })),
  'blank-after-brace': fault('pretty.compact-by-default', 'the ledger', 'A blank stands after the first brace of the ledger.', 'text', all(on('ledger'), ({ r }) => !r.flags.pretty), opened),
  'pretty-false-is-true': fault('pretty.compact-by-default', 'pretty=false', 'pretty=false brings white space.', 'asks.pretty', ({ r }) => r.query.get('pretty') === 'false', never(true)),
  'pretty-numbers-as-text': fault('pretty.same-value', 'beds', 'Numbers are texts under pretty=true.', 'value', all(pretty, on('beds')), numbersAsText),
  'pretty-drops-empty': fault('pretty.same-value', 'tools', 'Empty arrays are left out under pretty=true.', 'value', all(pretty, on('tools'), oneOf), (value) => without(value, ...Object.keys(value).filter((name) => Array.isArray(value[name]) && value[name].length === 0))),
  'pretty-drops-decimals': fault('pretty.same-value', 'species', 'Under pretty=true numbers lose their fraction.', 'value', all(pretty, on('species')), (value) => walked(value, (each) => (typeof each === 'number' ? Math.trunc(each) : undefined))),
  'pretty-date-cut': fault('pretty.same-value', 'visits under pretty=true', 'Dates lose their seconds under pretty=true.', 'value', all(pretty, on('visits')), (value) => walked(value, (each) => (isDate(each) ? new Date(Math.floor(each / 60000) * 60000) : undefined))),
  'error-names-twice': fault('entities.no-duplicate-members', 'the error document of 404', 'The error document names detail twice.', 'text', ({ answer, r }) => answer.status === 404 && !r.flags.pretty && !r.flags.envelope, (text) => text.replace(/^\{/, '{"detail":"Nothing.",')),
  'page-names-twice': fault('entities.no-duplicate-members', 'the last page of labels', 'The last page names totalCount twice.', 'text', ({ answer, r }) => answer.list && answer.context.listName === 'labels' && lastPage(answer.context) && !r.flags.pretty, (text) => text.replace(/^\{/, '{"totalCount":200,')),
  'nested-names-twice': fault('entities.no-duplicate-members', 'the first link of a group', 'A link of a group names its relation twice.', 'text', all(what('group'), ({ r }) => !r.flags.pretty), (text) => text.replace(/\[\{/, '[{"title":"a","title":"b",')),
  'body-with-bom': fault('entities.are-json', 'the vault', 'The body of the vault begins with a byte order mark.', 'text', on('vault'), (text) => `\ufeff${text}`),
  'trailing-comma': fault('entities.are-json', 'empty lists', 'An empty list is not JSON: a comma stands too many.', 'text', ({ answer }) => answer.list && answer.context.total === 0, (text) => text.replace(/\}(\s*)$/, ',}$1')),
  'html-404': fault('entities.are-json', '404 of an entity of labels', 'A 404 says that it is HTML.', 'media', ({ answer, r }) => answer.status === 404 && r.segments[2] === 'labels', never('text/html')),
  'text-405': fault('entities.are-json', '405', 'A 405 says that it is plain text.', 'media', status(405), never('text/plain;charset=utf-8')),
  'octets-for-page-two': fault('entities.are-json', 'page 2', 'Page 2 says that it is application/octet-stream.', 'media', ({ answer }) => answer.list && answer.context.number === 2, never('application/octet-stream')),
  'text-for-created': fault('entities.are-json', 'POST of a permit', 'A created permit says that it is plain text.', 'media', all(creating, on('permits')), never('text/plain')),
  'head-other-type': fault('methods.head-is-get-without-body', 'HEAD of lists of the second group', 'HEAD of a list says another media type than GET.', 'media', all(method('HEAD'), inOrchard, listOf), never('application/hal+json')),
  'head-is-200': fault('methods.head-is-get-without-body', 'HEAD of an entity that does not exist', 'HEAD of an entity that does not exist answers 200.', 'status', all(method('HEAD'), status(404), oneOf), never(200)),
  'head-of-404-in-envelope': fault('methods.head-is-get-without-body', 'HEAD of a missing list under an envelope', 'HEAD of a missing list answers 200 under an envelope.', 'status', all(method('HEAD'), status(404), envelope), never(200)),
  'head-of-job-403': fault('methods.head-is-get-without-body', 'HEAD of the list of exports', 'HEAD of the list of exports answers 403.', 'status', all(method('HEAD'), on('exports')), never(403)),
  'head-of-empty-204': fault('methods.head-is-get-without-body', 'HEAD of the empty list', 'HEAD of an empty list answers 204.', 'status', all(method('HEAD'), on('ghosts')), never(204)),
  'head-with-body': fault('methods.head-is-get-without-body', 'HEAD of beds', 'HEAD of beds has a body.', 'head.has-body', on('beds'), never(true)),
  'head-of-error-with-body': fault('methods.head-is-get-without-body', 'HEAD of a 404', 'HEAD of a 404 has a body.', 'head.has-body', status(404), never(true)),
  'valve-without-self': fault('links.self-present', 'valves', 'A valve has no self.', 'entity', all(what('document'), kind('valves')), links((all_) => all_.filter((at) => at.rel !== 'self'))),
  'job-without-links': fault('links.in-body', 'jobs that are accepted', 'An accepted job has no links.', 'entity', what('job'), (value) => without(value, 'links')),
  'user-links-object': fault('links.shape', 'the user', 'links of a user is an object.', 'entity', what('user'), links((all_) => ({ self: all_[0].href }))),
  'orchard-link-without-href': fault('links.shape', 'the second group', 'A link of the second group has no href.', 'entity', ({ path, what: kindOf }) => kindOf === 'group' && path.includes('orchard'), links((all_) => all_.map((at) => (at.rel === 'up' ? { rel: 'up' } : at)))),
  'permit-self-is-list': fault('links.self-is-own-url', 'permits', 'self of a permit leads to the list.', 'entity', all(what('document'), kind('permits')), links((all_) => all_.map((at) => (at.rel === 'self' ? { rel: 'self', href: new Href(at.href.path.replace(/\/[^/]*$/, '')) } : at)))),
  'http-self': fault('links.self-is-own-url', 'harvests', 'self of a harvest leads to plain http.', 'entity', item('harvests'), (value, { r }) => links((all_) => all_.map((at) => (at.rel === 'self' ? { rel: 'self', href: `${r.origin.replace('https', 'http')}${at.href.path}` } : at)))(value)),
  'notice-up-is-404': fault('links.resolve', 'notices', 'The link up of a notice leads nowhere.', 'entity', all(what('document'), kind('notices')), links((all_) => all_.map((at) => (at.rel === 'up' ? { rel: 'up', href: new Href(`${at.href.path}/office`) } : at)))),
  'group-link-is-404': fault('links.resolve', 'the second group', 'A link of the second group leads nowhere.', 'group.links', ({ group }) => group === 'orchard 2', (names) => [...names, 'weeds']),
  'ghosts-unlinked': fault('links.root-reaches', 'the empty list', 'Nothing links to the empty list.', 'group.links', null, (names) => names.filter((name) => name !== 'ghosts')),
  'permits-unlinked': fault('links.root-reaches', 'permits', 'Nothing links to the list of permits.', 'group.links', null, (names) => names.filter((name) => name !== 'permits')),
  'root-without-groups': fault('links.root-reaches', 'the root', 'The root does not lead to the groups.', 'root.links', null, (all_) => all_.slice(1)),
  'relation-not-uri': should('links.extension-rel-is-uri', 'the user', 'A relation of the user is neither registered nor a URI.', 'entity', what('user'), links((all_) => [...all_, { ...all_[0], rel: 'garden whitelist' }])),
  'third-link-member-null': fault('fields.no-empty', 'links of tools', 'A link of a tool has a member that is null.', 'entity', item('tools'), links((all_) => all_.map((at) => ({ ...at, title: null })))),
  'dug-with-offset': fault('dates.utc', 'beds', 'A date is written with an offset.', 'entity', item('beds'), (value) => ({ ...value, dug: offsetText(value.dug) })),
  'schedule-without-zone': fault('dates.utc', 'dates in the schedule of a valve', 'A date in an array has no zone.', 'document.shown', kind('valves'), (value) => ({ ...value, schedule: value.schedule.map((each) => ({ ...each, at: noZone(each.at) })) })),
  'created-with-offset-in-list': fault('dates.utc', 'notices in their list', 'created has an offset where a notice stands in a list.', 'member', isList('notices'), (value) => ({ ...value, created: offsetText(value.created) })),
  'finished-is-number': fault('dates.iso-8601', 'finished of a job', 'finished of a job is a number.', 'job.shown', ({ done }) => done, (value) => ({ ...value, finished: value.finished.getTime() })),
  'since-spaced': fault('dates.iso-8601', 'holder.since of a permit', 'A nested date is written with a blank and without zone.', 'document.shown', kind('permits'), (value) => ({ ...value, holder: { ...value.holder, ...(value.holder.since ? { since: noZone(value.holder.since).replace('T', ' ') } : {}) } })),
  'december-without-zone': fault('dates.utc', 'dates in December', 'Dates in December have no zone.', 'value', ({ answer }) => !answer.error, (value) => walked(value, (each) => (isDate(each) && each.getUTCMonth() === 11 ? noZone(each) : undefined))),
  'leap-day-american': fault('dates.iso-8601', 'the leap day', 'The leap day is written 02/29/2016.', 'value', ({ answer }) => !answer.error, (value) => walked(value, (each) => (isDate(each) && each.getUTCMonth() === 1 && each.getUTCDate() === 29 ? '02/29/2016' : undefined))),
  'midday-last-item': fault('dates.iso-8601', 'the last item of a page of harvests', 'The last item of a page has its date in English.', 'member', all(isList('harvests'), ({ at, count }) => at === count - 1), (value) => ({ ...value, picked: value.picked.toUTCString() })),
  'mark-increment-text': fault('bson.increment-int32', 'odd checkpoints', 'The increment of odd checkpoints is a text.', 'entity', all(item('checkpoints'), (_c, value) => value.id % 2 === 1), marks((mark) => ({ ...mark, increment: String(mark.increment) }))),
  'mark-fraction-nested': fault('bson.date-seconds', 'the second part of a backup', 'A nested BSON timestamp has a fraction.', 'entity', item('backups'), (value) => ({ ...value, parts: value.parts.map((part, at) => (at === 1 ? { ...part, mark: { ...part.mark, date: `${secondsText(part.mark)}.5Z` } } : part)) })),
  'mark-third-member': fault('bson.shape', 'checkpoints in their list', 'A BSON timestamp in a list has a third member.', 'member', isList('checkpoints'), marks((mark) => ({ ...mark, ordinal: 1 }))),
  'mark-too-large': fault('bson.increment-int32', 'the last checkpoint', 'The increment of the last checkpoint needs 33 bits.', 'entity', all(item('checkpoints'), (_c, value) => value.id === '101'), (value) => ({ ...value, mark: { ...value.mark, increment: 2 ** 32 } })),
  'mark-epoch': fault('bson.date-seconds', 'taken of a backup', 'The date of a BSON timestamp is a number.', 'entity', item('backups'), (value) => ({ ...value, taken: { ...value.taken, date: Math.floor(value.taken.date.instant / 1000) } })),
  'mark-offset-under-envelope': fault('bson.date-seconds', 'backups under an envelope', 'Under an envelope the date of a BSON timestamp has an offset.', 'entity', all(item('backups'), envelope), marks((mark) => ({ ...mark, date: `${secondsText(mark)}+01:00` }))),
};
