import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Document } from '@hocuspocus/server';
import { Collab } from '../src/collab.js';
import { createLog } from '../src/log.js';
import { digestOf, OldData } from './support/data.js';
import { SUPERVISOR } from './support/gateway-process.js';
import { ganymedeFor, readyGateway, servingGateway } from './support/scene.js';
import { roomWith, sees, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';
const KNOWN = '/gateway/data/known';
const soon = { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } };
const reference = { sha256: /^[0-9a-f]{64}$/ };

test('a push carries what changed and refers to the rest, which is asked for once', async (t) => {
  const { ganymede, gateway, one, other } = await twoRooms(t, soon);
  const room = await gateway.write('more, ', one);
  const { body: first, answer } = await ganymede.call(PUSH, 1);
  assert.equal(textOf(first.data.yjs_state[one]), 'more, one');
  assert.match(first.data.yjs_state[other].sha256, reference.sha256);
  assert.deepEqual((await ganymede.call(KNOWN)).body.sha256.length, 1);
  room.document.getText('content').insert(0, 'even ');
  const { body: second } = await ganymede.call(PUSH, 2);
  assert.match(second.data.yjs_state[other].sha256, reference.sha256);
  assert.equal(ganymede.count(KNOWN), 1);
  const [line] = [await gateway.logged('pushed')];
  assert.deepEqual([line.projects, line.changed, line.version, line.digest], [2, 1, answer.version, answer.digest]);
  await ganymede.stored((data) => textOf(data.yjs_state[one]) === 'even more, one' && textOf(data.yjs_state[other]) === 'other');
});

test('what was acknowledged is referred to, also when nothing was pulled', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, soon);
  const [one, other] = ganymede.projectIds;
  await gateway.write('one', one);
  await ganymede.stored((data) => one in data.yjs_state);
  assert.equal(ganymede.count(KNOWN), 0);
  await gateway.write('other', other);
  await ganymede.stored((data) => other in data.yjs_state);
  const last = ganymede.calls.findLast(({ path }) => path === PUSH).body.data.yjs_state;
  assert.match(last[one].sha256, reference.sha256);
  assert.equal(ganymede.count(KNOWN), 1);
});

test('the activity of an organization makes none of its projects change', async (t) => {
  const { ganymede, gateway, one } = await twoRooms(t, soon);
  await gateway.write('a ', one);
  await gateway.write('b ', one);
  await ganymede.stored((data) => textOf(data.yjs_state[one]).length === 'a b one'.length);
  while ((await gateway.health()).dirty);
  const pushes = ganymede.count(PUSH);
  await gateway.room(one).synced();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(ganymede.count(PUSH), pushes);
});

test('an old Ganymede gets everything with every push, and is asked once', async (t) => {
  const ganymede = await ganymedeFor(t);
  ganymede.data = new OldData();
  const { gateway, one, other } = await twoRooms(t, { ganymede, ...soon });
  const room = await gateway.write('more, ', one);
  await ganymede.call(PUSH, 1);
  room.document.getText('content').insert(0, 'even ');
  const { body } = await ganymede.call(PUSH, 2);
  assert.equal(textOf(body.data.yjs_state[other]), 'other');
  assert.equal(ganymede.count(KNOWN), 1);
  assert.equal((await gateway.logged('this Ganymede knows no references: every push carries everything')).level, 'info');
  assert.match((await gateway.logged('pushed')).digest, reference.sha256);
});

test('a question that fails costs a complete push, nothing else', async (t) => {
  const { ganymede, gateway, one, other } = await twoRooms(t, soon);
  ganymede.fail(KNOWN, 500);
  await gateway.write('more, ', one);
  assert.equal(textOf((await ganymede.call(PUSH)).body.data.yjs_state[other]), 'other');
});

test('when Ganymede lost what is referred to, everything is pushed at once', async (t) => {
  const { ganymede, gateway, one, other } = await twoRooms(t, {
    environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05', GATEWAY_RETRY_BASE_MILLIS: '60000', GATEWAY_RETRY_CAP_MILLIS: '60000' },
  });
  const room = await gateway.write('more, ', one);
  await gateway.logged('pushed');
  ganymede.data.lose();
  room.document.getText('content').insert(0, 'even ');
  const refused = await ganymede.call(PUSH, 2);
  assert.equal(refused.status, 422);
  const { body, arrived } = await ganymede.call(PUSH, 3);
  assert.ok(arrived - refused.arrived < 20_000);
  assert.equal(textOf(body.data.yjs_state[other]), 'other');
  await gateway.logged('pushed', 2);
});

