'use strict';
// The counter of each group within the clock's current window.

const { bend } = require('./bend');
const { Refusal } = require('./refusal');
const chance = require('./chance');

const LIMIT = 100;

class Counters {
  constructor(windowSeconds) {
    this.window = windowSeconds * 1000;
    this.current = null;
    this.counts = new Map();
  }

  take(r) {
    const now = Date.now();
    const window = bend('rate.window', Math.floor(now / this.window), { r, now, length: this.window, counters: this });
    if (window !== this.current) {
      this.current = window;
      this.counts = bend('rate.reset', new Map(), { r, counts: this.counts });
    }
    const key = bend('rate.key', r.group, { r });
    const count = (this.counts.get(key) ?? 0) + 1;
    if (bend('rate.counts', true, { r, count })) this.counts.set(key, count);
    if (count <= bend('rate.limit', LIMIT, { r, count })) return;
    const wait = Math.ceil(((window + 1) * this.window - now) / 1000);
    throw new Refusal(bend('rate.status', 429, { r, count }), `A group may ask ${LIMIT} times in ${this.window / 1000} seconds.`, {
      headers: chance.often(0.6) ? { 'Retry-After': String(wait) } : {},
    });
  }
}

module.exports = { Counters };
