import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { Edge } from './support/edge.js';
import { Editor } from './support/editor.js';
import { ganymedeFor, servingGateway } from './support/scene.js';

const PUSH = '/gateway/data/push';
const autosave = { GATEWAY_AUTOSAVE_SECONDS: '0.05' };
const impatient = { patience: { silence: 200, answer: 200, attempt: 1_000 } };

test('a gateway is killed under two editors: both come back by themselves, and no edit is lost', async (t) => {
  const { ganymede, gateway, edge, editors: [ada, grace] } = await edited(t, { environment: autosave });
  for (const editor of [ada, grace]) editor.type();
  await gateway.logged('pushed', 2);

  await gateway.signal('SIGKILL');
  ganymede.failOver();
  ganymede.refuseClients = true;
  await ganymede.clientRefused(4);
  for (const editor of [ada, grace]) assert.notEqual(editor.room.provider.isSynced, true);
  const next = await serve(t, ganymede, edge);
  ganymede.refuseClients = false;

  await Promise.all([ada.has(grace.written.slice()), grace.has(ada.written.slice())]);
  await agree(t, { ganymede, edge, editors: [ada, grace] });
  assert.equal((await next.health()).generation, 8);
});

test('what only a killed gateway had in memory comes back with its clients', async (t) => {
  const { ganymede, gateway, edge, editors: [ada, grace] } = await edited(t);
  ada.write(20);
  await ada.room.acknowledged();
  await grace.has(ada.written);
  await gateway.signal('SIGKILL');
  assert.equal(ganymede.count(PUSH), 0);
  ada.room.close();
  ganymede.failOver();
  await serve(t, ganymede, edge);
  await grace.room.acknowledged();
  await agree(t, { ganymede, edge, editors: [grace], entries: ada.written });
});

test('edits made without a connection are sent as one, whose acknowledgement is that of all', async (t) => {
  const { ganymede, gateway, edge, editors: [ada] } = await edited(t, { WebSocket });
  await gateway.signal('SIGKILL');
  await ada.was('disconnected', 1);
  ada.write(500);
  let acknowledgements = 0;
  ada.room.provider.on('message', ({ event }) => { acknowledgements += Number(saysApplied(event.data)); });
  ganymede.failOver();
  const next = await serve(t, ganymede, edge);
  await ada.room.acknowledged();
  await next.signal('SIGTERM');
  assert.equal(acknowledgements, 1);
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  ganymede.failOver();
  await serve(t, ganymede, edge);
  await reader.has(ada.written);
});

for (const [what, implementation] of [['of the platform', undefined], ['of ws', WebSocket]]) {
  test(`a connection on which nothing comes any more is given up (WebSocket ${what})`, async (t) => {
    const { ganymede, edge, editors: [ada] } = await edited(t, { ...impatient, WebSocket: implementation });
    edge.fallSilent();
    ada.write(3);
    // An attempt that hangs too does not hold it either.
    await ada.was('connecting', 3);
    edge.speak();
    await ada.room.acknowledged();
    await agree(t, { ganymede, edge, editors: [ada] });
  });
}

test('a quiet connection to a gateway that lives is kept, and the probes keep no gateway', async (t) => {
  const { ganymede, gateway, editors: [ada, grace] } = await edited(t, {
    patience: { silence: 100, answer: 1_500 }, environment: { GATEWAY_INACTIVITY_SHUTDOWN_SECONDS: '4' },
  });
  const before = ada.statuses.length;
  await gateway.logged('idle, saving before leaving');
  assert.deepEqual([ada.statuses.length, grace.statuses.length], [before, before]);
  assert.equal(await gateway.ended, 0);
  assert.equal(ganymede.count('/gateway/stop'), 1);
});

test('a token that never comes is one failed attempt', async (t) => {
  const { ganymede, edge } = await edited(t);
  let asked = 0;
  const editor = new Editor(t, {
    ganymede, edge, name: 'late', patience: { token: 50 },
    accessToken: () => (asked++ ? ganymede.clientToken() : new Promise(() => {})),
  });
  await editor.room.synced();
  assert.equal(asked, 2);
});

test('a gateway that hung and was replaced sends its clients to the next one when it wakes up', async (t) => {
  const { ganymede, gateway, edge, editors: [ada, grace] } = await edited(t, { environment: autosave });
  ganymede.fail(PUSH, 503);
  ada.write(5);
  await ada.room.acknowledged();
  await ganymede.call(PUSH);
  gateway.child.kill('SIGSTOP');
  ganymede.heal(PUSH);
  ganymede.failOver();
  const next = await serve(t, ganymede, edge);
  grace.write(5);
  gateway.child.kill('SIGCONT');
  assert.equal(await gateway.ended, 76);
  assert.equal((await gateway.files('unsent-')).length, 1);
  await agree(t, { ganymede, edge, editors: [ada, grace] });
  assert.equal((await next.health()).connections, ['ada', 'grace', 'reader'].length);
});

test('one that hung with nothing unsaved learns it from a ping', async (t) => {
  const { ganymede, gateway, edge, editors } = await edited(t, { environment: { GATEWAY_PING_SECONDS: '0.1' } });
  gateway.child.kill('SIGSTOP');
  ganymede.failOver();
  await serve(t, ganymede, edge);
  gateway.child.kill('SIGCONT');
  assert.equal(await gateway.ended, 76);
  assert.deepEqual(await gateway.files('unsent-'), []);
  await agree(t, { ganymede, edge, editors });
});

/** A message ends with its type and what it says: here a sync status (8) of true (1). */
function saysApplied(data) {
  const [type, status] = new Uint8Array(data).slice(-2);
  return type === 8 && status === 1;
}

/** A gateway behind an edge, with two editors in its room. */
async function edited(t, { environment, ...options } = {}) {
  const ganymede = await ganymedeFor(t);
  const edge = await Edge.start(t);
  const gateway = await serve(t, ganymede, edge, environment);
  const editors = ['ada', 'grace'].map((name) => new Editor(t, { ganymede, edge, name, ...options }));
  await Promise.all(editors.map((editor) => editor.room.synced()));
  return { ganymede, edge, gateway, editors };
}

async function serve(t, ganymede, edge, environment) {
  const { gateway } = await servingGateway(t, { ganymede, environment });
  edge.leadTo(gateway);
  return gateway;
}

/** Whoever comes now finds every entry of everybody, once. */
async function agree(t, { ganymede, edge, editors, entries = [] }) {
  for (const editor of editors) editor.rest();
  const all = [...entries, ...editors.flatMap(({ written }) => written)];
  await Promise.all(editors.map((editor) => editor.has(all)));
  await Promise.all(editors.map((editor) => editor.room.acknowledged()));
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(all);
  assert.deepEqual(reader.entries.toArray().sort(), all.sort());
}
