import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { readyGateway, servingGateway } from './support/scene.js';

test('keeps idle connections for longer than the edge does', async (t) => {
  const { gateway } = await readyGateway(t);
  const { headers } = await gateway.request('GET', '/health', undefined, { connection: 'keep-alive' });
  assert.equal(headers['keep-alive'], 'timeout=65');
});

test('answers what comes by the route of this allocation', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const route = routeOf(ganymede);
  const health = await gateway.request('GET', '/health', undefined, route);
  assert.deepEqual([health.status, health.body], [200, await gateway.health()]);
  assert.equal(await gateway.upgrade(await ganymede.accessToken(), '/collab', route), 101);
});

for (const [what, change] of [
  ['another organization', { 'x-ganymede-organization': randomUUID() }],
  ['an earlier generation', { 'x-ganymede-generation': '6' }],
  ['no generation', { 'x-ganymede-generation': undefined }],
  ['no organization', { 'x-ganymede-organization': undefined }],
]) {
  test(`tells a visitor by the route of ${what} nothing`, async (t) => {
    const { ganymede, gateway } = await servingGateway(t);
    await assertTellsNothing(ganymede, gateway, stripped({ ...routeOf(ganymede), ...change }));
  });
}

test('tells a visitor nothing before it serves, and answers Ganymede', async (t) => {
  const { ganymede, gateway } = await readyGateway(t);
  await assertTellsNothing(ganymede, gateway, routeOf(ganymede));
  assert.equal((await gateway.health()).gateway_id, ganymede.gatewayId);
  assert.equal((await gateway.start()).status, 200);
});

async function assertTellsNothing(ganymede, gateway, route) {
  for (const [method, path, body] of [['GET', '/health'], ['GET', '/collab'], ['GET', '/'], ['POST', '/collab/start', {}]]) {
    const answer = await gateway.request(method, path, body, route);
    assert.deepEqual([answer.status, answer.type], [503, 'application/problem+json'], path);
    assert.deepEqual(answer.body, {
      type: 'https://ganymede.dev/problems/not-serving', title: 'This gateway does not serve this organization', status: 503,
    });
  }
  assert.equal(await gateway.upgrade(await ganymede.accessToken(), '/collab', route), 503);
  assert.equal(await gateway.upgrade(await ganymede.accessToken(), '/other', route), 503);
}

/** What the edge sends along. */
function routeOf({ organizationId, generation }) {
  return { 'x-ganymede-organization': organizationId, 'x-ganymede-generation': String(generation) };
}

function stripped(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
