'use strict';
// All faults by name, and the list of them.

const FAULTS = { ...require('./login'), ...require('./rights'), ...require('./pages'), ...require('./output'), ...require('./errors'), ...require('./fields'), ...require('./writes'), ...require('./rates') };

// What a fault does beside a refusal may meet anything; it is left where it cannot be done.
for (const fault of Object.values(FAULTS).filter((each) => each.at === 'refused')) {
  const { make } = fault;
  fault.make = (value, context, memory) => {
    try {
      return make(value, context, memory);
    } catch {
      return null;
    }
  };
}

function listed() {
  const rows = Object.entries(FAULTS).map(([name, { requirement, level, says, where }]) => ({ name, requirement, level, sentence: says, where }));
  return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`;
}

module.exports = { FAULTS, listed };
