'use strict';
// Refused requests, and the error document that says why.

const PHRASES = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict',
  411: 'Length Required', 413: 'Content Too Large', 415: 'Unsupported Media Type', 429: 'Too Many Requests', 500: 'Internal Server Error',
};

class Refusal extends Error {
  constructor(status, detail, { field, headers = {} } = {}) {
    super(detail);
    Object.assign(this, { status, detail, field, headers });
  }

  document() {
    return { error: this.status, reason: PHRASES[this.status], detail: this.detail };
  }
}

const bad = (detail, field) => new Refusal(400, detail, { field });
const missing = (what) => new Refusal(404, `There is no ${what} here.`);

module.exports = { Refusal, bad, missing, PHRASES };
