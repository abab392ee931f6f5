import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import * as Y from 'yjs';
import { digestOf } from './support/data.js';
import { readyGateway, servingGateway } from './support/scene.js';
import { roomWith, sees, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';

test('an edit survives: pushed, pulled by another gateway, seen by another client', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  await gateway.write('written before the stop');
  assert.equal(await gateway.signal('SIGTERM'), 0);

  Object.assign(ganymede, { ended: false, generation: 8, gatewayId: randomUUID() });
  ganymede.handshakeTokens.add(ganymede.handshakeToken);
  const { gateway: next } = await servingGateway(t, { ganymede });
  await sees(next.room(), 'written before the stop');
});

test('a push has the body of the seed', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  await gateway.write('hello');
  await gateway.signal('SIGTERM');
  const { body, token } = await ganymede.call(PUSH);
  assert.equal(token, ganymede.gatewayToken);
  assert.deepEqual(Object.keys(body), ['organization_id', 'gateway_id', 'timestamp', 'sequence', 'data']);
  assert.deepEqual([body.organization_id, body.gateway_id], [ganymede.organizationId, ganymede.gatewayId]);
  assert.equal(textOf(body.data.yjs_state[ganymede.projectIds[0]]), 'hello');
  const { projectActivity, ...rest } = body.data.gateway_state;
  assert.deepEqual(rest, { permissions: {}, oauth_clients: {}, container_tokens: {} });
  assert.deepEqual(Object.keys(projectActivity), ['last_activity', 'gateway_shutdown', 'disable_gateway_shutdown']);
});

test('each acknowledged push is logged with the digest of what is stored, and no other', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  ganymede.fail(PUSH, 503, 2);
  await gateway.write('proven');
  const line = await gateway.logged('pushed');
  const { raw, body, answer } = await ganymede.call(PUSH, 3);
  assert.deepEqual({ ...line, time: undefined }, {
    time: undefined, level: 'info', component: 'gateway', message: 'pushed',
    gateway: ganymede.gatewayId, name: 'gw-pool-0', organization: ganymede.organizationId,
    organization_id: ganymede.organizationId, generation: 7, version: answer.version, digest: digestOf(body.data),
    stored_at: answer.stored_at, timestamp: body.timestamp, size_bytes: JSON.stringify(body.data).length,
    sent_bytes: Buffer.byteLength(raw), projects: 1, changed: 1,
  });
  assert.ok(Date.parse(line.stored_at) >= Date.parse(line.timestamp));
  assert.equal(gateway.lines.filter(({ message }) => message === 'pushed').length, 1);
});

test('what nobody opened, and what this gateway does not know, is pushed as it was pulled', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  const unopened = ganymede.projectIds[1];
  ganymede.snapshot = {
    yjs_state: { [unopened]: roomWith('asleep') },
    gateway_state: { permissions: { a: ['b'] }, oauth_clients: { c: 1 }, container_tokens: {}, from_the_future: { d: [1] } },
  };
  await gateway.start();
  await gateway.write('awake');
  await gateway.signal('SIGTERM');
  const data = ganymede.snapshot;
  assert.equal(textOf(data.yjs_state[unopened]), 'asleep');
  assert.deepEqual([data.gateway_state.permissions, data.gateway_state.oauth_clients, data.gateway_state.from_the_future],
    [{ a: ['b'] }, { c: 1 }, { d: [1] }]);
});

test('a room that everybody left keeps its content', async (t) => {
  const { gateway } = await servingGateway(t);
  (await gateway.write('kept')).close();
  while ((await gateway.health()).rooms > 0);
  await sees(gateway.room(), 'kept');
});