test('what Ganymede stored otherwise than it was pushed is an error, and everything is pushed again', async (t) => {
  const { ganymede, gateway, one, other } = await twoRooms(t, soon);
  const push = ganymede.data.push.bind(ganymede.data);
  let lies = 1;
  ganymede.data.push = (...pushed) => {
    const result = push(...pushed);
    if (lies-- > 0) result.answer.digest = 'f'.repeat(64);
    return result;
  };
  await gateway.write('more, ', one);
  const line = await gateway.logged('Ganymede stored something else than was pushed');
  assert.deepEqual([line.level, line.stored], ['error', 'f'.repeat(64)]);
  const { body } = await ganymede.call(PUSH, 2);
  assert.equal(textOf(body.data.yjs_state[other]), 'other');
  const { digest } = await gateway.logged('pushed');
  assert.equal(digest, digestOf(ganymede.snapshot));
});

test('references that an old Ganymede takes for content are pushed again as what they are, and never used again', async (t) => {
  const { ganymede, gateway, one, other } = await twoRooms(t, soon);
  const old = new OldData();
  ganymede.data.push = (body) => old.push(body);
  const room = await gateway.write('more, ', one);
  assert.match((await ganymede.call(PUSH, 1)).body.data.yjs_state[other].sha256, reference.sha256);
  await gateway.logged('pushed');
  assert.equal(gateway.lines.filter(({ message }) => message === 'pushed').length, 1);
  assert.deepEqual([one, other].map((id) => textOf(old.snapshot.yjs_state[id])), ['more, one', 'other']);
  room.document.getText('content').insert(0, 'even ');
  await gateway.logged('pushed', 2);
  assert.deepEqual([one, other].map((id) => textOf(old.snapshot.yjs_state[id])), ['even more, one', 'other']);
  assert.deepEqual([ganymede.count(PUSH), ganymede.count(KNOWN)], [3, 1]);
});

test('pushes are numbered and timed in their order, over reloads too', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { program: SUPERVISOR, ...soon });
  ganymede.fail(PUSH, 503, 2);
  await gateway.write('first ');
  await gateway.logged('pushed', 1);
  process.kill((await gateway.logged('listening')).pid, 'SIGKILL');
  await gateway.listening(2);
  await gateway.logged('serving', 2);
  await gateway.write('second ');
  await gateway.logged('pushed', 2);
  const pushes = ganymede.calls.filter(({ path }) => path === PUSH);
  assert.deepEqual(pushes.slice(0, 3).map(({ body }) => body.sequence), [1, 2, 3]);
  for (const [index, { status, body }] of pushes.slice(1).entries()) {
    assert.notEqual(status, 409);
    assert.ok(body.sequence > pushes[index].body.sequence);
    assert.ok(Date.parse(body.timestamp) > Date.parse(pushes[index].body.timestamp));
  }
});

test('a push that Ganymede takes for an old one is repeated with a higher number, and is not the end', async (t) => {
  const { ganymede, gateway, one } = await twoRooms(t, soon);
  ganymede.data.push({ data: { yjs_state: {}, gateway_state: {} }, sequence: 100_000 }, 7);
  const room = await gateway.write('newest, ', one);
  await gateway.logged('pushed');
  assert.equal(textOf(ganymede.snapshot.yjs_state[one]), 'newest, one');
  assert.equal((await gateway.health()).state, 'serving');
  const sequences = ganymede.calls.filter(({ path }) => path === PUSH).map(({ body }) => body.sequence);
  assert.ok(sequences.length < 12 && sequences.at(-1) > 100_000);
  room.document.getText('content').insert(0, 'the ');
  await gateway.logged('pushed', 2);
  assert.equal(ganymede.calls.findLast(({ path }) => path === PUSH).body.sequence, sequences.at(-1) + 1);
});

for (const [status, slug, message] of [
  [413, 'payload-too-large', 'the data of this organization is too large for Ganymede; nothing is saved any more'],
  [507, 'quota-exceeded', 'the data of this organization exceeds its quota; nothing is saved any more'],
]) {
  test(`a refusal with ${status} is seen in the log, in the health and by clients, who go on working`, async (t) => {
    const { ganymede, gateway, one } = await twoRooms(t, soon);
    ganymede.fail(PUSH, status, Infinity, { slug });
    const told = [];
    const room = gateway.room(one, { onSaving: ({ state, problem }) => told.push([state, problem]) });
    await room.synced();
    room.document.getText('content').insert(0, 'large ');
    assert.equal((await gateway.logged(message)).level, 'error');
    const { saving } = await gateway.health();
    assert.deepEqual([saving.state, saving.problem], ['failing', slug]);
    assert.ok(Date.parse(saving.since) <= Date.now());
    await ganymede.call(PUSH, 3);
    const late = [];
    const second = gateway.room(one, { onSaving: ({ problem }) => late.push(problem) });
    await second.synced();
    second.document.getText('content').insert(0, 'and newer ');
    await second.acknowledged();
    assert.deepEqual(late, [slug]);
    ganymede.heal(PUSH);
    await gateway.logged('saved again');
    await ganymede.stored((data) => textOf(data.yjs_state[one]) === 'and newer large one');
    while ((await gateway.health()).saving.state !== 'saved');
    assert.deepEqual([told[0], told.at(-1)[1]], [['failing', slug], null]);
  });
}

