/**
 * How long the clients of a gateway wait while it saves: the delay of its event loop during saves under edits, with the
 * encoder's thread and without it (as after its failure). Both ways take turns, save by save, on the same documents.
 *
 *   node bench/encoder.mjs [saves of each kind, 15]
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import { base64 } from '../src/encoder/encode.js';
import { Encoder } from '../src/encoder/encoder.js';
import { pushBody } from '../src/push-body.js';
import { Rooms } from '../src/rooms.js';

const MIB = 1024 * 1024;
const ENTRY_LENGTH = 100;
const EDIT_MILLIS = 2;
const RESOLUTION_MILLIS = 1;
const WARM_UP = 2;
/** @type {(keyof Measured)[]} */
const MEASURED = ['p50', 'p99', 'max', 'waitP50', 'waitP99', 'took', 'editsPerSecond'];
const saves = Number(process.argv[2] ?? 15);

const without = /** @type {Encoder} */ (/** @type {unknown} */ ({
  encode: () => Promise.reject(new Error('there is none')),
  base64: async (/** @type {Uint8Array} */ bytes) => base64(bytes),
}));

console.log(`| documents | saved | ${MEASURED.join(' | ')} |\n|---|---|${'---|'.repeat(MEASURED.length)}`);
for (const { count, sizeMib } of [{ count: 1, sizeMib: 10 }, { count: 20, sizeMib: 0.5 }]) {
  const subjects = [new Encoder({ heapMib: 512 }), without].map((encoder) => ({ ...opened(count, sizeMib, encoder), results: /** @type {Measured[]} */ ([]) }));
  for (let round = 0; round < saves + WARM_UP; round += 1) {
    for (const subject of round % 2 ? subjects : subjects.toReversed()) {
      const measured = await measure(subject);
      if (round >= WARM_UP) subject.results.push(measured);
    }
  }
  const [beside, here] = subjects.map(({ results }) => MEASURED.map((name) => median(results.map((result) => result[name]))));
  const row = (/** @type {string} */ how, /** @type {number[]} */ figures) =>
    console.log(`| ${count} × ${sizeMib} MiB | ${how} | ${figures.map((figure) => figure.toFixed(1)).join(' | ')} |`);
  row('by the thread', beside);
  row('without it', here);
  row('ratio', here.map((figure, n) => figure / beside[n]));
}
process.exit(0);

/**
 * In milliseconds. `p50`, `p99`, `max`: of the event loop's delay, turn by turn; a turn that takes long is one of them,
 * however many had to wait for it. `waitP50`, `waitP99`: of somebody who comes at any moment of the save.
 *
 * @typedef {{p50: number, p99: number, max: number, waitP50: number, waitP99: number, took: number, editsPerSecond: number}} Measured
 */

/** @param {ReturnType<typeof opened>} subject @returns {Promise<Measured>} of one save, while somebody types */
async function measure({ rooms, documents }) {
  let edits = 0;
  const edit = () => documents[edits++ % documents.length].getArray('entries').push([`typed ${edits}`]);
  for (let n = 0; n < documents.length; n += 1) edit();
  const typing = setInterval(edit, EDIT_MILLIS);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS });
  delay.enable();
  // its first turn only tells it when it begins
  await sleep(10 * RESOLUTION_MILLIS);
  const [before, begin, waits] = [edits, performance.now(), waiting()];
  await save(rooms);
  const took = performance.now() - begin;
  const editsPerSecond = ((edits - before) / took) * 1000;
  await sleep(5 * RESOLUTION_MILLIS);
  delay.disable();
  clearInterval(typing);
  const [waitP50, waitP99] = waits([0.5, 0.99]);
  const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map((nanos) => nanos / 1e6);
  return { p50, p99, max, waitP50, waitP99, took, editsPerSecond };
}

/** Begins to look; gives, at the end, how long those would have waited who came at each millisecond. */
function waiting() {
  /** @type {number[]} */
  const waits = [];
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    for (let wait = now - last; wait > 0; wait -= 1) waits.push(wait);
    last = now;
  };
  const looking = setInterval(look, RESOLUTION_MILLIS);
  return (/** @type {number[]} */ shares) => {
    clearInterval(looking);
    const sorted = waits.sort((a, b) => a - b);
    return shares.map((share) => sorted[Math.floor((sorted.length - 1) * share)]);
  };
}

/** As a push does it, up to the network. @param {Rooms} rooms */
async function save(rooms) {
  const held = await rooms.settled();
  const sent = held.map(({ room }) => ({ projectId: room.projectId, sha256: /** @type {string} */ (room.sha256), state: room.state }));
  const body = pushBody({ fields: { sequence: 1 }, sent, gatewayState: '{}', encoder: rooms.encoder });
  for await (const _piece of body.pieces()) await new Promise(setImmediate);
  for (const { giveBack } of held) giveBack();
}

/** @param {number} count @param {number} sizeMib of the state of each @param {Encoder} encoder */
function opened(count, sizeMib, encoder) {
  const rooms = new Rooms(new Map(), encoder);
  const documents = Array.from({ length: count }, (_, n) => {
    const document = new Y.Doc();
    rooms.opened(`room ${n}`, document);
    document.transact(() => {
      const entries = document.getArray('entries');
      // each somewhere else, as people write: none becomes one item with its neighbour
      for (let i = 0; i < (sizeMib * MIB) / (ENTRY_LENGTH + 12); i += 1) entries.insert(i % 3 ? i : 0, [`${i} `.padEnd(ENTRY_LENGTH, 'x')]);
    });
    return document;
  });
  return { rooms, documents };
}

/** @param {number[]} figures */
function median(figures) {
  return figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)];
}
