import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servingGateway } from './support/scene.js';
import { Threads } from './support/threads.js';
import { sees, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';
const LARGE = 'x'.repeat(3_000_000);
const soon = { GATEWAY_AUTOSAVE_SECONDS: '0.05' };

test('the thread of the clients neither encodes nor hashes a large document, nor makes base64 of it', async (t) => {
  const { gateway, room } = await written(t);
  await gateway.logged('pushed', 1);
  room.document.getText('content').insert(0, 'small, ');
  await gateway.logged('pushed', 2);
  const work = Threads.work(gateway);
  assert.deepEqual(work.filter((one) => one.endsWith('on main')), []);
  assert.deepEqual([...new Set(work)].sort(), ['base64 on encoder', 'encodeStateAsUpdate on encoder', 'sha256 on encoder']);
});

test('while a large document is encoded, edits are taken, shared and acknowledged, and leave with the next push', async (t) => {
  const { ganymede, gateway, threads, room } = await written(t, (threads) => threads.hold());
  await gateway.logged('encodeStateAsUpdate on encoder');
  const [, other] = ganymede.projectIds;
  room.document.getText('content').insert(0, 'meanwhile, ');
  await room.acknowledged();
  await gateway.write('elsewhere', other);
  await sees(gateway.room(other), 'elsewhere');
  assert.equal((await gateway.health()).dirty, true);
  assert.equal(ganymede.count(PUSH) + ganymede.underWay(PUSH), 0);
  threads.relent();
  const [one] = ganymede.projectIds;
  assert.equal(textOf((await ganymede.call(PUSH, 1)).body.data.yjs_state[one]), LARGE);
  await ganymede.stored(({ yjs_state: rooms }) => textOf(rooms[one]) === `meanwhile, ${LARGE}` && textOf(rooms[other] ?? '') === 'elsewhere');
});

test('a thread that dies costs a warning, and the next save that succeeds has another one', async (t) => {
  const { ganymede, gateway, threads, room } = await written(t, (threads) => threads.die());
  const content = room.document.getText('content');
  await gateway.logged('pushed', 1);
  content.insert(0, 'b');
  await gateway.logged('pushed', 2);
  const dead = Threads.work(gateway);
  assert.deepEqual(dead.filter((one) => one.startsWith('encodeStateAsUpdate')),
    [1, 2].flatMap(() => ['encodeStateAsUpdate on encoder', 'encodeStateAsUpdate on main']));
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), `b${LARGE}`);
  assert.deepEqual(gateway.lines.filter(({ level }) => level === 'error').map(({ message }) => message),
    ['the encoder failed, documents are encoded without it']);
  threads.relent();
  content.insert(0, 'a');
  await gateway.logged('pushed', 3);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), `ab${LARGE}`);
  assert.deepEqual(Threads.work(gateway).slice(dead.length).filter((one) => one.endsWith('on main')), []);
  await gateway.logged('the encoder works again');
});

/** A gateway that saves what a client has just written, and whose threads are watched. */
async function written(t, prepare = () => {}) {
  const threads = new Threads(t);
  prepare(threads);
  const { ganymede, gateway } = await servingGateway(t, { execArgv: threads.execArgv, environment: soon });
  const room = await gateway.write(LARGE);
  return { ganymede, gateway, threads, room };
}
