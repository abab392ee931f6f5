import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readyGateway } from './support/scene.js';

test('keeps idle connections for longer than the edge does', async (t) => {
  const { gateway } = await readyGateway(t);
  const { headers } = await gateway.request('GET', '/health', undefined, { connection: 'keep-alive' });
  assert.equal(headers['keep-alive'], 'timeout=65');
});
