import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { Encoder } from '../src/encoder/encoder.js';
import { encode, merge, sha256 } from '../src/encoder/encode.js';
import { UpdateLog, updatesIn } from '../src/encoder/update-log.js';
import { Rooms } from '../src/rooms.js';

const PICTURE_LENGTH = 9_000_000;

test('a log gives back the updates in their order, and begins anew', () => {
  const log = new UpdateLog();
  const updates = [[1, 2, 3], [], [4], Array.from({ length: 9_000 }, (_, n) => n % 256)].map((bytes) => Uint8Array.from(bytes));
  for (const update of updates) log.append(update);
  assert.deepEqual([...updatesIn(log.take())].map((update) => Uint8Array.from(update)), updates);
  assert.deepEqual([log.sizeBytes, ...updatesIn(log.take())], [0]);
});

for (const [what, work] of [['encoded', encode], ['merged', merge]]) {
  test(`a state and updates that are ${what} are the document, with deletions and with what waits for others`, () => {
    const { document, log, state } = edited(300);
    document.getArray('entries').delete(3, 100);
    assert.deepEqual(contentOf(work(state, log.take())), contentOf(Y.encodeStateAsUpdate(document)));
    assert.deepEqual(contentOf(work(undefined, new UpdateLog().take())), contentOf(Y.encodeStateAsUpdate(new Y.Doc())));
  });
}

test('what a save takes is what the document holds, whatever was typed while it was encoded', async () => {
  const { rooms, document, entries } = open();
  entries.push(['before']);
  const saving = rooms.settled();
  await new Promise(setImmediate);
  entries.push(['meanwhile']);
  const [{ room, giveBack }] = await saving;
  assert.deepEqual(entriesOf(room.state), ['before']);
  assert.equal(room.sha256, sha256(room.state));
  giveBack();
  await settle(rooms);
  assert.deepEqual(contentOf(rooms.state('p')), contentOf(Y.encodeStateAsUpdate(document)));
});

test('a document that did not change is not encoded again', async () => {
  const { rooms, entries } = open();
  entries.push(['once']);
  await settle(rooms);
  const state = rooms.state('p');
  await settle(rooms);
  assert.equal(rooms.state('p'), state);
});

test('changes that wait for others are saved with the rest', async () => {
  const { rooms, document, entries } = open();
  const other = new Y.Doc();
  const updates = [];
  other.on('update', (update) => updates.push(update));
  other.getArray('entries').push(['first']);
  other.getArray('entries').push(['second']);
  Y.applyUpdate(document, updates[1]);
  entries.push(['mine']);
  await settle(rooms);
  const next = new Y.Doc();
  Y.applyUpdate(next, rooms.state('p'));
  Y.applyUpdate(next, updates[0]);
  assert.deepEqual(next.getArray('entries').toArray().sort(), ['first', 'mine', 'second']);
});

test('no document is unloaded while a save of it is running, and then its state is whole', async () => {
  const { rooms, document, entries } = open();
  entries.push(['saved']);
  const [{ giveBack }] = await rooms.settled();
  entries.push(['and not yet']);
  let rested = false;
  const resting = rooms.rest('p', document).then(() => { rested = true; });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(rested, false);
  giveBack();
  await resting;
  document.destroy();
  assert.deepEqual(entriesOf(rooms.state('p')), ['saved', 'and not yet']);
});

test('a document that is destroyed while it is encoded, against the rules, loses nothing', async () => {
  const { rooms, document, entries } = open();
  entries.push(['saved']);
  const saving = settle(rooms);
  await new Promise(setImmediate);
  entries.push(['and not yet']);
  document.destroy();
  await saving;
  assert.deepEqual(entriesOf(rooms.state('p')), ['saved', 'and not yet']);
});

test('a document that is reopened during a save goes on where it was', async () => {
  const { rooms, document, entries } = open();
  entries.push(['first']);
  const saving = rooms.settled();
  await new Promise(setImmediate);
  entries.push(['second']);
  for (const { giveBack } of await saving) giveBack();
  await rooms.rest('p', document);
  document.destroy();
  const again = new Y.Doc();
  Y.applyUpdate(again, rooms.state('p'));
  rooms.opened('p', again);
  again.getArray('entries').push(['third']);
  await settle(rooms);
  assert.deepEqual(entriesOf(rooms.state('p')), ['first', 'second', 'third']);
});

