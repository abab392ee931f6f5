import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Editor } from './support/editor.js';
import { Edge } from './support/edge.js';
import { ganymedeFor, readyGateway, servingGateway } from './support/scene.js';
import { roomWith, sees, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';
const PULL = '/gateway/data/pull';
const soon = { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } };

test('what a gateway could not push is taken from its file, merged, and seen by whoever comes first', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_STOP_GRACE_SECONDS: '3.2' } });
  const [projectId] = ganymede.projectIds;
  await gateway.write('pushed by nobody');
  ganymede.fail(PUSH, 503);
  assert.equal(await gateway.signal('SIGTERM'), 77);
  const [{ content }] = await gateway.files('unsent-');
  ganymede.heal(PUSH);
  ganymede.failOver();
  const { data, lineage } = JSON.parse(content);
  assert.equal(lineage, 0);
  ganymede.data.rescued.set(41, { data, lineage });
  const { gateway: next } = await servingGateway(t, { ganymede, ...soon });
  const room = next.room(projectId);
  await room.synced();
  assert.equal(room.document.getText('content').toString(), 'pushed by nobody');
  const { body } = (await ganymede.stored(() => ganymede.data.merged.length > 0), ganymede.calls.findLast(({ path }) => path === PUSH));
  assert.deepEqual(body.recovered, [41]);
  assert.equal(textOf(ganymede.snapshot.yjs_state[projectId]), 'pushed by nobody');
  room.document.getText('content').insert(0, 'and ');
  await ganymede.call(PUSH, ganymede.count(PUSH) + 1);
  assert.equal(ganymede.calls.findLast(({ path }) => path === PUSH).body.recovered, undefined);
});

test('merging is said until it is acknowledged, and takes neither foreign projects nor the state of the gateway', async (t) => {
  const { ganymede, gateway, projectId } = await offered(t, { 5: roomWith('rescued') }, { gateway_state: { permissions: { a: ['revoked'] } } });
  ganymede.data.rescued.get(5).data.yjs_state[randomUUID()] = roomWith('foreign');
  ganymede.fail(PUSH, 503, 2);
  await gateway.start();
  await ganymede.stored(() => ganymede.data.merged.length > 0);
  assert.deepEqual(ganymede.calls.filter(({ path }) => path === PUSH).map(({ body }) => body.recovered), [[5], [5], [5]]);
  assert.deepEqual(Object.keys(ganymede.snapshot.yjs_state), [projectId]);
  assert.match(textOf(ganymede.snapshot.yjs_state[projectId]), /rescued/);
  assert.match(textOf(ganymede.snapshot.yjs_state[projectId]), /stored/);
  assert.deepEqual(ganymede.snapshot.gateway_state.permissions, {});
});

test('one that is damaged, or cannot be had, blocks neither the start nor the others', async (t) => {
  const { ganymede, gateway, projectId } = await offered(t, { 5: '!!!!', 6: roomWith('rescued') });
  ganymede.data.rescued.set(7, { data: 5 });
  assert.equal((await gateway.start()).status, 200);
  const line = await gateway.logged('unsaved data of an earlier gateway could not be recovered, and stays where it is', 2);
  assert.equal(line.level, 'error');
  await sees(gateway.room(projectId), 'rescued');
  await ganymede.stored(() => ganymede.data.merged.length > 0);
  assert.deepEqual(ganymede.data.merged, [6]);
});

test('one that hangs does not hold up the start for long', async (t) => {
  const { ganymede, gateway } = await offered(t, { 5: roomWith('rescued') });
  const pull = ganymede.data.pull.bind(ganymede.data);
  ganymede.data.pull = (body) => (body.version === 5 ? { status: undefined } : pull(body));
  const before = performance.now();
  assert.equal((await gateway.start()).status, 200);
  assert.ok(performance.now() - before < 4_500);
  assert.equal(ganymede.count(PULL), 2);
});

test('what was rescued before a restore is not brought back', async (t) => {
  const { ganymede, gateway, projectId } = await offered(t, { 5: roomWith('undone') });
  ganymede.data.lineage = 1;
  await gateway.start();
  const room = gateway.room(projectId);
  await room.synced();
  assert.equal(room.document.getText('content').toString(), 'stored');
  assert.equal(ganymede.count(PULL), 1);
});

test('what was rescued before a restore is not brought back though it is offered', async (t) => {
  const { ganymede, gateway, projectId } = await offered(t, { 5: roomWith('undone'), 6: roomWith('rescued') });
  ganymede.data.lineage = 1;
  ganymede.data.rescued.get(6).lineage = 1;
  const pull = ganymede.data.pull.bind(ganymede.data);
  ganymede.data.pull = (body) => {
    const pulled = pull(body);
    if (body.version === undefined) pulled.answer.recoverable = [5, 6];
    return pulled;
  };
  await gateway.start();
  await gateway.logged('unsaved data of an earlier gateway could not be recovered, and stays where it is');
  await ganymede.stored(() => ganymede.data.merged.length > 0);
  assert.deepEqual(ganymede.data.merged, [6]);
  assert.match(textOf(ganymede.snapshot.yjs_state[projectId]), /rescued/);
  assert.doesNotMatch(textOf(ganymede.snapshot.yjs_state[projectId]), /undone/);
});

test('what a rescue holds already changes nothing', async (t) => {
  const { ganymede, gateway, projectId } = await offered(t, { 5: roomWith('unused') });
  ganymede.data.rescued.get(5).data.yjs_state[projectId] = ganymede.snapshot.yjs_state[projectId];
  await gateway.start();
  await ganymede.stored(() => ganymede.data.merged.length > 0);
  assert.equal(textOf(ganymede.snapshot.yjs_state[projectId]), 'stored');
});

test('nobody enters before everything is loaded and merged', async (t) => {
  const { ganymede, gateway } = await offered(t, { 5: roomWith('rescued') });
  const gate = Promise.withResolvers();
  const edge = await Edge.start(t);
  edge.leadTo(gateway);
  ganymede.delay(PULL, gate.promise);
  const started = gateway.start();
  while (ganymede.underWay(PULL) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await gateway.upgrade(await ganymede.accessToken()), 503);
  const editor = new Editor(t, { ganymede, edge, name: 'early' });
  await editor.was('connecting', 2);
  gate.resolve();
  await started;
  await editor.room.synced();
  assert.match(editor.room.document.getText('content').toString(), /rescued/);
  assert.match(editor.room.document.getText('content').toString(), /stored/);
});

/** A gateway, not started yet, whose organization has a room that says `stored`; versions of it are offered to be recovered. */
async function offered(t, states, more = {}) {
  const ganymede = await ganymedeFor(t);
  const [projectId] = ganymede.projectIds;
  ganymede.snapshot = { yjs_state: { [projectId]: roomWith('stored') }, gateway_state: {} };
  const { gateway_state = {}, ...fields } = more;
  for (const [version, state] of Object.entries(states)) {
    ganymede.data.rescued.set(Number(version), { ...fields, data: { yjs_state: { [projectId]: state }, gateway_state } });
  }
  const { gateway } = await readyGateway(t, { ganymede, ...soon });
  return { ganymede, gateway, projectId };
}
