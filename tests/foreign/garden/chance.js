'use strict';
// The one source of chance: every spelling that may differ from response to response is drawn here, by a seed.

let state = 1;
let still = false;

function seed(number) {
  state = number >>> 0;
}

// From now on everything is spelled in one way.
function stop() {
  still = true;
}

// mulberry32
function draw() {
  if (still) return 0;
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const below = (n) => Math.floor(draw() * n);
const often = (share) => !still && draw() < share;
const pick = (items) => items[below(items.length)];

function shuffled(items) {
  const copy = [...items];
  if (still) return copy;
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = below(at + 1);
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}

module.exports = { seed, stop, draw, below, often, pick, shuffled };
