import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import readline from 'node:readline';
import { test } from 'node:test';
import { outcome } from '../demo/load/outcome.mjs';
import { Edge } from './support/edge.js';
import { ganymedeFor, servingGateway } from './support/scene.js';

const PROGRAM = new URL('../demo/load.mjs', import.meta.url).pathname;

test('two editors are played through the loss of a gateway, and the account is complete', async (t) => {
  const { ganymede, gateway, edge } = await scene(t);
  const load = play(t, ganymede);
  await load.printed(({ event }) => event === 'ready');
  await load.printed(({ event, entries }) => event === 'acknowledged' && entries >= 5);
  await gateway.signal('SIGKILL');
  ganymede.refuseClients = true;
  ganymede.failOver();
  await load.printed(({ event, message }) => event === 'error' && message.includes('503'));
  await serve(t, ganymede, edge);
  ganymede.refuseClients = false;
  for (const client of ['a', 'b']) await load.printed((line) => line.client === client && line.downtime_ms > 0);
  load.child.stdin.write('finish\n');
  assert.equal(await load.ended, 0);
  const { at, downtimes_ms: downtimes, ...summary } = load.lines.at(-1);
  const written = summary.entries_written;
  assert.ok(written >= 10 && Date.parse(at) > 0);
  assert.deepEqual(summary, {
    organization: ganymede.organizationId, event: 'summary', entries_written: written, entries_acknowledged: written,
    entries_in_document: written, lost: [], lost_count: 0, duplicates: 0, converged: true,
  });
  assert.equal(downtimes.length, 2);
  const generations = load.lines.filter(({ event }) => event === 'connected').map(({ generation }) => generation);
  assert.deepEqual(generations, [7, 7, 8, 8]);
});

test('editors that do not come together in time are no success', async (t) => {
  const { ganymede, gateway } = await scene(t);
  const load = play(t, ganymede, { convergence_seconds: 0.5 });
  await load.printed(({ event }) => event === 'ready');
  await gateway.signal('SIGKILL');
  await load.printed(({ event }) => event === 'disconnected');
  load.child.kill('SIGTERM');
  assert.equal(await load.ended, 2);
  assert.equal(load.lines.at(-1).converged, false);
});

test('an input without organizations is refused', async (t) => {
  const load = play(t, { url: 'http://g', apiKey: 'k' }, { organizations: [] });
  assert.equal(await load.ended, 64);
});

test('what was acknowledged and is not there is lost, what is there twice is a duplicate', () => {
  const clients = [{ author: 'r-a', written: 3, acknowledged: 2 }, { author: 'r-b', written: 1, acknowledged: 1 }];
  assert.deepEqual(outcome(clients, ['r-a:1', 'r-a:1', 'r-a:3', 'old-a:2', 5]), {
    entries_written: 4, entries_acknowledged: 3, entries_in_document: 2, lost: ['r-a:2', 'r-b:1'], lost_count: 2, duplicates: 1,
  });
});

async function scene(t) {
  const ganymede = await ganymedeFor(t);
  const edge = await Edge.start(t);
  ganymede.websocketUrl = edge.url;
  return { ganymede, edge, gateway: await serve(t, ganymede, edge) };
}

async function serve(t, ganymede, edge) {
  const { gateway } = await servingGateway(t, { ganymede });
  edge.leadTo(gateway);
  return gateway;
}

/** The program, watched through what it prints. */
function play(t, { url, apiKey, organizationId, projectIds, userId }, changes = {}) {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const organizations = [{ id: organizationId, project_id: projectIds?.[0], user_ids: [userId, userId] }];
  child.stdin.write(`${JSON.stringify({ ganymede_url: url, api_key: apiKey, organizations, edits_per_second: 50, ...changes })}\n`);
  const lines = [];
  const changed = new EventEmitter();
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line));
    changed.emit('line');
  });
  const printed = async (condition) => {
    while (!lines.some(condition)) await once(changed, 'line');
  };
  return { child, lines, printed, ended: once(child, 'close').then(([code]) => code) };
}
