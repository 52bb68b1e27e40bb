#!/usr/bin/env node
'use strict';
// A server of the conventions, in Node, written from the specification alone. What it may spell freely, it spells
// differently from response to response; `--seed` decides how.

const fs = require('fs');
const http = require('http');
const https = require('https');
const path = require('path');
const { execFileSync } = require('child_process');
const crypto = require('crypto');
const { parseArgs } = require('util');

const chance = require('./chance');
const { BASE, Garden } = require('./garden');
const { Gate, LIFETIME, Unproved } = require('./digest');
const { NAMES } = require('./users');
const { bend, choose, shown } = require('./bend');
const { reply, refusalOf } = require('./reply');
const { Refusal } = require('./refusal');
const { FAULTS, listed } = require('./faults/index');
const targetFile = require('./target_file');

const LARGEST_BODY = 1 << 20;

// Free choices that hold for a whole run.
function drawManners() {
  return {
    clamps: chance.often(0.5),
    emptyBeyond: chance.often(0.5),
    whitelistStatus: chance.pick([401, 403]),
    typeStatus: chance.pick([400, 415]),
    problemTypes: chance.often(0.5),
    plain: chance.pick(['redirects', 'refuses']),
  };
}

// A certificate for this run, which is left beside the target file.
function certificate(folder) {
  const [pem, key] = ['garden.pem', 'garden.key'].map((name) => path.join(folder, name));
  const names = ['-subj', '/CN=garden', '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', ...names, '-keyout', key, '-out', pem], { stdio: 'ignore' });
  fs.chmodSync(key, 0o600);
  return { cert: fs.readFileSync(pem), key: fs.readFileSync(key) };
}

// What the server knows of a request before anybody is let in.
function requestOf(message, origin) {
  const [rawPath, ...query] = message.url.split('?');
  const parameters = new URLSearchParams(query.join('?'));
  const r = { method: message.method, target: message.url, path: rawPath, query: parameters, origin, address: message.socket.remoteAddress, contentType: message.headers['content-type'] };
  r.segments = [];
  r.flags = {};
  for (const name of ['envelope', 'pretty']) r.flags[name] = bend(`asks.${name}`, parameters.get(name) === 'true', { r });
  return r;
}

// The parts of the path below the base, decoded; null where it is not below the base.
function segmentsOf(rawPath) {
  if (rawPath !== BASE && !rawPath.startsWith(`${BASE}/`)) return null;
  try {
    return rawPath.slice(BASE.length).split('/').filter((part) => part !== '').map(decodeURIComponent);
  } catch {
    return null;
  }
}

async function bodyOf(message) {
  const chunks = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? null : Buffer.concat(chunks);
}

class Server {
  constructor(options) {
    const { seed, window } = options;
    chance.seed(seed);
    this.manners = drawManners();
    if (options.spelling === 'steady') chance.stop();
    this.garden = new Garden(this.manners, window);
    this.keys = new Map(Object.values(NAMES).map((user) => [user, crypto.randomBytes(18).toString('base64url')]));
    this.gate = new Gate(this.keys);
    this.turn = 0;
  }

  async serve(message, response) {
    const r = requestOf(message, this.origin);
    this.turn += 1;
    r.turn = this.turn;
    r.body = await bodyOf(message);
    let answer;
    try {
      answer = this.answer(r, message);
    } catch (problem) {
      answer = refusalOf(problem, r, this);
    }
    reply(r, response, answer);
  }

  answer(r, message) {
    const headers = [];
    for (let at = 0; at < message.rawHeaders.length; at += 2) {
      if (message.rawHeaders[at].toLowerCase() === 'authorization') headers.push(Buffer.from(message.rawHeaders[at + 1], 'latin1').toString());
    }
    r.headers = message.headers;
    r.segments = segmentsOf(r.path) ?? ['?'];
    const user = this.gate.userOf(r, headers);
    if (user === null) throw new Unproved('This needs a user who has logged in.', { why: 'anonymous' });
    r.user = user;
    r.info = this.gate.info();
    if (r.body === null) throw new Refusal(413, 'The body is too large.');
    return this.garden.answer(r);
  }
}

function listen(server) {
  return new Promise((done) => { server.listen(0, '127.0.0.1', () => done(server.address().port)); });
}

// Plain HTTP shows the way to https or refuses; faults may answer.
function plainServer(main) {
  return http.createServer((message, response) => {
    if (bend('plain.serves', false, { r: message })) {
      main.serve(message, response);
      return;
    }
    message.resume();
    const redirects = main.manners.plain === 'redirects';
    response.writeHead(redirects ? 308 : 403, redirects ? { Location: main.origin + message.url } : {});
    response.end();
  });
}

async function start(options) {
  const folder = path.dirname(path.resolve(options.target));
  const main = new Server(options);
  const tls = https.createServer({ ...certificate(folder), keepAliveTimeout: 20000 }, (message, response) => main.serve(message, response));
  tls.on('clientError', (_problem, socket) => {
    const body = '{"error":400,"reason":"Bad Request","detail":"This is not HTTP."}';
    if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
  });
  main.origin = `https://127.0.0.1:${await listen(tls)}`;
  const plain = plainServer(main);
  const plainOrigin = `http://127.0.0.1:${await listen(plain)}`;
  targetFile.write(options.target, { origin: main.origin, plain: plainOrigin, lifetime: LIFETIME, window: options.window, keys: main.keys });
  process.stdout.write(`${main.origin}${BASE}\n`);
}

function main() {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' }, seed: { type: 'string', default: '1' }, window: { type: 'string', default: '60' },
      spelling: { type: 'string', default: 'varied' }, fault: { type: 'string' }, for: { type: 'string' }, 'print-faults': { type: 'boolean' },
    },
  });
  if (values['print-faults']) {
    process.stdout.write(listed());
    return;
  }
  if (!values.target) throw new Error('--target FILE says where to write the target file');
  if (values.fault) choose(values.fault.split(','), FAULTS);
  if (values.for) setTimeout(() => process.exit(0), Number(values.for) * 1000).unref();
  for (const name of ['SIGTERM', 'SIGINT']) {
    process.on(name, () => {
      for (const { name, times } of shown()) fs.writeSync(2, `${name} showed ${times} times\n`);
      process.exit(0);
    });
  }
  start({ target: values.target, seed: Number(values.seed), window: Number(values.window), spelling: values.spelling });
}

main();
