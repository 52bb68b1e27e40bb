'use strict';
// Faults of the rate limit: what is counted, under which key, and when it begins again.

const { fault, on, method, inOrchard, envelope, pretty, never } = require('./tools');

const keyed = (where, says, key) => fault('rate.counter-key', where, says, 'rate.key', null, (group, { r }) => `${group} ${key(r)}`);

module.exports = {
  'rate-by-user': fault('rate.shared-in-group', 'users of one group', 'Each user has a counter.', 'rate.key', null, (group, { r }) => `${group} ${r.user}`),
  'rate-by-resource': keyed('forecasts and soundings', 'Each limited resource has a counter.', (r) => r.segments[2]),
  'rate-by-entity': keyed('entities of forecasts', 'Each URL has a counter.', (r) => r.path),
  'rate-by-query': keyed('requests with a query', 'Each spelling of the query has a counter.', (r) => String(r.query)),
  'rate-by-address': keyed('addresses of one user', 'Each address has a counter.', (r) => r.address),
  'rate-by-method': keyed('GET and HEAD', 'Each method has a counter.', (r) => r.method),
  'rate-for-all-groups': fault('rate.separate-groups', 'the second group', 'All groups share one counter.', 'rate.key', null, never('all')),
  'rate-forgets-head': fault('rate.counter-key', 'HEAD', 'HEAD is not counted.', 'rate.counts', method('HEAD'), never(false)),
  'rate-forgets-envelope': fault('rate.counter-key', 'requests under an envelope', 'Requests under an envelope are not counted.', 'rate.counts', envelope, never(false)),
  'rate-forgets-pretty': fault('rate.counter-key', 'requests under pretty=true', 'Requests under pretty=true are not limited.', 'limited', pretty, never(false)),
  'rate-101': fault('rate.rejects-beyond', 'the request after the hundredth', 'One request too many is let through.', 'rate.limit', null, never(101)),
  'rate-99': fault('rate.allows-limit', 'the hundredth request', 'The hundredth request is refused.', 'rate.limit', null, never(99)),
  'rate-99-in-orchard': fault('rate.allows-limit', 'the hundredth request in the second group', 'The second group has one request less.', 'rate.limit', inOrchard, never(99)),
  'rate-unlimited-in-orchard': fault('rate.rejects-beyond', 'the second group', 'The second group is not limited.', 'limited', inOrchard, never(false)),
  'rate-soundings-free': fault('rate.rejects-beyond', 'soundings', 'The second limited resource is not limited.', 'limited', on('soundings'), never(false)),
  'rate-limits-beds': fault('rate.only-where-limited', 'beds', 'A resource that is not limited is counted as well.', 'limited', on('beds'), never(true)),
  'rate-is-503': fault('rate.rejects-beyond', 'requests beyond the limit', 'An exhausted limit answers 503.', 'rate.status', null, never(503)),
  'rate-is-403-in-envelope': fault('rate.rejects-beyond', 'requests beyond the limit under an envelope', 'An exhausted limit answers 403 under an envelope.', 'rate.status', envelope, never(403)),
  'rate-window-shifted': fault('rate.resets-on-the-minute', 'the begin of the window', 'The window begins in the middle of the minute.', 'rate.window', null, (_w, { now, length }) => Math.floor((now + length / 2) / length)),
  'rate-window-double': fault('rate.resets-on-the-minute', 'the length of the window', 'The counter begins again only every second minute.', 'rate.window', null, (window) => Math.floor(window / 2)),
  'rate-carries-over': fault('rate.resets-on-the-minute', 'the next window', 'Ten requests of an exhausted window are carried over.', 'rate.reset', null, (_fresh, { counts }) => new Map([...counts].filter(([, count]) => count > 100).map(([key]) => [key, 10]))),
  'rate-never-resets': fault('rate.resets-on-the-minute', 'groups that exhausted the limit', 'An exhausted limit stays exhausted.', 'rate.reset', null, (fresh, { counts }) => new Map([...fresh, ...[...counts].filter(([, count]) => count > 100)])),
};
