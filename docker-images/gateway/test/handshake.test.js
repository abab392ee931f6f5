import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayProcess } from './support/gateway-process.js';
import { ganymedeFor, readyGateway, servingGateway } from './support/scene.js';

test('announces itself with the boot token and is ready', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  assert.equal((await ganymede.call('/gateway/ready')).token, ganymede.bootToken);
  assert.deepEqual(await gateway.health(), {
    state: 'ready', gateway_id: ganymede.gatewayId, gateway_name: 'gw-pool-0',
    organization_id: null, generation: null, connections: 0, rooms: 0, dirty: false, saving: null,
  });
});

test('boots while Ganymede is down and announces itself when it is back', async (t) => {
  const ganymede = await ganymedeFor(t);
  await ganymede.close();
  const gateway = await GatewayProcess.start(t, ganymede);
  await gateway.logged('Ganymede does not know yet that this gateway is ready', 3);
  assert.equal((await gateway.health()).state, 'starting');
  await ganymede.open();
  await gateway.logged('ready to be allocated');
  assert.equal((await gateway.health()).state, 'ready');
});

test('serves the organization that the handshake token stands for', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  const answer = await gateway.start();
  assert.deepEqual(answer.body, {
    organization_id: ganymede.organizationId, gateway_id: ganymede.gatewayId, generation: 7, rooms: 2,
  });
  const health = await gateway.health();
  assert.deepEqual([health.state, health.organization_id, health.generation], ['serving', ganymede.organizationId, 7]);
});

test('refuses a second start', async (t) => {
  const { gateway } = await servingGateway(t);
  const answer = await gateway.start('another');
  assert.deepEqual([answer.status, answer.type, answer.body.type],
    [409, 'application/problem+json', 'https://ganymede.dev/problems/already-serving']);
});

test('serves one of two simultaneous starts', async (t) => {
  const { gateway } = await readyGateway(t);
  const statuses = (await Promise.all([gateway.start(), gateway.start()])).map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 409]);
});

test('a token that cannot be redeemed leaves a gateway that can be started', async (t) => {
  const { gateway } = await readyGateway(t);
  const refused = await gateway.start('wrong');
  assert.deepEqual([refused.status, refused.body.type], [502, 'https://ganymede.dev/problems/handshake-failed']);
  assert.equal((await gateway.health()).state, 'ready');
  assert.equal((await gateway.start()).status, 200);
});

test('a pull that fails at first is repeated', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  ganymede.fail('/gateway/data/pull', 503, 2);
  assert.equal((await gateway.start()).status, 200);
  assert.equal(ganymede.count('/gateway/data/pull'), 3);
});

test('a pull that is refused leaves a gateway that can be started', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  ganymede.fail('/gateway/data/pull', 404, 1);
  assert.equal((await gateway.start()).status, 502);
  assert.equal((await gateway.health()).state, 'ready');
  assert.equal(await gateway.session(), undefined);
  ganymede.handshakeTokens.add('second');
  assert.equal((await gateway.start('second')).status, 200);
});

for (const [what, body, status] of [
  ['a body cut in the middle', '{"tmp_handshake', 400],
  ['a body without a token', '{}', 400],
  ['a token with a line break', '{"tmp_handshake_token":"a\\nb"}', 400],
  ['a body that is too large', `{"tmp_handshake_token":"${'x'.repeat(20_000)}"}`, 413],
]) {
  test(`refuses ${what}`, async (t) => {
    const { ganymede, gateway } = await readyGateway(t);
    const answer = await gateway.request('POST', '/collab/start', body);
    assert.deepEqual([answer.status, answer.type], [status, 'application/problem+json']);
    assert.equal(ganymede.count('/gateway/config'), 0);
  });
}
