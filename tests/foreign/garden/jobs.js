'use strict';
// Asynchronous operations: accepted at once, done a little later.

const members = require('./members');
const { missing } = require('./refusal');
const { bend } = require('./bend');

const JOBS = {
  waterings: {
    takesMilliseconds: 600,
    rules: {
      zone: { type: 'word', words: ['NORTH', 'SOUTH', 'GREENHOUSE'], required: true },
      amountLiters: { type: 'number', least: 0, most: 1e6, required: true },
      note: { type: 'text', longest: 4000, default: '' },
    },
  },
  exports: {
    takesMilliseconds: 1100,
    restricted: ['POST'],
    rules: {
      format: { type: 'word', words: ['CSV', 'JSON'], required: true },
      since: { type: 'date', required: true },
      sections: { type: 'list', of: { type: 'text', longest: 400 }, longest: 50, default: [] },
    },
  },
};

class Jobs {
  constructor(name, path) {
    Object.assign(this, { name, path, rule: JOBS[name], number: 0, all: new Map() });
  }

  list(r) {
    return bend('jobs.listed', [...this.all.values()], { r, kind: this.name });
  }

  get(r, id) {
    const found = this.all.get(id);
    if (found === undefined) throw missing(`job ${id}`);
    return found;
  }

  begin(r, body) {
    const context = { r, kind: this.name, write: 'begin', jobs: this };
    const kept = members.complete(this.rule.rules, members.read(this.rule.rules, body, context), context);
    this.number += 1;
    const job = { id: `${this.name[0]}${1000 + 7 * this.number}`, members: bend('job.members', kept, context), begun: Date.now() };
    if (bend('job.kept', true, { ...context, job })) this.all.set(job.id, job);
    return job;
  }

  remove(r, id) {
    const job = this.get(r, id);
    this.all.delete(id);
    return job;
  }

  shown(job, r) {
    const elapsed = Date.now() - job.begun;
    const takes = bend('job.takes', this.rule.takesMilliseconds, { r, kind: this.name, job });
    const done = elapsed >= takes;
    const value = { id: job.id, ...job.members, state: done ? 'DONE' : elapsed > takes / 2 ? 'RUNNING' : 'QUEUED', begun: new Date(job.begun) };
    if (done) value.finished = new Date(job.begun + takes);
    return bend('job.shown', value, { r, kind: this.name, job, done });
  }
}

module.exports = { Jobs, JOBS };
