import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { generateKeyPair } from 'jose';
import { readyGateway, servingGateway } from './support/scene.js';
import { sees } from './support/yjs.js';

test('admits a client with an access token of this allocation, and no other', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const foreign = await generateKeyPair('ES256');
  const expired = Math.floor(Date.now() / 1000) - 3600;
  const statuses = {
    valid: await gateway.upgrade(await ganymede.accessToken()),
    none: await gateway.upgrade(undefined),
    garbage: await gateway.upgrade('a.b.c'),
    foreignKey: await gateway.upgrade(await ganymede.accessToken({ key: foreign.privateKey })),
    issuer: await gateway.upgrade(await ganymede.accessToken({ issuer: 'https://elsewhere.test' })),
    audience: await gateway.upgrade(await ganymede.accessToken({ audience: 'org-other.test' })),
    expired: await gateway.upgrade(await ganymede.accessToken({ expires: expired })),
    generation: await gateway.upgrade(await ganymede.accessToken({ generation: 6 })),
    gateway: await gateway.upgrade(await ganymede.accessToken({ gateway_id: randomUUID() })),
    organization: await gateway.upgrade(await ganymede.accessToken({ organization_id: randomUUID() })),
    path: await gateway.upgrade(await ganymede.accessToken(), '/other'),
  };
  assert.deepEqual(statuses, {
    valid: 101, none: 401, garbage: 401, foreignKey: 401, issuer: 401, audience: 401, expired: 401,
    generation: 401, gateway: 401, organization: 401, path: 404,
  });
});

test('admits nobody before it serves', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  assert.equal(await gateway.upgrade(await ganymede.accessToken()), 503);
});

test('bounds the number of connections', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { environment: { GATEWAY_MAX_CONNECTIONS: '1' } });
  await gateway.room().synced();
  assert.equal(await gateway.upgrade(await ganymede.accessToken()), 503);
});

test('refuses a project of another organization and asks only once in a while', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  for (const projectId of [randomUUID(), '../../etc']) {
    const reason = await new Promise((resolve) => {
      gateway.room(projectId, { onRefused: resolve });
    });
    assert.equal(reason, 'unknown-project');
  }
  assert.equal(ganymede.count('/gateway/organization'), 1);
});

test('admits to a project that was added after the start', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const added = randomUUID();
  ganymede.projectIds.push(added);
  await gateway.room(added).synced();
  assert.equal(ganymede.count('/gateway/organization'), 1);
});

test('the token of the room is checked too, not only that of the upgrade', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const reason = await new Promise((resolve) => {
    const room = gateway.room(undefined, { onRefused: resolve });
    room.provider.configuration.token = async () => ganymede.accessToken({ generation: 6 });
  });
  assert.equal(reason, 'invalid-access-token');
});

test('two clients see what the other writes', async (t) => {
  const { gateway } = await servingGateway(t);
  const [first, second] = [gateway.room(), gateway.room()];
  await Promise.all([first.synced(), second.synced()]);
  first.document.getText('content').insert(0, 'from the first');
  await sees(second, 'from the first');
  second.document.getText('content').insert(0, 'from the second, ');
  await sees(first, 'from the second, from the first');
  assert.equal((await gateway.health()).connections, 2);
});

test('a client asks for a fresh token at every connection', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  let tokens = 0;
  const connected = Promise.withResolvers();
  const room = gateway.room(undefined, {
    accessToken: () => {
      tokens += 1;
      if (tokens === 3) connected.resolve();
      return tokens === 2 ? 'no longer valid' : ganymede.accessToken();
    },
  });
  await room.synced();
  room.provider.configuration.websocketProvider.webSocket.close();
  await connected.promise;
  await room.synced();
});
