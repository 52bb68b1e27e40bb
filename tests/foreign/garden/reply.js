'use strict';
// How an answer is written: the spelling of its media type, headers and body, drawn for each response.

const chance = require('./chance');
const { Answer } = require('./answers');
const { Refusal } = require('./refusal');
const { Unproved } = require('./digest');
const { written } = require('./json');
const { bend } = require('./bend');

// The answer to a refused request.
function refusalOf(problem, r, server) {
  if (problem instanceof Unproved) {
    const status = bend('unproved.status', problem.status, { r, problem });
    return refused(new Refusal(status, problem.detail), r, server, { stale: problem.stale, why: problem.why });
  }
  if (problem instanceof Refusal) return refused(problem, r, server, {});
  process.stderr.write(`${r.method} ${r.target}: ${problem.stack}\n`);
  return refused(new Refusal(500, 'Something unexpected went wrong.'), r, server, {});
}

function refused(refusal, r, server, { stale = false, why }) {
  const { status, headers } = refusal;
  const context = { r, refusal, status, why, garden: server.garden };
  bend('refused', null, context);
  const document = { ...refusal.document() };
  if (chance.often(0.3)) document.errorCode = `GARDEN_${status}`;
  if (chance.often(0.3)) document.parameters = refusal.field === undefined ? [] : [refusal.field];
  const media = server.manners.problemTypes && status !== 404 ? 'application/problem+json' : 'application/json';
  const challenged = status === 401 ? { 'WWW-Authenticate': server.gate.challenges(r, bend('stale', stale, { r, why })) } : {};
  return new Answer(status, bend('error', document, context), { media, headers: { ...headers, ...challenged }, error: true, why });
}

const mediaSpelled = (media) => {
  const [type, subtype] = media.split('/');
  const name = chance.pick([media, media, `${type.toUpperCase()}/${subtype}`, `Application/${subtype.toUpperCase()}`]);
  return name + chance.pick(['', '', ';charset=utf-8', '; charset=UTF-8', '; Charset="utf-8"', ' ;charset=utf-8']);
};

const nameSpelled = (name) => chance.pick([name, name.toLowerCase(), name.toUpperCase()]);

function bodyText(r, answer, value) {
  const layout = r.flags.pretty && bend('pretty.laid-out', true, { r, answer })
    ? { indent: chance.pick(['  ', '    ', '\t', ' ']), colon: chance.pick([': ', ' : ', ':']) }
    : bend('compact.layout', null, { r, answer });
  const text = written(value, r.origin, layout) + chance.pick(['', '\n']);
  return bend('text', text, { r, answer, value });
}

function reply(r, response, answer) {
  answer.status = bend('status', answer.status, { r, answer });
  let value = answer.value === null && !r.flags.envelope ? null : bend('value', answer.value, { r, answer });
  if (r.flags.envelope && bend('enveloped', true, { r, answer })) {
    answer.value = value;
    if (answer.status === 204) answer.status = 200;
    value = bend('envelope', answer.enveloped(), { r, answer });
  }
  const headers = [];
  const add = (name, text) => headers.push(nameSpelled(name), text);
  for (const [name, texts] of Object.entries(bend('headers', answer.headers, { r, answer }))) for (const text of [texts].flat()) add(name, text);
  if (r.info && answer.status !== 401) add('Authentication-Info', r.info);
  const body = value === null ? null : Buffer.from(bodyText(r, answer, value));
  if (body !== null) add('Content-Type', bend('media', mediaSpelled(answer.media), { r, answer }));
  const closes = r.turn % 11 === 0;
  if (closes) add('Connection', 'close');
  send(r, response, answer.status, headers, body);
}

function send(r, response, status, headers, body) {
  const told = body !== null && (r.method === 'HEAD' ? chance.often(0.5) : chance.often(0.6));
  if (told) headers.push(nameSpelled('Content-Length'), String(body.length));
  if (body === null && status !== 204) headers.push(nameSpelled('Content-Length'), '0');
  response.writeHead(status, chance.pick([undefined, 'OK or not', undefined]), headers);
  const silent = r.method === 'HEAD' && !bend('head.has-body', false, { r, status });
  if (body === null || silent) {
    response.end();
    return;
  }
  if (r.method === 'HEAD') {
    const { socket } = response;
    response.flushHeaders();
    socket.write(body);
    response.end();
    return;
  }
  const middle = Math.floor(body.length / 2);
  if (!told) response.write(body.subarray(0, middle));
  response.end(told ? body : body.subarray(middle));
}

module.exports = { reply, refusalOf };
