'use strict';
// JSON, read strictly and written in many spellings.

const chance = require('./chance');
const dates = require('./dates');

// The URL of a resource below the base; how it is spelled is drawn when it is written.
class Href {
  constructor(path, query = '') {
    this.path = path;
    this.query = query;
  }
}

// An instant whose text holds no fraction.
class Seconds {
  constructor(instant) {
    this.instant = instant;
  }
}

class NotJson extends Error {}

// A number of the request that a double cannot hold exactly.
class TooExact {}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const DEEPEST = 40;

// Digits and exponent of a decimal, without zeros at the ends.
function decimal(text) {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e');
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  return short === '' ? '0' : `${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    const value = this.value(0);
    this.skip(SPACE);
    if (this.at < this.text.length) throw new NotJson('Something stands behind the JSON value.');
    return value;
  }

  skip(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found?.[0];
  }

  take(text) {
    this.skip(SPACE);
    const there = this.text.startsWith(text, this.at);
    if (there) this.at += text.length;
    return there;
  }

  value(depth) {
    if (depth > DEEPEST) throw new NotJson('The JSON value is nested too deeply.');
    if (this.take('{')) return this.object(depth);
    if (this.take('[')) return this.array(depth);
    for (const [word, value] of [['true', true], ['false', false], ['null', null]]) if (this.take(word)) return value;
    if (this.text[this.at] === '"') return this.string();
    const number = this.skip(NUMBER);
    if (number === undefined) throw new NotJson('The body is not JSON.');
    const double = Number(number);
    return Number.isFinite(double) && decimal(String(double)) === decimal(number) ? double : new TooExact();
  }

  string() {
    this.skip(SPACE);
    const found = this.skip(TEXT);
    if (found === undefined) throw new NotJson('The body is not JSON.');
    return JSON.parse(found);
  }

  object(depth) {
    const members = Object.create(null);
    if (this.take('}')) return members;
    do {
      const name = this.string();
      if (name in members) throw new NotJson(`The body names ${name} twice.`);
      if (!this.take(':')) throw new NotJson('The body is not JSON.');
      members[name] = this.value(depth + 1);
    } while (this.take(','));
    if (!this.take('}')) throw new NotJson('The body is not JSON.');
    return members;
  }

  array(depth) {
    const elements = [];
    if (this.take(']')) return elements;
    do elements.push(this.value(depth + 1));
    while (this.take(','));
    if (!this.take(']')) throw new NotJson('The body is not JSON.');
    return elements;
  }
}

// The JSON object in the bytes of a body.
function readObject(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotJson('The body is not UTF-8.');
  }
  const value = new Reader(text).whole();
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof TooExact) {
    throw new NotJson('The body is not a JSON object.');
  }
  return value;
}

function writtenNumber(number) {
  const plain = String(number);
  if (plain.includes('e')) return plain;
  if (plain.includes('.')) return chance.pick([plain, plain, `${plain}0`, `${plain}e0`, `${plain}E+00`]);
  const shifted = Math.abs(number) >= 10 ? `${plain.slice(0, -1)}.${plain.slice(-1)}e1` : `${plain}.0`;
  return chance.pick([plain, plain, plain, `${plain}.0`, `${plain}e0`, shifted]);
}

function escaped(character) {
  const units = [...Array(character.length).keys()].map((at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function writtenText(text) {
  const most = chance.pick([0, 0, 0.05, 1]);
  const plain = JSON.stringify(text);
  if (most === 0) return plain;
  let out = '';
  for (let at = 1; at < plain.length - 1; at += 1) {
    const c = plain[at];
    if (c === '\\') {
      const length = plain[at + 1] === 'u' ? 6 : 2;
      out += plain.slice(at, at + length);
      at += length - 1;
    } else if (c === '/' && chance.often(0.5)) out += '\\/';
    else {
      const whole = String.fromCodePoint(plain.codePointAt(at));
      out += chance.often(most) ? escaped(whole) : whole;
      at += whole.length - 1;
    }
  }
  return `"${out}"`;
}

// The path as it is, or in another spelling of the same URL.
function writtenHref(href, origin) {
  const spelled = chance.often(0.15) ? href.path.replace(/[a-z](?=[^/]*$)/, (c) => `%${c.charCodeAt(0).toString(16)}`) : href.path;
  const start = chance.pick([origin, origin, '', origin.replace('https', 'HTTPS'), origin.replace('https:', '')]);
  return start + spelled + href.query;
}

// The text of a value. `layout` is null for no white space, or { indent, colon }.
function written(value, origin, layout, depth = 0) {
  const inner = (element) => written(element, origin, layout, depth + 1);
  if (value instanceof Date) return writtenText(dates.write(value));
  if (value instanceof Seconds) return writtenText(dates.writeSeconds(value.instant));
  if (value instanceof Href) return writtenText(writtenHref(value, origin));
  if (typeof value === 'number') return writtenNumber(value);
  if (typeof value === 'string') return writtenText(value);
  if (value === null || typeof value === 'boolean') return String(value);
  const list = Array.isArray(value);
  const colon = layout ? layout.colon : ':';
  const entries = list ? value.map(inner) : chance.shuffled(Object.entries(value)).map(([name, member]) => writtenText(name) + colon + inner(member));
  const [open, close] = list ? '[]' : '{}';
  if (entries.length === 0) return open + close;
  if (!layout) return open + entries.join(',') + close;
  const line = (level) => `\n${layout.indent.repeat(level)}`;
  return open + line(depth + 1) + entries.join(`,${line(depth + 1)}`) + line(depth) + close;
}

module.exports = { Href, Seconds, NotJson, TooExact, readObject, written };