test('bytes within a value that was pulled outlive the saves, for those who come later and for the file', async (t) => {
  const { ganymede, gateway } = await readyGateway(t, {
    environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05', GATEWAY_STOP_GRACE_SECONDS: '3.2' },
  });
  const [projectId] = ganymede.projectIds;
  const stored = new Y.Doc();
  stored.getMap('files').set('picture', { bytes: Uint8Array.of(1, 2, 3) });
  ganymede.snapshot = { yjs_state: { [projectId]: Buffer.from(Y.encodeStateAsUpdate(stored)).toString('base64') }, gateway_state: {} };
  await gateway.start();
  const room = await gateway.write('saved');
  await gateway.logged('pushed');
  const second = gateway.room();
  await sees(second, 'saved');
  assert.deepEqual(second.document.getMap('files').get('picture'), { bytes: Uint8Array.of(1, 2, 3) });
  ganymede.fail(PUSH, 503);
  room.document.getText('content').insert(0, 'un');
  await room.acknowledged();
  assert.equal(await gateway.signal('SIGTERM'), 77);
  const [{ content }] = await gateway.files('unsent-');
  const rescued = new Y.Doc();
  Y.applyUpdate(rescued, Buffer.from(JSON.parse(content).data.yjs_state[projectId], 'base64'));
  assert.deepEqual(rescued.getMap('files').get('picture'), { bytes: Uint8Array.of(1, 2, 3) });
  assert.equal(rescued.getText('content').toString(), 'unsaved');
});

for (const [what, state] of [['not base64', '!!!!'], ['cut in the middle', roomWith('a text of some length').slice(0, 20)], ['not a text', 5]]) {
  test(`a stored room that is ${what} fails the start and is not overwritten`, async (t) => {
    const { ganymede, gateway } = await readyGateway(t);
    const projectId = ganymede.projectIds[0];
    ganymede.snapshot = { yjs_state: { [projectId]: state }, gateway_state: {} };
    const answer = await gateway.start();
    assert.deepEqual([answer.status, answer.body.type], [502, 'https://ganymede.dev/problems/corrupt-snapshot']);
    assert.match(answer.body.detail, new RegExp(projectId));
    assert.equal((await gateway.health()).state, 'ready');
    assert.equal(await gateway.signal('SIGTERM'), 0);
    assert.equal(ganymede.count(PUSH), 0);
  });
}

test('saves by itself when something changed', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  await gateway.write('autosaved');
  await ganymede.stored(({ yjs_state: rooms }) => textOf(rooms[ganymede.projectIds[0]]) === 'autosaved');
  while ((await gateway.health()).dirty);
});

test('typing without a pause is pushed once an interval', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.4' } });
  const room = await gateway.write('.');
  const typing = setInterval(() => room.document.getText('content').insert(0, '.'), 5);
  t.after(() => clearInterval(typing));
  await ganymede.call(PUSH, 1);
  const before = performance.now();
  await ganymede.call(PUSH, 4);
  assert.ok(performance.now() - before >= 1_200 - 50);
});

test('a failed push is repeated with what is newest, until it is acknowledged', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  ganymede.fail(PUSH, 503);
  const room = await gateway.write('old');
  await ganymede.call(PUSH, 2);
  room.document.getText('content').insert(0, 'new and ');
  await room.acknowledged();
  ganymede.heal(PUSH);
  await ganymede.stored(({ yjs_state: rooms }) => textOf(rooms[ganymede.projectIds[0]]) === 'new and old');
});

test('a connection cut in the middle of a push is like a failed push', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  ganymede.fail(PUSH, 0, 2);
  await gateway.write('through');
  await ganymede.stored(({ yjs_state: rooms }) => textOf(rooms[ganymede.projectIds[0]]) === 'through');
});

test('data that is too large is reported as an error, and tried again', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  ganymede.fail(PUSH, 413, 1);
  await gateway.write('large');
  const line = await gateway.logged('the data of this organization is too large for Ganymede; nothing is saved any more');
  assert.equal(line.level, 'error');
  await ganymede.stored(() => true);
});

test('no token is ever logged', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  ganymede.fail(PUSH, 503, 2);
  await gateway.write('x');
  await gateway.upgrade('secret-access-token');
  await gateway.signal('SIGTERM');
  const log = JSON.stringify(gateway.lines);
  for (const secret of [ganymede.bootToken, ganymede.gatewayToken, ganymede.handshakeToken, 'secret-access-token', 'eyJ']) {
    assert.ok(!log.includes(secret), `the log contains ${secret}`);
  }
});
