#!/usr/bin/env node
// Prints IPv4 prefixes, one a line, in order and each once, with the lengths that the Internet's routing table has.
const LENGTHS = {
  8: 16, 9: 13, 10: 38, 11: 103, 12: 299, 13: 581, 14: 1203, 15: 2100, 16: 13490, 17: 8235, 18: 13798, 19: 24870,
  20: 42611, 21: 50750, 22: 108623, 23: 96510, 24: 537698, 25: 20, 26: 3, 27: 11, 28: 18, 29: 17, 30: 3, 31: 3, 32: 886,
};

let state = 1;
function draw() {
  // xorshift32: the same table at every run
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}

const keys = new Set();
for (const [length, count] of Object.entries(LENGTHS)) {
  const size = 2 ** (32 - Number(length));
  for (const target = keys.size + count; keys.size < target;) {
    const address = 2 ** 24 + (draw() % (223 * 2 ** 24));
    keys.add((address - (address % size)) * 64 + Number(length));
  }
}
const lines = Float64Array.from(keys).sort();
let text = '';
for (const key of lines) {
  const address = Math.floor(key / 64);
  text += `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}/${key % 64}\n`;
}
process.stdout.write(text);