test('a job that fails loses nothing, and the next one succeeds', async () => {
  const { encoder, told } = watched();
  const { rooms, entries } = open({ encoder });
  entries.push(['first']);
  await settle(rooms);
  const broken = encoder.encode.bind(encoder);
  encoder.encode = (job) => broken({ ...job, updates: Uint8Array.of(0, 0, 0, 9, 1) });
  entries.push(['second']);
  await settle(rooms);
  assert.equal(told.length, 1);
  assert.deepEqual(entriesOf(rooms.state('p')), ['first', 'second']);
  encoder.encode = broken;
  entries.push(['third']);
  await settle(rooms);
  assert.deepEqual([told.length, told[1], entriesOf(rooms.state('p'))], [2, 'works', ['first', 'second', 'third']]);
});

for (const [what, program] of [
  ['cannot start', 'data:text/javascript,throw new Error("out of order")'],
  ['dies at every job', `data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(9))`],
  ['answers something else', `data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => parentPort.postMessage({ id: 77 }))`],
]) {
  test(`while the encoder ${what}, documents are encoded without it, it is told once, and another one goes on`, async () => {
    const { encoder, told } = watched({ program: new URL(program) });
    const { rooms, entries } = open({ encoder });
    for (const entry of ['first', 'second']) {
      entries.push([entry]);
      await settle(rooms);
      assert.equal(entriesOf(rooms.state('p')).at(-1), entry);
      assert.equal(rooms.withData[0].sha256, sha256(rooms.state('p')));
    }
    assert.deepEqual([told.length, told[0] instanceof Error], [1, true]);
    encoder.program = new Encoder().program;
    entries.push(['third']);
    await settle(rooms);
    assert.deepEqual([told.length, told[1], entriesOf(rooms.state('p'))], [2, 'works', ['first', 'second', 'third']]);
  });
}

test('a document that cannot be encoded fails the save, and nothing of it is missing in the next', async () => {
  const encoder = new Encoder();
  const { rooms, document, entries } = open({ encoder });
  const working = encoder.encode;
  const { damage, mend } = damageable(document);
  encoder.encode = () => {
    damage();
    return Promise.reject(new Error('out of order'));
  };
  entries.push(['first']);
  await assert.rejects(rooms.settled(), TypeError);
  await assert.rejects(rooms.settled(), TypeError);
  mend();
  entries.push(['second']);
  await settle(rooms);
  assert.deepEqual(entriesOf(rooms.state('p')), ['first', 'second']);
  encoder.encode = working;
  entries.push(['third']);
  await settle(rooms);
  assert.deepEqual(entriesOf(rooms.state('p')), ['first', 'second', 'third']);
});

test('a document that cannot be encoded is in the file as it was saved last, and all others as they are', async () => {
  const { rooms, document, entries } = open();
  const other = new Y.Doc();
  rooms.opened('q', other);
  entries.push(['saved']);
  await settle(rooms);
  entries.push(['unsaved']);
  other.getArray('entries').push(['unsaved']);
  damageable(document).damage();
  const failed = [];
  const states = [...rooms.states((projectId) => failed.push(projectId))];
  assert.deepEqual(states.map(({ projectId, state }) => [projectId, ...entriesOf(state)]), [['p', 'saved'], ['q', 'unsaved']]);
  assert.deepEqual(failed, ['p']);
});

test('a document that would not fit into the encoder is merged instead of made', async () => {
  const { encoder, told } = watched({ heapMib: 16 });
  const { rooms, document, entries } = open({ encoder });
  document.transact(() => {
    for (let n = 0; n < 100_000; n += 1) entries.insert(Math.floor(n / 2), [`entry ${n}`]);
  });
  await settle(rooms);
  assert.equal(entriesOf(rooms.state('p')).length, 100_000);
  entries.push(['leanly']);
  await settle(rooms);
  assert.deepEqual([told, entriesOf(rooms.state('p')).length], [[], 100_001]);
});

for (const pulled of [false, true]) {
  test(`a large document${pulled ? ' that was pulled' : ''} does not grow with what is deleted from it`, async () => {
    const { rooms, document } = open({ encoder: new Encoder({ heapMib: 64 }), state: pulled && bloated() });
    for (let n = 0; n < 4; n += 1) {
      document.getMap('pictures').set('one', picture(n));
      await settle(rooms);
    }
    assert.ok(rooms.state('p').length < 3 * PICTURE_LENGTH, `${rooms.state('p').length} bytes`);
    const stored = new Y.Doc();
    Y.applyUpdate(stored, rooms.state('p'));
    assert.equal(stored.getMap('pictures').get('one'), picture(3));
  });
}

