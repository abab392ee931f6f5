import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Leaving } from '../src/leaving.js';
import { createLog } from '../src/log.js';
import { GatewayProcess } from './support/gateway-process.js';
import { ganymedeFor, readyGateway, servingGateway } from './support/scene.js';
import { roomWith, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';
const STOP = '/gateway/stop';
const STUCK = new URL('./support/stuck-encoder.js', import.meta.url).pathname;
/** An exception that nobody catches, at SIGUSR2. */
const buggy = { NODE_OPTIONS: `--import=${new URL('./support/bug.js', import.meta.url).href}` };
const idleSoon = { GATEWAY_INACTIVITY_SHUTDOWN_SECONDS: '0.3' };

test('told to stop without an organization, it ends at once', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  assert.equal(await gateway.signal('SIGTERM'), 0);
  assert.equal(ganymede.count(STOP), 0);
});

test('told to stop while Ganymede has never answered, it ends at once', async (t) => {
  const ganymede = await ganymedeFor(t);
  ganymede.fail('/gateway/ready', 0);
  const gateway = await GatewayProcess.start(t, ganymede);
  assert.equal(await gateway.signal('SIGINT'), 0);
});

test('told to stop, it saves, says so, and ends', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  ganymede.fail(PUSH, 503, 2);
  ganymede.fail(STOP, 503, 2);
  await gateway.write('last words');
  assert.equal(await gateway.signal('SIGTERM'), 0);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'last words');
  assert.deepEqual((await ganymede.call(STOP)).body,
    { organization_id: ganymede.organizationId, gateway_id: ganymede.gatewayId, reason: 'terminated' });
  assert.equal(await gateway.session(), undefined);
  assert.deepEqual(await gateway.files('unsent-'), []);
});

test('told to stop with nothing unsaved, it does not push', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  assert.equal(await gateway.signal('SIGTERM'), 0);
  assert.deepEqual([ganymede.count(PUSH), ganymede.count(STOP)], [0, 1]);
});

test('what Ganymede did not acknowledge in time is written to a file', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_STOP_GRACE_SECONDS: '3.2' } });
  await gateway.write('unheard');
  await ganymede.close();
  assert.equal(await gateway.signal('SIGTERM'), 77);
  await ganymede.open();
  await assertRescued(gateway, 'unheard');
});

test('told to stop, it does not end before a push that takes long is acknowledged', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  await gateway.write('slowly');
  const gate = Promise.withResolvers();
  ganymede.delay(PUSH, gate.promise);
  const ended = gateway.signal('SIGTERM');
  while (ganymede.underWay(PUSH) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 300, 'there'))]), 'there');
  ganymede.delay(PUSH, undefined);
  gate.resolve();
  assert.equal(await ended, 0);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'slowly');
  assert.deepEqual(await gateway.files('unsent-'), []);
});

test('what an encoder that hangs did not encode is written to a file nevertheless, with what nobody opened', async (t) => {
  const ganymede = await ganymedeFor(t);
  const [opened, unopened] = ganymede.projectIds;
  ganymede.snapshot = { yjs_state: { [unopened]: roomWith('asleep') }, gateway_state: {} };
  const { gateway } = await servingGateway(t, { ganymede, program: STUCK, environment: { GATEWAY_STOP_GRACE_SECONDS: '3.2' } });
  const room = await gateway.write('unheard', opened);
  room.close();
  assert.equal(await gateway.signal('SIGTERM'), 77);
  const [{ content }] = await gateway.files('unsent-');
  const { yjs_state: rooms } = JSON.parse(content).data;
  assert.deepEqual([textOf(rooms[opened]), textOf(rooms[unopened])], ['unheard', 'asleep']);
  assert.equal(ganymede.count(PUSH), 0);
});

test('a push that is refused as stale is written to a file, and the gateway ends', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  ganymede.ended = true;
  await gateway.write('too late');
  assert.equal(await gateway.ended, 76);
  await assertRescued(gateway, 'too late');
  assert.equal(await gateway.session(), undefined);
  assert.equal((await gateway.logged('this allocation is over')).level, 'error');
});

test('a push that is refused as stale while stopping is written to a file', async (t) => {
  const ganymede = await ganymedeFor(t);
  ganymede.data.lineage = 3;
  const { gateway } = await servingGateway(t, { ganymede });
  await gateway.write('too late');
  ganymede.ended = true;
  ganymede.data.lineage = 4;
  assert.equal(await gateway.signal('SIGTERM'), 76);
  await assertRescued(gateway, 'too late', 3);
});

