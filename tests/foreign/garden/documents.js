'use strict';
// The documents of one kind in one context, in the order of their creation.

const { isDeepStrictEqual } = require('util');
const members = require('./members');
const { Refusal, missing } = require('./refusal');
const { bend } = require('./bend');

class Documents {
  constructor(kindName, kind, path) {
    Object.assign(this, { kindName, kind, path, number: 0, all: new Map() });
  }

  context(r, more = {}) {
    return { r, kind: this.kindName, path: this.path, documents: this, ...more };
  }

  list(r) {
    return bend('documents.listed', [...this.all.values()], this.context(r));
  }

  get(r, id) {
    const found = bend('documents.found', this.all.get(id), this.context(r, { id }));
    if (found === undefined) throw missing(`document ${id}`);
    return found;
  }

  // Refuses a value of the unique member that another document has.
  demandUnique(r, kept, own) {
    const name = this.kind.unique;
    if (!Object.hasOwn(kept, name)) return;
    const same = (document) => document !== own && isDeepStrictEqual(document.members[name], kept[name]);
    const taken = bend('unique.taken', [...this.all.values()].some(same), this.context(r, { value: kept[name], own, all: this.all }));
    if (taken) throw new Refusal(409, `A document whose ${name} is that value exists.`, { field: name });
  }

  create(r, body) {
    const context = this.context(r, { write: 'create' });
    const kept = members.complete(this.kind.members, members.read(this.kind.members, body, context), context);
    this.demandUnique(r, kept, null);
    this.number += 1;
    const now = new Date();
    const id = bend('created.id', this.kind.id(this.number, kept), context);
    const document = { id, members: bend('created.members', kept, { ...context, body }), created: now, touched: now, revision: 1 };
    if (bend('created.kept', true, { ...context, document })) this.all.set(document.id, document);
    return document;
  }

  replace(r, id, body) {
    const document = this.get(r, id);
    const context = this.context(r, { write: 'replace', document });
    const kept = members.complete(this.kind.members, members.read(this.kind.members, body, context), context);
    this.demandUnique(r, kept, document);
    return this.changed(r, document, bend('replaced', kept, { ...context, body }));
  }

  change(r, id, body) {
    const document = this.get(r, id);
    const context = this.context(r, { write: 'change', document });
    const kept = members.read(this.kind.members, body, context);
    this.demandUnique(r, kept, document);
    return this.changed(r, document, bend('patched', { ...document.members, ...kept }, { ...context, body, kept }));
  }

  changed(_r, document, kept) {
    Object.assign(document, { members: kept, touched: new Date(), revision: document.revision + 1 });
    return document;
  }

  remove(r, id) {
    const document = this.get(r, id);
    if (bend('removed', true, this.context(r, { document }))) this.all.delete(id);
    return document;
  }

  // The document as a client sees it, without links.
  shown(document, r) {
    const { kind } = this;
    const value = { id: document.id, created: document.created, ...document.members };
    if (kind.counted) value[kind.counted] = document.revision;
    if (kind.touched) value[kind.touched] = document.touched;
    return bend('document.shown', value, this.context(r, { document }));
  }
}

module.exports = { Documents };
