'use strict';
// The lists of a group that stand still: their items, and how they are filtered.

const dates = require('./dates');
const { Seconds } = require('./json');
const { bad } = require('./refusal');
const { bend } = require('./bend');

const MIDDLE = Date.UTC(2019, 11, 31, 23, 58, 20);
const at = (minutes) => new Date(MIDDLE + minutes * 60000);
const second = (seconds) => new Date(MIDDLE + seconds * 1000);
const stamp = (seconds, increment) => ({ date: new Seconds(second(seconds)), increment });
const turn = (words, n) => words[n % words.length];
const upTo = (count, make) => Array.from({ length: count }, (_, n) => ({ id: `${n + 1}`, ...make(n + 1) }));

// By name: how many items, what they hold, and which query parameters filter by which member.
const LISTS = {
  species: {
    items: () => upTo(317, (n) => ({ latin: `Sp\u00e9cies no. ${n}`, family: turn(['ROSE', 'LILY', 'FERN'], n), edible: n % 2 === 0, heightMeters: n / 4, found: at(-n * 700000) })),
    filters: { family: (item) => item.family, edible: (item) => String(item.edible) },
  },
  beds: { items: () => upTo(7, (n) => ({ name: `Bed "${n}" \u{1f33f}`, areaSquareMeters: 12.5 * n, corners: [{ eastMeters: n, northMeters: 0 }, { eastMeters: 0, northMeters: n }], dug: at(-n * 60 * 24 * 61) })) },
  ghosts: { items: () => [] },
  labels: { items: () => upTo(200, (n) => ({ text: `No. ${n} / \u2116`, printed: n % 3 > 0, color: turn(['white', 'green'], n) })), filters: { color: (item) => item.color } },
  tools: { items: () => upTo(100, (n) => ({ name: `tool ${n}`, weightGrams: 150 * n, borrowed: n % 10 === 0, tags: n % 4 ? [] : ['sharp', 'heavy'] })) },
  visits: {
    items: () => upTo(56, (n) => ({ visited: at(20 * (n - 28) + 7), visitors: (n * 7) % 5, purpose: turn(['walk', 'class', 'wedding'], n) })),
    filters: { purpose: (item) => item.purpose },
    dated: { from: 'visitedAfter', to: 'visitedBefore', member: 'visited' },
  },
  harvests: {
    items: () => upTo(24, (n) => ({ picked: at(-60 * 24 * 30 * (n - 12)), weightKilograms: n * 1.25, crop: turn(['pear', 'quince'], n) })),
    dated: { from: 'since', to: 'until', member: 'picked' },
  },
  backups: { items: () => upTo(3, (n) => ({ taken: stamp(n, 2 ** 31 - n), parts: [{ log: 'a', mark: stamp(-n, 0) }, { log: 'b', mark: stamp(60 * n, -n) }] })) },
  checkpoints: { items: () => upTo(101, (n) => ({ mark: stamp(n * 86400, n), done: n % 2 === 1, nested: { last: stamp(n * 3600, -(2 ** 31) + n) } })) },
  forecasts: { limited: true, items: () => upTo(4, (n) => ({ rainMillimeters: n * 2.5, day: at(60 * 24 * n) })) },
  soundings: { limited: true, items: () => upTo(2, (n) => ({ depthMeters: 3 + n })) },
};

// The items that the filters of a request leave.
function filtered(r, name, { filters = {}, dated }, items) {
  let left = items;
  for (const [parameter, of] of Object.entries(filters)) {
    const wanted = r.query.get(parameter);
    if (wanted !== null) left = bend('filtered', left.filter((item) => of(item) === wanted), { r, list: name, parameter, wanted, items: left });
  }
  if (!dated) return left;
  const bound = (parameter, otherwise) => {
    const text = r.query.get(parameter);
    if (text === null) return otherwise;
    const instant = bend('bound', dates.read(text, { r, list: name, parameter }), { r, list: name, parameter, text });
    if (instant === null) throw bad(`The parameter ${parameter} takes a date of ISO 8601.`, parameter);
    return instant.getTime();
  };
  const [from, to] = [bound(dated.from, -Infinity), bound(dated.to, Infinity)];
  const inside = (item) => item[dated.member] >= from && item[dated.member] <= to;
  return bend('dated', left.filter(inside), { r, list: name, from, to, items: left, dated });
}

const parametersOf = ({ filters = {}, dated }) => [...Object.keys(filters), ...(dated ? [dated.from, dated.to] : [])];

module.exports = { LISTS, filtered, parametersOf };
