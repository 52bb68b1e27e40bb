'use strict';
// Digest authentication after RFC 7616, from the server's side. Nonces are good once or several times, as drawn.

const crypto = require('crypto');
const chance = require('./chance');
const { bend } = require('./bend');

const REALM = 'Botanical Garden, north gate';
const LIFETIME = 3;
const HASHES = { MD5: 'md5', 'SHA-256': 'sha256' };
const PARAMETER = /\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/y;

// Credentials that prove nothing.
class Unproved extends Error {
  constructor(detail, { status = 401, stale = false, why } = {}) {
    super(detail);
    Object.assign(this, { detail, status, stale, why });
  }
}

// The parameters of an Authorization header, or null where it is malformed.
function parameters(text) {
  const found = new Map();
  let at = 0;
  while (at < text.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (!match || found.has(match[1].toLowerCase())) return null;
    found.set(match[1].toLowerCase(), match[2] === undefined ? match[3] : match[2].replace(/\\(.)/g, '$1'));
    at = PARAMETER.lastIndex;
  }
  return found;
}

class Nonces {
  constructor() {
    this.secret = crypto.randomBytes(32);
    this.used = new Map();
  }

  fresh(context) {
    const body = Buffer.alloc(18);
    crypto.randomBytes(9).copy(body);
    body.writeUInt8(chance.often(0.4) ? 1 : 0, 9);
    body.writeBigUInt64BE(BigInt(Date.now()), 10);
    return bend('nonce.fresh', Buffer.concat([body, this.seal(body)]).toString('base64'), context);
  }

  seal(body) {
    return crypto.createHmac('sha256', this.secret).update(body).digest().subarray(0, 12);
  }

  // When the nonce was issued and whether it is good once, or null where it is not ours.
  issued(nonce) {
    const raw = Buffer.from(nonce, 'base64');
    if (raw.length !== 30 || raw.toString('base64') !== nonce) return null;
    const body = raw.subarray(0, 18);
    if (!crypto.timingSafeEqual(this.seal(body), raw.subarray(18))) return null;
    return { at: Number(body.readBigUInt64BE(10)), once: body[9] === 1 };
  }

  // Uses the nonce up, wholly or for this count; refuses it where it is too old or was used like that.
  spend(nonce, count, r) {
    const now = Date.now();
    for (const [old, { at }] of this.used) if (now - at > LIFETIME * 2000) this.used.delete(old);
    const { at, once } = this.issued(nonce) ?? { at: now, once: false };
    const entry = this.used.get(nonce) ?? { at, counts: new Set() };
    const context = { r, nonce, count, uses: entry.counts.size, age: now - at };
    const old = bend('nonce.expired', now - at > LIFETIME * 1000, context);
    if (old) throw new Unproved('The nonce is too old.', { stale: true, why: 'expired' });
    const again = bend('nonce.replayed', entry.counts.has(count), context);
    if (again) throw new Unproved('This count was used with this nonce.', { why: 'replayed' });
    const spent = bend('nonce.spent', once && entry.counts.size > 0, context);
    if (spent) throw new Unproved('The nonce was good once.', { stale: true, why: 'spent' });
    entry.counts.add(count);
    this.used.set(nonce, entry);
  }
}

class Gate {
  constructor(keys) {
    this.keys = keys;
    this.nonces = new Nonces();
    this.opaque = crypto.randomBytes(8).toString('hex');
  }

  // The header lines that challenge.
  challenges(r, stale) {
    const nonce = this.nonces.fresh({ r });
    const parts = [`realm="${REALM}"`, `nonce="${nonce}"`, `opaque="${this.opaque}"`];
    if (chance.often(0.7)) parts.push(`qop="auth"`);
    else parts.push('qop="auth,auth-x"');
    if (stale) parts.push(chance.pick(['stale=true', 'stale=TRUE', 'stale=true']));
    else if (chance.often(0.5)) parts.push('stale=false');
    if (chance.often(0.3)) parts.push('domain="/"');
    if (chance.often(0.5)) parts.push('charset="UTF-8"');
    const offer = (algorithm) => {
      const mine = algorithm === 'MD5' && chance.often(0.3) ? parts : [...parts, `algorithm=${algorithm}`];
      return `${chance.pick(['Digest', 'Digest', 'digest', 'DIGEST'])} ${chance.shuffled(mine).join(chance.pick([', ', ',', ' , ']))}`;
    };
    const lines = chance.pick([['MD5'], ['SHA-256'], ['SHA-256', 'MD5'], ['MD5', 'SHA-256']]).map(offer);
    return bend('challenge', chance.often(0.3) ? [lines.join(', ')] : lines, { r, stale, nonce });
  }

