import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { Edge } from './support/edge.js';
import { Editor } from './support/editor.js';
import { ganymedeFor, servingGateway } from './support/scene.js';

const ORGANIZATION = '/gateway/organization';

test('after a restore, nothing of what it undid comes back from the clients, and they go on', async (t) => {
  const { ganymede, edge, gateway } = await scene(t);
  const dropped = [];
  const [ada, grace] = ['ada', 'grace'].map((name) =>
    new Editor(t, { ganymede, edge, name, onRestored: (document) => dropped.push([name, document]) }));
  await Promise.all([ada, grace].map(({ room }) => room.synced()));
  ada.write(3);
  const earlier = await saved(ganymede, gateway, ada);
  ada.write(2);
  grace.write(2);
  await saved(ganymede, gateway, ada);
  await grace.room.acknowledged();
  grace.room.provider.setAwarenessField('name', 'Grace');

  await restore(t, { ganymede, edge, gateway, earlier });
  await Promise.all([ada, grace].map(({ room }) => room.synced()));
  for (const { room } of [ada, grace]) assert.deepEqual(room.document.getArray('entries').toArray(), ['ada0', 'ada1', 'ada2']);
  assert.deepEqual(dropped.map(([name]) => name).sort(), ['ada', 'grace']);
  for (const [, document] of dropped) assert.ok(document.getArray('entries').length > 3);
  assert.equal(ada.room.lineage, 1);
  assert.equal(grace.room.provider.awareness.getLocalState().name, 'Grace');

  ada.room.document.getArray('entries').push(['after']);
  await ada.room.acknowledged();
  await grace.has(['after']);
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(['after']);
  assert.deepEqual(reader.entries.toArray(), ['ada0', 'ada1', 'ada2', 'after']);
});