test('leaves when nobody did anything for a while, though a client is connected', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: idleSoon });
  await gateway.write('and then silence');
  assert.equal(await gateway.ended, 0);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'and then silence');
  assert.equal(ganymede.count(STOP), 1);
  assert.equal((await ganymede.call(STOP)).body.reason, 'inactive');
});

test('idle with Ganymede down, it goes on serving and leaves when the data is saved', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: idleSoon });
  await gateway.write('patient');
  ganymede.fail(PUSH, 0);
  await gateway.logged('idle, saving before leaving');
  await ganymede.call(PUSH, 2);
  assert.equal((await gateway.health()).state, 'serving');
  ganymede.heal(PUSH);
  assert.equal(await gateway.ended, 0);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'patient');
});

test('somebody who comes back while it is saving keeps the gateway', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: idleSoon });
  const room = await gateway.write('first');
  ganymede.fail(PUSH, 503);
  await ganymede.call(PUSH, 1);
  room.document.getText('content').insert(0, 'back again, ');
  await room.acknowledged();
  ganymede.heal(PUSH);
  await gateway.logged('somebody came back, staying');
  assert.equal(await gateway.ended, 0);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'back again, first');
});

test('when nobody reads its log any more, it saves and leaves', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  for (const stream of [gateway.child.stdout, gateway.child.stderr]) stream.destroy();
  await gateway.write('unread');
  assert.equal(await gateway.ended, 0);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'unread');
  assert.equal((await ganymede.call(STOP)).body.reason, 'terminated');
});

test('a crash with Ganymede there loses nothing, and leaves no file', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: buggy });
  await gateway.write('just in time');
  assert.equal(await gateway.signal('SIGUSR2'), 1);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'just in time');
  assert.deepEqual(await gateway.files('unsent-'), []);
  assert.match((await gateway.logged('crashed')).error, /^Error: a bug\n +at /);
});

for (const [what, program] of [['', undefined], [' with an encoder that hangs', STUCK]]) {
  test(`a crash${what} leaves what Ganymede did not take in a file, and the tenancy to the next process`, async (t) => {
    const { ganymede, gateway } = await servingGateway(t, { program, environment: buggy });
    await gateway.write('unheard');
    ganymede.fail(PUSH, 503);
    assert.equal(await gateway.signal('SIGUSR2'), 1);
    await assertRescued(gateway, 'unheard');
    assert.equal((await gateway.session()).gateway_token, ganymede.gatewayToken);
    assert.equal(ganymede.count(STOP), 0);
  });
}

test('crashing once more while it crashes changes nothing', async () => {
  const [logged, codes, gate] = [[], [], Promise.withResolvers()];
  const pusher = { dirty: true, save: () => gate.promise, stop: () => {} };
  const log = createLog({}, (line) => logged.push(JSON.parse(line).message));
  const gateway = { log, serving: { pusher, stop: () => {} } };
  const leaving = new Leaving({ gateway, exit: (code) => codes.push(code) });
  const crashes = [leaving.crash(new Error('first')), leaving.crash(new Error('second'))];
  assert.deepEqual(logged, ['crashed']);
  pusher.dirty = false;
  gate.resolve();
  await Promise.all(crashes);
  assert.deepEqual([logged, codes], [['crashed', 'leaving'], [1]]);
});

async function assertRescued(gateway, text, lineage = 0) {
  const { ganymede } = gateway;
  const [file, ...more] = await gateway.files('unsent-');
  assert.deepEqual(more, []);
  assert.match(file.name, new RegExp(`^unsent-${ganymede.organizationId}-7-[0-9TZ-]+\\.json$`));
  const unsent = JSON.parse(file.content);
  assert.equal(textOf(unsent.data.yjs_state[ganymede.projectIds[0]]), text);
  assert.deepEqual([unsent.organization_id, unsent.gateway_id, unsent.generation, unsent.lineage],
    [ganymede.organizationId, ganymede.gatewayId, 7, lineage]);
  assert.ok(!file.content.includes(ganymede.gatewayToken));
  assert.equal((await gateway.logged('unsaved data was written to a file')).level, 'error');
}