test('a Ganymede that says when it wants to hear again is obeyed, within the cap', async (t) => {
  const { ganymede, gateway, one } = await twoRooms(t, {
    environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05', GATEWAY_RETRY_CAP_MILLIS: '700' },
  });
  ganymede.fail(PUSH, 503, 2, { headers: { 'retry-after': '3600' } });
  await gateway.write('patient, ', one);
  await ganymede.call(PUSH, 1);
  // Whoever wants to leave is in a hurry, and waits nevertheless.
  gateway.child.kill('SIGUSR1');
  const [first, second, third] = [await ganymede.call(PUSH, 1), await ganymede.call(PUSH, 2), await ganymede.call(PUSH, 3)];
  for (const pause of [second.arrived - first.arrived, third.arrived - second.arrived]) {
    assert.ok(pause >= 690, `${pause} ms`);
  }
});

test('a slow store gets one push at a time, and the next has what is newest', async (t) => {
  const { ganymede, gateway, one } = await twoRooms(t, soon);
  let open = () => {};
  ganymede.delay(PUSH, new Promise((resolve) => { open = resolve; }));
  const room = await gateway.write('.', one);
  while (ganymede.underWay(PUSH) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const content = room.document.getText('content');
  const typing = setInterval(() => content.insert(0, '.'), 5);
  t.after(() => clearInterval(typing));
  while (content.length < 100) await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(typing);
  await room.acknowledged();
  assert.deepEqual([ganymede.count(PUSH), ganymede.underWay(PUSH)], [0, 1]);
  ganymede.delay(PUSH, undefined);
  open();
  await ganymede.stored((data) => textOf(data.yjs_state[one]).length === content.length);
  assert.equal(ganymede.count(PUSH), 2);
});

test('a room that everybody leaves while it is saved is open until then, and loses nothing', async (t) => {
  const { ganymede, gateway, one } = await twoRooms(t, soon);
  const gate = Promise.withResolvers();
  ganymede.delay(PUSH, gate.promise);
  const room = await gateway.write('first, ', one);
  while (ganymede.underWay(PUSH) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  room.document.getText('content').insert(0, 'second, ');
  await room.acknowledged();
  room.close();
  while ((await gateway.health()).connections > 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal((await gateway.health()).rooms, 1);
  ganymede.delay(PUSH, undefined);
  gate.resolve();
  while ((await gateway.health()).rooms > 0);
  await sees(gateway.room(one), 'second, first, one');
  await ganymede.stored((data) => textOf(data.yjs_state[one]) === 'second, first, one');
});

test('whoever enters a document as it is unloaded is sent to enter again, and nothing is taken from it', async () => {
  const host = { tenancy: undefined, saving: undefined, touch: () => {} };
  const { hocuspocus } = new Collab({ host, log: createLog({}, () => {}), maxConnections: 1, maxPayloadBytes: 1 });
  const document = new Document('p');
  const closed = [];
  const message = { connection: { webSocket: { close: (code) => closed.push(code) } }, context: {}, document, documentName: 'p' };
  await hocuspocus.configuration.beforeHandleMessage(message);
  document.destroy();
  await assert.rejects(hocuspocus.configuration.beforeHandleMessage(message), { reason: 'not-serving' });
  assert.deepEqual(closed, [1012]);
});

test('unloading a document that was unloaded before leaves its successor where it is', async () => {
  const host = { tenancy: undefined, saving: undefined, touch: () => {} };
  const { hocuspocus } = new Collab({ host, log: createLog({}, () => {}), maxConnections: 1, maxPayloadBytes: 1 });
  const [dead, successor] = [new Document('p'), new Document('p')];
  hocuspocus.documents.set('p', successor);
  dead.destroy();
  await hocuspocus.unloadDocument(dead);
  assert.deepEqual([hocuspocus.documents.get('p') === successor, successor.isDestroyed], [true, false]);
  await hocuspocus.unloadDocument(successor);
  assert.deepEqual([hocuspocus.documents.size, successor.isDestroyed], [0, true]);
});

/** A gateway whose two rooms, which nobody has opened, say `one` and `other`. */
async function twoRooms(t, options) {
  const { ganymede, gateway } = await readyGateway(t, options);
  const [one, other] = ganymede.projectIds;
  ganymede.snapshot = { yjs_state: { [one]: roomWith('one'), [other]: roomWith('other') }, gateway_state: {} };
  assert.equal((await gateway.start()).status, 200);
  return { ganymede, gateway, one, other };
}
