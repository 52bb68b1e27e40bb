'use strict';
// Where the server lets itself be led into one mistake. Without a fault, `bend` returns what it is given.

// Decisions at which a fault may do something beside and decide rightly.
const EFFECTS = ['refused', 'created.kept', 'removed', 'job.kept'];

let active = null;

function choose(name, faults) {
  if (!Object.hasOwn(faults, name)) throw new Error(`no fault is called ${name}`);
  active = { ...faults[name], memory: {}, times: 0 };
}

// The value of a decision: the right one, or what the chosen fault makes of it where its condition holds.
function bend(at, value, context) {
  if (active === null || active.at !== at) return value;
  if (active.when && !active.when(context, value, active.memory)) return value;
  const bent = active.make(value, context, active.memory);
  if (typeof value === 'object' || EFFECTS.includes(at) || !Object.is(bent, value)) active.times += 1;
  return bent;
}

// How often the fault has shown: a fault that never showed was not provoked.
const shown = () => active?.times ?? 0;

module.exports = { bend, choose, shown };
