'use strict';
// Faults of codes and error documents.

const { fault, should, on, by, method, inOrchard, oneOf, listOf, all, envelope, pretty, status, without, never } = require('./tools');

const document = (requirement, where, says, change, ...conditions) => fault(requirement, where, says, 'error', all(...conditions), change);
const code = (requirement, where, says, to, ...conditions) => fault(requirement, where, says, 'status', all(...conditions), never(to));
const same = (name) => ({ r }) => r.segments?.[0] === name;
const unsupported = status(405);
const gone = (code_) => (value) => ({ ...value, error: code_ });

module.exports = {
  'conflict-without-detail': document('errors.document', '409', 'The error document of a conflict has no detail.', (value) => without(value, 'detail'), status(409)),
  'detail-empty-for-job': document('errors.detail-says-more', '404 of a job', 'The detail of a missing job is empty.', (value) => ({ ...value, detail: '' }), status(404), on('exports', 'waterings')),
  'detail-list': document('errors.detail-says-more', '400 under pretty=true', 'Under pretty=true detail is an array.', (value) => ({ ...value, detail: [value.detail] }), status(400), pretty),
  'reason-of-405': document('errors.reason-is-phrase', '405', 'The reason of a 405 is not the standard phrase.', (value) => ({ ...value, reason: 'Method Unsupported' }), unsupported),
  'reason-in-german': document('errors.reason-is-phrase', '404 for the read-only user', 'For one user the reason is in another language.', (value) => ({ ...value, reason: 'Nicht gefunden' }), status(404), by('reader')),
  'reason-missing-401': document('errors.document', '401 of HEAD and DELETE', 'The error document of a 401 has no reason.', (value) => without(value, 'reason'), status(401), method('DELETE')),
  'reason-of-409-on-put': document('errors.reason-is-phrase', '409 of PUT', 'The reason of a 409 is that of 400.', (value) => ({ ...value, reason: 'Bad Request' }), status(409), method('PUT')),
  'error-text-under-envelope': document('errors.error-is-status', 'errors under an envelope', 'error is a text under an envelope.', (value) => ({ ...value, error: String(value.error) }), envelope),
  'error-says-400': document('errors.error-is-status', '404 of a valve', 'error of a missing valve is 400.', gone(400), status(404), on('valves')),
  'error-of-429': document('errors.error-is-status', '429', 'error of an exhausted rate limit is a text.', (value) => ({ ...value, error: 'RATE_LIMITED' }), status(429)),
  'error-of-orchard': document('errors.error-is-status', '404 in the second group', 'error is missing in the second group.', (value) => without(value, 'error'), inOrchard, status(404)),
  'error-null-parameters': document('fields.no-empty', '403', 'The error document of a 403 has a member that is null.', (value) => ({ ...value, parameters: null }), status(403)),
  'error-of-400-missing-in-post': document('errors.document', '400 of POST of a permit', 'The error document of a POST has no error.', (value) => without(value, 'error'), status(400), on('permits'), method('POST')),
  'not-allowed-is-404': code('methods.unsupported-405', 'DELETE of the ledger', 'DELETE of the ledger answers 404.', 404, unsupported, on('ledger'), method('DELETE')),
  'not-allowed-is-400': code('methods.root-not-deletable', 'DELETE of the root', 'DELETE of the root answers 400.', 400, unsupported, method('DELETE'), ({ r }) => r.segments.length === 0),
  'not-allowed-is-501': code('methods.unsupported-405', 'PATCH of lists', 'PATCH of a list answers 501.', 501, unsupported, method('PATCH'), listOf),
  'not-allowed-is-403': code('methods.unsupported-405', 'PUT of a valve', 'PUT of a valve answers 403.', 403, unsupported, on('valves'), method('PUT')),
  'patch-of-permit-404': code('methods.unsupported-405', 'PATCH of a permit', 'PATCH of a permit answers 404.', 404, unsupported, on('permits'), method('PATCH')),
  'post-to-ghosts-200': code('methods.unsupported-405', 'POST to the empty list', 'POST to a list that takes none answers 200.', 200, unsupported, on('ghosts'), method('POST')),
  'not-allowed-under-envelope': code('methods.unsupported-405', 'unsupported methods under an envelope', 'An unsupported method answers 400 under an envelope.', 400, unsupported, envelope),
  'put-of-entry-404': code('methods.unsupported-405', 'PUT of an entry of a whitelist', 'PUT of an entry answers 404.', 404, unsupported, on('whitelist')),
  'delete-of-group-403': code('methods.unsupported-405', 'DELETE of a group', 'DELETE of a group answers 403.', 403, unsupported, method('DELETE'), ({ r }) => r.segments.length === 2),
  'put-of-species-200': code('methods.unsupported-405', 'PUT of an entity of species', 'PUT of an entity that cannot be replaced answers 200.', 200, unsupported, method('PUT'), on('species', 'beds')),
  'no-allow': should('methods.405-lists-allowed', '405 of entities', 'A 405 of an entity has no Allow.', 'headers', all(unsupported, oneOf), (headers) => without(headers, 'Allow')),
  'missing-is-400': code('codes.not-found-404', 'a missing plant', 'A plant that does not exist answers 400.', 400, status(404), on('plants'), oneOf),
  'missing-is-410': code('codes.not-found-on-write', 'DELETE of a missing notice', 'DELETE of a notice that does not exist answers 410.', 410, status(404), on('notices'), method('DELETE')),
  'missing-is-204': code('codes.not-found-on-write', 'DELETE of a missing valve', 'DELETE of a valve that does not exist answers 204.', 204, status(404), on('valves'), method('DELETE')),
  'missing-put-is-405': code('codes.not-found-on-write', 'PUT of a missing permit', 'PUT of a permit that does not exist answers 405.', 405, status(404), on('permits'), method('PUT')),
  'missing-is-403': code('codes.not-found-404', 'a missing entity of visits', 'An entity that does not exist answers 403.', 403, status(404), on('visits')),
  'missing-is-401-for-second': code('codes.not-found-404', 'missing resources, for the second user', 'A missing entity answers 401 for one user.', 401, status(404), by('second')),
  'missing-pretty-is-200': code('codes.not-found-404', 'a missing entity under pretty=true', 'A missing entity answers 200 under pretty=true.', 200, status(404), pretty, oneOf),
  'missing-job-is-202': code('codes.not-found-404', 'a missing job', 'A job that does not exist answers 202.', 202, status(404), on('waterings'), oneOf),
  'letters-in-id-fail': code('codes.never-5xx', 'an id of letters where numbers are usual', 'An id that is not a number makes the server fail.', 500, status(404), on('valves'), ({ r }) => /[^0-9]/.test(r.segments[3] ?? '0')),
  'missing-root-path-500': code('codes.never-5xx', 'an unknown path below the base', 'An unknown path below the base makes the server fail.', 500, status(404), ({ r }) => !same('groups')({ r }) && !same('users')({ r })),
  'conflict-is-400': should('codes.conflict-409', 'POST of a permit', 'A taken number answers 400.', 'status', all(status(409), on('permits')), never(400)),
  'conflict-fails': code('codes.never-5xx', 'PATCH to a taken address', 'A taken address makes the server fail.', 500, status(409), on('valves'), method('PATCH')),
  'created-is-200': should('codes.created-201', 'POST of a notice', 'A created notice answers 200.', 'status', all(status(201), on('notices')), never(200)),
  'accepted-is-200': code('codes.accepted-202', 'POST of a watering', 'An accepted job answers 200.', 200, status(202), on('waterings')),
  'accepted-is-201': code('codes.accepted-202', 'POST of an export in the second group', 'An accepted job answers 201 in the second group.', 201, status(202), inOrchard),
  'put-is-201': should('codes.standard', 'PUT of a notice', 'A notice that was replaced answers 201.', 'status', all(method('PUT'), on('notices'), status(200, 204)), never(201)),
  'wrong-type-is-500': code('codes.never-5xx', 'another content type on permits', 'Another content type makes the server fail.', 500, ({ answer, r }) => answer.error && !/^application\/json/i.test(r.contentType ?? '') && ['POST', 'PUT'].includes(r.method) && answer.status < 401, on('permits')),
  'wrong-type-taken': should('entities.other-content-type-refused', 'POST of a plant', 'A plant sent as plain text is created.', 'body.wrong-type', ({ r, type }) => type === 'text/plain' && r.method === 'POST', never(false)),
  'charset-refused': fault('entities.json-request-accepted', 'PUT with a charset', 'application/json with a charset is refused for PUT.', 'body.wrong-type', ({ r }) => r.method === 'PUT' && /charset/i.test(r.contentType), never(true)),
  'charset-refused-for-job': fault('entities.json-request-accepted', 'POST of a job with a charset', 'application/json with a charset is refused for jobs.', 'body.wrong-type', all(on('exports', 'waterings'), ({ r }) => /charset/i.test(r.contentType)), never(true)),
  'malformed-is-empty': fault('entities.malformed-json-400', 'PATCH with a body that is not JSON', 'A PATCH whose body is not JSON changes nothing and answers 200.', 'body.malformed', all(method('PATCH'), ({ r }) => r.body.length > 0), never({})),
  'empty-body-is-object': fault('entities.malformed-json-400', 'PATCH with an empty body', 'A PATCH without a body answers 200.', 'body.malformed', all(method('PATCH'), ({ r }) => r.body.length === 0), never({})),
  'array-body-fails': fault('codes.never-5xx', 'POST of an array', 'A body that is an array makes the server fail.', 'body.malformed', all(on('valves', 'permits'), ({ r }) => /^\s*\[/.test(r.body)), () => { throw new Error('a fault of the server'); }),
  'cut-body-repaired': fault('entities.malformed-json-400', 'POST of a notice whose body is cut off', 'A body that is cut off is completed.', 'body.malformed', all(on('notices'), ({ r }) => !/\}\s*$/.test(r.body)), (value, { r }) => {
    for (const end of ['}', '"}', ']}', '"]}', '}]}']) {
      try {
        return JSON.parse(r.body.toString().replace(/,\s*$/, '') + end);
      } catch {
        continue;
      }
    }
    return value;
  }),
};
