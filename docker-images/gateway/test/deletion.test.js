import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { readyGateway } from './support/scene.js';
import { roomWith, sees, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';
const ORGANIZATION = '/gateway/organization';
const soon = { environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } };

test('the data of a deleted project that nobody opened leaves with the next push', async (t) => {
  const { ganymede, gateway, kept, deleted } = await twoProjects(t);
  remove(ganymede, deleted);
  await gateway.write('more, ', kept);
  assert.equal(await gateway.signal('SIGTERM'), 0);
  assert.deepEqual(texts(ganymede.snapshot), { [kept]: 'more, kept' });
  assert.equal(ganymede.count(PUSH), 1);
});

test('the room of a deleted project is closed, refused, and not pushed', async (t) => {
  const { ganymede, gateway, kept, deleted } = await twoProjects(t, soon);
  const open = await gateway.write('still ', deleted);
  const closed = new Promise((resolve) => open.provider.on('close', resolve));
  await ganymede.stored((data) => textOf(data.yjs_state[deleted]) === 'still deleted');
  remove(ganymede, deleted);
  const { document } = await gateway.write('more, ', kept);
  const typing = setInterval(() => document.getText('content').insert(0, '.'), 50);
  t.after(() => clearInterval(typing));
  await closed;
  clearInterval(typing);
  assert.equal(await refusal(gateway, deleted), 'unknown-project');
  await ganymede.stored((data) => !(deleted in data.yjs_state));
  while ((await gateway.health()).dirty);
  assert.equal((await gateway.health()).rooms, 1);
  assert.deepEqual(Object.keys(texts(ganymede.snapshot)), [kept]);
  await gateway.logged('these projects exist no longer, their data is dropped');
});

test('nothing is dropped while Ganymede cannot be asked', async (t) => {
  for (const status of [503, 404, 401, 0]) {
    const { ganymede, gateway, kept, deleted } = await twoProjects(t);
    remove(ganymede, deleted);
    ganymede.fail(ORGANIZATION, status);
    await gateway.write('more, ', kept);
    assert.equal(await gateway.signal('SIGTERM'), 0);
    assert.deepEqual(texts(ganymede.snapshot), { [kept]: 'more, kept', [deleted]: 'deleted' });
  }
});

for (const [what, answer] of [
  ['not whole', { projects: undefined }],
  ['about another organization', { organization_id: randomUUID(), projects: [] }],
  ['about another generation', { generation: 8, projects: [] }],
]) {
  test(`nothing is dropped because of an answer that is ${what}`, async (t) => {
    const { ganymede, gateway, kept, deleted } = await twoProjects(t);
    ganymede.overrides[ORGANIZATION] = answer;
    await gateway.write('more, ', kept);
    assert.equal(await gateway.signal('SIGTERM'), 0);
    assert.deepEqual(texts(ganymede.snapshot), { [kept]: 'more, kept', [deleted]: 'deleted' });
  });
}

test('a question that is not answered does not hold up a push', async (t) => {
  const { ganymede, gateway, kept, deleted } = await twoProjects(t);
  await gateway.write('more, ', kept);
  ganymede.hang(ORGANIZATION);
  assert.equal(await gateway.signal('SIGTERM'), 0);
  assert.deepEqual(texts(ganymede.snapshot), { [kept]: 'more, kept', [deleted]: 'deleted' });
});

test('a project that is opened for the first time is kept', async (t) => {
  const { ganymede, gateway } = await twoProjects(t, soon);
  const added = randomUUID();
  ganymede.projectIds.push(added);
  await gateway.write('new', added);
  await ganymede.stored((data) => added in data.yjs_state);
  assert.equal(textOf(ganymede.snapshot.yjs_state[added]), 'new');
});

test('a project that is created again under the same id begins empty', async (t) => {
  const { ganymede, gateway, kept, deleted } = await twoProjects(t);
  remove(ganymede, deleted);
  assert.equal(await refusal(gateway, randomUUID()), 'unknown-project');
  ganymede.projectIds.push(deleted);
  await new Promise((resolve) => setTimeout(resolve, 2_050));
  const room = await gateway.write('anew', deleted);
  assert.equal(room.document.getText('content').toString(), 'anew');
  await sees(gateway.room(kept), 'kept');
});

/** A gateway that serves two projects, `kept` and `deleted`, whose rooms say so; nobody has opened them. */
async function twoProjects(t, options) {
  const { ganymede, gateway } = await readyGateway(t, options);
  const [kept, deleted] = ganymede.projectIds;
  ganymede.snapshot = { yjs_state: { [kept]: roomWith('kept'), [deleted]: roomWith('deleted') }, gateway_state: {} };
  assert.equal((await gateway.start()).status, 200);
  return { ganymede, gateway, kept, deleted };
}

function remove(ganymede, projectId) {
  ganymede.projectIds = ganymede.projectIds.filter((id) => id !== projectId);
}

function texts({ yjs_state: rooms }) {
  return Object.fromEntries(Object.entries(rooms).map(([id, state]) => [id, textOf(state)]));
}

function refusal(gateway, projectId) {
  return new Promise((resolve) => {
    gateway.room(projectId, { onRefused: resolve });
  });
}