test('whoever is in the middle of entering during a restore comes to what was restored, and brings nothing of what it undid', async (t) => {
  const { ganymede, edge, gateway } = await scene(t);
  const ada = new Editor(t, { ganymede, edge, name: 'ada' });
  await ada.room.synced();
  ada.write(2);
  const earlier = await saved(ganymede, gateway, ada);
  ada.write(2);
  await saved(ganymede, gateway, ada);

  const [newcomer, asked] = [randomUUID(), Promise.withResolvers()];
  const entering = { ganymede, edge, accessToken: () => ganymede.accessToken({ userId: newcomer }) };
  const dropped = [];
  ganymede.delay(ORGANIZATION, asked.promise);
  const kept = new Y.Doc();
  Y.applyUpdate(kept, Y.encodeStateAsUpdate(ada.room.document));
  kept.getArray('entries').push(['written offline']);
  const back = new Editor(t, { ...entering, name: 'back', document: kept, lineage: 0, onRestored: (document) => dropped.push(document) });
  const empty = new Editor(t, { ...entering, name: 'empty', onRestored: () => assert.fail('restored') });
  while (ganymede.underWay(ORGANIZATION) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([back, empty].map((editor) => editor.was('connected', 1)));

  ganymede.members.push({ user_id: newcomer, name: 'Grace', role: 'editor' });
  ganymede.data.restore(earlier);
  ganymede.failOver();
  edge.leadTo(undefined);
  const ended = gateway.signal('SIGTERM');
  await gateway.logged('told to stop');
  asked.resolve();
  assert.equal(await ended, 0);
  ganymede.delay(ORGANIZATION, undefined);
  await serve(t, ganymede, edge);

  await Promise.all([back, empty].map(({ room }) => room.synced()));
  for (const { entries } of [back, empty]) assert.deepEqual(entries.toArray(), ['ada0', 'ada1']);
  assert.deepEqual(dropped, [kept]);
  back.write();
  empty.write();
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(['back0', 'empty0']);
  assert.deepEqual(reader.entries.toArray().sort(), ['ada0', 'ada1', 'back0', 'empty0']);
});

for (const [lineage, said] of [[0, undefined], [1, 'lineage=1']]) {
  test(`somebody who comes back to lineage ${lineage} says ${said ?? 'nothing'} behind the token`, async (t) => {
    const { ganymede, edge } = await scene(t, { lineage });
    const { room } = new Editor(t, { ganymede, edge, name: 'ada' });
    await room.synced();
    assert.equal(room.lineage, lineage);
    assert.equal((await room.provider.getToken()).split(';')[1], said);
  });
}

test('somebody who reconnects to the same lineage keeps what was written meanwhile', async (t) => {
  const { ganymede, edge, gateway } = await scene(t, { lineage: 3 });
  const ada = new Editor(t, { ganymede, edge, name: 'ada', onRestored: () => assert.fail('restored') });
  await ada.room.synced();
  await gateway.signal('SIGKILL');
  ada.write(3);
  ganymede.failOver();
  await serve(t, ganymede, edge);
  await ada.room.acknowledged();
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(ada.written);
});

test('what is dropped by a restore is not acknowledged, and who waits for the content has what there is', async (t) => {
  const { ganymede, edge, gateway } = await scene(t);
  const refused = [];
  const ada = new Editor(t, { ganymede, edge, name: 'ada', onRefused: (reason) => refused.push(reason) });
  await ada.room.synced();
  ada.write();
  const earlier = await saved(ganymede, gateway, ada);
  edge.leadTo(undefined);
  await gateway.signal('SIGKILL');
  await ada.was('disconnected', 1);
  ada.write();
  const acknowledged = assert.rejects(ada.room.acknowledged(), { message: 'restored' });
  await restore(t, { ganymede, edge, earlier });
  await acknowledged;
  assert.deepEqual(refused, ['restored']);
  await ada.room.synced();
  assert.deepEqual(ada.room.document.getArray('entries').toArray(), ['ada0']);
  ada.write();
  await ada.room.acknowledged();
});

test('a client that does not say its lineage is refused with content, admitted without, when there was a restore', async (t) => {
  const { ganymede, edge } = await scene(t, { lineage: 1 });
  const full = new Y.Doc();
  full.getArray('entries').push(['undone']);
  const told = [];
  const onStateless = ({ payload }) => told.push(payload);
  const reason = await new Promise((resolve) => {
    plain(t, { ganymede, edge, document: full, onStateless, onClose: ({ event }) => event.reason && resolve(event.reason) });
  });
  assert.deepEqual([reason, told], ['restored', []]);
  const empty = new Y.Doc();
  await new Promise((resolve) => plain(t, { ganymede, edge, document: empty, onStateless, onSynced: resolve }));
  assert.deepEqual(told, ['{"type":"lineage","lineage":1}']);
  empty.getArray('entries').push(['new']);
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(['new']);
  assert.deepEqual(reader.entries.toArray(), ['new']);
});

test('without a restore, a client brings what it has', async (t) => {
  const { ganymede, edge } = await scene(t);
  const full = new Y.Doc();
  full.getArray('entries').push(['written offline']);
  plain(t, { ganymede, edge, document: full });
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(['written offline']);
});

test('a document that an application kept is taken with its lineage, and dropped with an older one', async (t) => {
  const { ganymede, edge } = await scene(t, { lineage: 2 });
  const kept = (text) => {
    const document = new Y.Doc();
    document.getArray('entries').push([text]);
    return document;
  };
  const old = new Editor(t, { ganymede, edge, name: 'old', document: kept('undone'), lineage: 1 });
  const current = new Editor(t, { ganymede, edge, name: 'current', document: kept('kept'), lineage: 2 });
  await current.room.acknowledged();
  await old.room.synced();
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(['kept']);
  assert.deepEqual(reader.entries.toArray(), ['kept']);
});

async function scene(t, { lineage = 0 } = {}) {
  const ganymede = await ganymedeFor(t);
  ganymede.data.lineage = lineage;
  const edge = await Edge.start(t);
  return { ganymede, edge, gateway: await serve(t, ganymede, edge) };
}

async function serve(t, ganymede, edge) {
  const { gateway } = await servingGateway(t, { ganymede, environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  edge.leadTo(gateway);
  return gateway;
}

/** What is stored once everything is. */
async function saved(ganymede, gateway, editor) {
  await editor.room.acknowledged();
  while ((await gateway.health()).dirty);
  return ganymede.snapshot;
}

async function restore(t, { ganymede, edge, gateway, earlier }) {
  ganymede.data.restore(earlier);
  edge.leadTo(undefined);
  ganymede.failOver();
  await gateway?.signal('SIGKILL');
  await serve(t, ganymede, edge);
}

/** A client of another make. */
function plain(t, { ganymede, edge, document, ...options }) {
  const opened = ganymede.accessToken().then((token) => {
    const websocketProvider = new HocuspocusProviderWebsocket({ url: `${edge.url}?access_token=${token}` });
    const provider = new HocuspocusProvider({ websocketProvider, name: ganymede.projectIds[0], document, token, ...options });
    provider.attach();
    return () => {
      provider.destroy();
      websocketProvider.destroy();
    };
  });
  t.after(async () => (await opened)());
}