test('only a document that needs too much memory is merged from then on', async () => {
  const jobs = [];
  const encoder = { encode: async (job) => (jobs.push(job.lean), Promise.reject(errors.shift())) };
  const errors = [new Error('the encoder took too long'), Object.assign(new Error(), { code: 'ERR_WORKER_OUT_OF_MEMORY' }), new Error()];
  const { rooms, entries } = open({ encoder });
  for (const entry of ['first', 'second', 'third']) {
    entries.push([entry]);
    await settle(rooms);
  }
  assert.deepEqual(jobs, [false, false, true]);
  assert.deepEqual(entriesOf(rooms.state('p')), ['first', 'second', 'third']);
});

test('while no encoder works, others have their turn after each document', async () => {
  let turn = 0;
  const turns = [];
  const encode = async () => {
    turns.push(turn);
    throw new Error('out of order');
  };
  const rooms = new Rooms(new Map(), { encode });
  for (const projectId of ['p', 'q', 'r']) {
    const document = new Y.Doc();
    rooms.opened(projectId, document);
    document.getArray('entries').push(['first']);
  }
  const next = () => { turn += 1; immediate = setImmediate(next); };
  let immediate = setImmediate(next);
  await settle(rooms);
  clearImmediate(immediate);
  assert.equal(new Set(turns).size, 3);
});

test('while an encoder hangs, everything can be had without it', async () => {
  const { rooms, entries } = open({ encoder: { encode: () => new Promise(() => {}) } });
  entries.push(['before']);
  rooms.settled();
  await new Promise(setImmediate);
  entries.push(['meanwhile']);
  const [{ state }] = [...rooms.states(assert.fail)];
  assert.deepEqual(entriesOf(state), ['before', 'meanwhile']);
});

for (const sizeBytes of [0, 1, 40_000, 3_000_001]) {
  test(`${sizeBytes} bytes are the base64 of themselves`, async () => {
    const bytes = new Uint8Array(sizeBytes).map((_, n) => n * 7);
    assert.equal(Buffer.from(await new Encoder().base64(bytes)).toString(), Buffer.from(bytes).toString('base64'));
    assert.equal(bytes.length, sizeBytes);
  });
}

test('while no thread can run, base64 is made without it, and not tried again before a document needs one', async () => {
  const encoder = new Encoder({ program: new URL('data:text/javascript,process.exit(1)') });
  const bytes = new Uint8Array(100_000).fill(7);
  const encoded = await Promise.all([1, 2].map(() => encoder.base64(bytes)));
  for (const one of encoded) assert.equal(Buffer.from(one).toString(), Buffer.from(bytes).toString('base64'));
  encoder.program = new URL('data:text/javascript,setInterval(() => {}, 1000)');
  assert.equal((await encoder.base64(bytes)).length, encoded[0].length);
});

/** A room with somebody in it. */
function open({ encoder = new Encoder({ onFailing: (error) => assert.fail(error) }), state } = {}) {
  const rooms = new Rooms(new Map(state ? [['p', state]] : []), encoder);
  const document = new Y.Doc();
  if (state) Y.applyUpdate(document, state.slice());
  rooms.opened('p', document);
  return { rooms, document, entries: document.getArray('entries') };
}

/** What the encoder tells of itself: the errors, and that it works again. */
function watched(options) {
  const told = [];
  return { told, encoder: new Encoder({ ...options, onFailing: (error) => told.push(error), onWorking: () => told.push('works') }) };
}

function picture(n) {
  return `${n}`.repeat(PICTURE_LENGTH);
}

/** A state of a picture, with those that were there before it. */
function bloated() {
  const document = new Y.Doc();
  const updates = [];
  document.on('update', (update) => updates.push(update));
  for (const n of [5, 6]) document.getMap('pictures').set('one', picture(n));
  return Y.mergeUpdates(updates);
}

/** A document that cannot be encoded while it is damaged. */
function damageable(document) {
  const { store } = document;
  return { damage: () => { document.store = undefined; }, mend: () => { document.store = store; } };
}

async function settle(rooms) {
  for (const { giveBack } of await rooms.settled()) giveBack();
}

/** A document of so many edits, its state before them, and the log of them. */
function edited(count) {
  const document = new Y.Doc();
  document.getText('text').insert(0, 'a text of before');
  const state = Y.encodeStateAsUpdate(document);
  const log = new UpdateLog();
  document.on('update', (update) => log.append(update));
  for (let n = 0; n < count; n += 1) document.getArray('entries').insert(n % 7 === 0 ? 0 : n, [`entry ${n}`]);
  document.getText('text').delete(2, 5);
  return { document, state, log };
}

function contentOf(state) {
  const document = new Y.Doc();
  Y.applyUpdate(document, state);
  return { entries: document.getArray('entries').toArray(), text: document.getText('text').toString() };
}

function entriesOf(state) {
  return contentOf(state).entries;
}
