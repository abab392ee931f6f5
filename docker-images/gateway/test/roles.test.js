import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createLog } from '../src/log.js';
import { decodeSnapshot } from '../src/snapshot.js';
import { Tenancy } from '../src/tenancy.js';
import { servingGateway } from './support/scene.js';
import { sees, textOf } from './support/yjs.js';

for (const [role, scope] of [['owner', 'read-write'], ['editor', 'read-write'], ['viewer', 'readonly'], ['emperor', 'readonly'], [undefined, 'readonly']]) {
  test(`a member with the role ${role} is ${scope}`, async (t) => {
    const { ganymede, gateway } = await servingGateway(t);
    const room = await roomOf(ganymede, gateway, member(ganymede, role));
    assert.equal(room.provider.authorizedScope, scope);
  });
}

test('what a viewer writes reaches nobody, and a viewer sees what others write', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const viewer = await roomOf(ganymede, gateway, member(ganymede, 'viewer'));
  viewer.document.getText('content').insert(0, 'forged');
  await refusesWrite(viewer);
  const editor = await gateway.write('genuine');
  await sees(viewer, 'genuine');
  assert.equal(editor.document.getText('content').toString(), 'genuine');
  await gateway.signal('SIGTERM');
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'genuine');
});

test('what a viewer had written before it connected is not taken either', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const userId = member(ganymede, 'viewer');
  const viewer = gateway.room(undefined, { accessToken: () => ganymede.accessToken({ userId }) });
  viewer.document.getText('content').insert(0, 'forged');
  await viewer.synced();
  assert.equal((await gateway.write('genuine')).document.getText('content').toString(), 'genuine');
});

test('a member that was added after the start has its role', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  for (const [role, scope] of [['editor', 'read-write'], ['viewer', 'readonly']]) {
    const userId = randomUUID();
    ganymede.members.push({ user_id: userId, name: 'late', role });
    const room = await roomOf(ganymede, gateway, userId);
    assert.equal(room.provider.authorizedScope, scope);
  }
  assert.equal(ganymede.count('/gateway/organization'), 2);
});

test('a newcomer whose wait ends early, as waits may, is asked for nevertheless', async (t) => {
  const ids = { organization_id: randomUUID(), gateway_id: randomUUID(), generation: 1 };
  const before = { ...ids, projects: [], members: [], access_tokens: { issuer: 'i', audience: 'a', jwks: { keys: [] } } };
  const after = { ...before, members: [{ user_id: 'late', role: 'editor' }] };
  const answers = [before, after];
  const ganymede = { organization: async () => answers.shift() };
  const tenancy = new Tenancy({ ganymede, organization: before, gatewayToken: 'token', snapshot: decodeSnapshot(null), log: createLog({}, () => {}) });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  await tenancy.meet('stranger');
  now = 1_990;
  setTimeout(() => { now = 2_000; }, 100);
  await tenancy.meet('late');
  assert.deepEqual([answers.length, tenancy.roster.isReadOnly('late')], [0, false]);
});

test('whoever is not a member any more is admitted while the token is valid, to read', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const room = await roomOf(ganymede, gateway, randomUUID());
  assert.equal(room.provider.authorizedScope, 'readonly');
});

test('whoever cannot be asked for reads', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  ganymede.fail('/gateway/organization', 503);
  const room = await roomOf(ganymede, gateway, randomUUID());
  assert.equal(room.provider.authorizedScope, 'readonly');
  await gateway.logged('could not ask for the projects and members of the organization');
});

test('a role that changed counts for whoever is connected, from the next refresh on', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  const userId = member(ganymede, 'editor');
  const room = await roomOf(ganymede, gateway, userId);
  ganymede.members.find((one) => one.user_id === userId).role = 'viewer';
  await roomOf(ganymede, gateway, randomUUID());
  // The refresh that a stranger causes may still wait for its turn: written until it is refused.
  const typing = setInterval(() => room.document.getText('content').insert(0, 'x'), 50);
  t.after(() => clearInterval(typing));
  await refusesWrite(room);
});

test('a refresh that is not whole, or tells of another tenancy, changes nothing', async (t) => {
  for (const change of [{ members: [{}] }, { projects: null }, { generation: 6 }, { organization_id: randomUUID() }]) {
    const { ganymede, gateway } = await servingGateway(t);
    ganymede.overrides['/gateway/organization'] = change;
    await roomOf(ganymede, gateway, randomUUID());
    await gateway.logged('could not ask for the projects and members of the organization');
    assert.equal((await roomOf(ganymede, gateway, ganymede.userId)).provider.authorizedScope, 'read-write');
  }
});

/** A new member, known from the next refresh on. */
function member(ganymede, role) {
  const userId = randomUUID();
  ganymede.members.push({ user_id: userId, name: 'a member', role });
  return userId;
}

async function roomOf(ganymede, gateway, userId) {
  const room = gateway.room(undefined, { accessToken: () => ganymede.accessToken({ userId }) });
  await room.synced();
  return room;
}

/** The gateway answers each refused change; the provider goes on counting it as unsynced. */
async function refusesWrite(room) {
  await new Promise((resolve) => room.provider.on('message', ({ event }) => saysRefused(event.data) && resolve()));
  assert.equal(room.provider.hasUnsyncedChanges, true);
}

/** A message ends with its type and what it says: here a sync status (8) of false (0). */
function saysRefused(data) {
  const [type, status] = new Uint8Array(data).slice(-2);
  return type === 8 && status === 0;
}
