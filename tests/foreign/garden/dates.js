'use strict';
// Dates of ISO 8601: read in its calendar, ordinal and week forms, written in several forms of UTC.

const chance = require('./chance');
const { bend } = require('./bend');

const DAY = /^(\d{4})(?:-(\d\d)-(\d\d)|(\d\d)(\d\d)|-?(\d{3})|-?W(\d\d)-?(\d))$/;
const TIME = /^(\d\d)(?::?(\d\d)(?::?(\d\d))?)?(?:[.,](\d+))?$/;
const ZONE = /(Z|[+-]\d\d(?::?\d\d)?)$/;
const MS = { day: 86400000, hour: 3600000, minute: 60000, second: 1000 };

// The start of a day in milliseconds, or null.
function day(text) {
  const found = DAY.exec(text);
  if (!found) return null;
  const year = Number(found[1]);
  const start = new Date(0);
  start.setUTCFullYear(year, 0, 1);
  if (year === 0) return null;
  if (found[6]) {
    const at = new Date(start.getTime() + (Number(found[6]) - 1) * MS.day);
    return at.getUTCFullYear() === year ? at.getTime() : null;
  }
  if (found[7]) return week(start, Number(found[7]), Number(found[8]));
  const month = Number(found[2] ?? found[4]);
  const date = Number(found[3] ?? found[5]);
  const at = new Date(start.getTime());
  at.setUTCMonth(month - 1, date);
  const same = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
  return same ? at.getTime() : null;
}

function week(start, number, weekday) {
  if (number < 1 || number > 53 || weekday < 1 || weekday > 7) return null;
  const fourth = new Date(start.getTime() + 3 * MS.day);
  const monday = fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * MS.day;
  return monday + (number - 1) * 7 * MS.day + (weekday - 1) * MS.day;
}

// Milliseconds since midnight, or null. A fraction belongs to the smallest unit that is written.
function time(text) {
  const found = TIME.exec(text);
  if (!found) return null;
  const [hours, minutes, seconds] = [found[1], found[2] ?? '0', found[3] ?? '0'].map(Number);
  if (hours > 24 || minutes > 59 || seconds > 59) return null;
  const unit = found[3] ? MS.second : found[2] ? MS.minute : MS.hour;
  const fraction = found[4] ? Math.floor(Number(`0.${found[4]}`) * unit) : 0;
  const whole = hours * MS.hour + minutes * MS.minute + seconds * MS.second + fraction;
  return whole > MS.day ? null : whole;
}

function offset(zone) {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2) || '0')];
  if (hours > 23 || minutes > 59) return null;
  return (zone[0] === '-' ? -1 : 1) * (hours * MS.hour + minutes * MS.minute);
}

// The instant that a text names; without a zone it is UTC. Null where it names none.
function read(text, context = {}) {
  if (typeof text !== 'string') return null;
  const [date, clock, ...more] = text.split('T');
  const start = day(date);
  if (start === null || more.length > 0) return null;
  if (clock === undefined) return new Date(start);
  const zone = ZONE.exec(clock)?.[1];
  const since = time(zone ? clock.slice(0, -zone.length) : clock);
  const shift = bend('date.offset', offset(zone), { ...context, zone, text });
  if (since === null || shift === null) return null;
  const instant = new Date(start + since - shift);
  const year = instant.getUTCFullYear();
  return year < 1 || year > 9999 ? null : instant;
}

function write(instant) {
  const iso = instant.toISOString();
  const exact = iso.endsWith('.000Z');
  const seconds = `${iso.slice(0, 19)}`;
  const basic = seconds.replaceAll(/[-:]/g, '');
  const fractions = [iso, iso.replace('Z', '+00:00'), iso.replace('Z', '000Z'), iso.replace('.', ',')];
  return chance.pick(exact ? [`${seconds}Z`, `${seconds}Z`, `${seconds}+00:00`, `${basic}Z`, ...fractions] : fractions);
}

function writeSeconds(instant) {
  const seconds = instant.toISOString().slice(0, 19);
  return chance.pick([`${seconds}Z`, `${seconds}+00:00`, `${seconds.replaceAll(/[-:]/g, '')}Z`]);
}

module.exports = { read, write, writeSeconds };
