'use strict';
// Where the server lets itself be led into mistakes. Without a fault, `bend` returns what it is given.

// Decisions at which a fault may do something beside and decide rightly.
const EFFECTS = ['refused', 'created.kept', 'removed', 'job.kept'];

let active = [];

function choose(names, faults) {
  const unknown = names.find((name) => !Object.hasOwn(faults, name));
  if (unknown !== undefined) throw new Error(`no fault is called ${unknown}`);
  active = names.map((name) => ({ name, ...faults[name], memory: {}, times: 0 }));
}

// The value of a decision: the right one, or what the chosen faults make of it where their conditions hold.
function bend(at, value, context) {
  return active.filter((fault) => fault.at === at).reduce((bent, fault) => bentBy(fault, bent, context), value);
}

function bentBy(fault, value, context) {
  if (fault.when && !fault.when(context, value, fault.memory)) return value;
  const bent = fault.make(value, context, fault.memory);
  if (typeof value === 'object' || EFFECTS.includes(fault.at) || !Object.is(bent, value)) fault.times += 1;
  return bent;
}

// How often each fault has shown: a fault that never showed was not provoked.
const shown = () => active.map(({ name, times }) => ({ name, times }));

module.exports = { bend, choose, shown };