  // The user whom the header proves.
  userOf(r, headers) {
    if (bend('auth.count-of-headers', headers.length, { r }) > 1) throw new Unproved('There are several Authorization headers.', { why: 'malformed' });
    const [header] = headers;
    if (header === undefined) return bend('auth.anonymous', null, { r });
    const [, scheme, rest] = /^\s*([^\s,]*)\s*(.*)$/s.exec(header);
    if (scheme.toLowerCase() !== 'digest') {
      const user = bend('auth.other-scheme', null, { r, scheme, rest, keys: this.keys });
      if (user === null) throw new Unproved('Only Digest authentication is understood.', { why: 'scheme' });
      return user;
    }
    const given = bend('auth.parameters', parameters(rest), { r, rest });
    if (given === null) throw new Unproved('The credentials are malformed.', { why: 'malformed', status: bend('auth.malformed-status', 401, { r }) });
    return this.proved(r, given);
  }

  proved(r, given) {
    const needed = ['username', 'realm', 'nonce', 'uri', 'response', 'qop', 'nc', 'cnonce'];
    const lacking = needed.filter((name) => name !== 'username' && !given.get(name));
    if (lacking.length > 0 || given.get('qop') !== 'auth' || !/^[0-9a-fA-F]{1,8}$/.test(given.get('nc'))) {
      throw new Unproved('The credentials are not complete.', { why: 'malformed', status: bend('auth.malformed-status', 401, { r }) });
    }
    const algorithm = (given.get('algorithm') ?? 'MD5').toUpperCase();
    if (!Object.hasOwn(HASHES, algorithm)) throw new Unproved('That algorithm was not offered.');
    this.checked('auth.realm', given.get('realm') === REALM && (given.get('opaque') ?? this.opaque) === this.opaque, r, given, 'The credentials are for another place.');
    this.checked('auth.uri', given.get('uri') === r.target, r, given, 'The credentials are for another URI.');
    this.checked('auth.issued', this.nonces.issued(given.get('nonce')) !== null, r, given, 'The nonce was not issued here.');
    const user = this.named(given);
    const hash = (text) => crypto.createHash(HASHES[algorithm]).update(text).digest('hex');
    const key = bend('auth.key', this.keys.get(user) ?? crypto.randomBytes(16).toString('hex'), { r, user });
    const right = proof(hash, `${user}:${REALM}:${key}`, r.method, given);
    const others = { r, given, user, forMethod: (method) => proof(hash, `${user}:${REALM}:${key}`, method, given), right, known: this.keys.has(user) };
    if (!bend('auth.digest', right === given.get('response').toLowerCase(), others)) {
      throw new Unproved('The credentials are wrong.', { why: 'wrong', stale: bend('auth.stale-of-wrong', false, { r, user }) });
    }
    this.nonces.spend(given.get('nonce'), bend('auth.count', parseInt(given.get('nc'), 16), { r, nc: given.get('nc') }), { ...r, user });
    return user;
  }

  checked(name, holds, r, given, detail) {
    if (!bend(name, holds, { r, given })) throw new Unproved(detail, { why: name });
  }

  named(given) {
    const extended = /^UTF-8''(.*)$/i.exec(given.get('username*') ?? '');
    if (!extended || given.has('username')) return given.get('username') ?? '';
    return Buffer.from(extended[1].replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(parseInt(code, 16))), 'latin1').toString();
  }

  // What Authentication-Info says, where it says anything.
  info() {
    return chance.often(0.3) ? `nextnonce="${this.nonces.fresh({})}"` : null;
  }
}

function proof(hash, secret, method, given) {
  const parts = [hash(secret), given.get('nonce'), given.get('nc'), given.get('cnonce'), given.get('qop'), hash(`${method}:${given.get('uri')}`)];
  return hash(parts.join(':'));
}

module.exports = { Gate, Unproved, LIFETIME, REALM };
