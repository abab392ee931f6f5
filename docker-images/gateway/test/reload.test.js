import assert from 'node:assert/strict';
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import * as Y from 'yjs';
import { Edge } from './support/edge.js';
import { Editor } from './support/editor.js';
import { SUPERVISOR } from './support/gateway-process.js';
import { readyGateway, servingGateway } from './support/scene.js';
import { roomWith, sees, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';
const PULL = '/gateway/data/pull';
const supervised = { program: SUPERVISOR };
/** An exception that nobody catches, at SIGUSR2. */
const buggy = { NODE_OPTIONS: `--import=${new URL('./support/bug.js', import.meta.url).href}` };

test('a touched trigger file saves, starts a new process, and the organization is served again', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, supervised);
  assert.equal((await stat(path.join(gateway.directory, 'run', 'session.json'))).mode & 0o777, 0o600);
  await gateway.write('before the reload');
  await trigger(gateway);
  await gateway.listening(2);
  await gateway.logged('serving', 2);
  assert.equal(textOf(ganymede.snapshot.yjs_state[ganymede.projectIds[0]]), 'before the reload');
  assert.equal((await gateway.health()).generation, 7);
  assert.deepEqual([ganymede.count('/gateway/config'), ganymede.count('/gateway/stop')], [1, 0]);
  await sees(gateway.room(), 'before the reload');
  assert.equal(await gateway.signal('SIGTERM'), 0);
  assert.equal(ganymede.count('/gateway/stop'), 1);
});

test('touching an existing trigger file again reloads again; an idle gateway announces itself again', async (t) => {
  const { ganymede, gateway } = await readyGateway(t, supervised);
  await trigger(gateway);
  await gateway.listening(2);
  await gateway.logged('ready to be allocated', 2);
  await trigger(gateway, new Date(2020, 1, 1));
  await gateway.listening(3);
  await gateway.logged('ready to be allocated', 3);
  assert.equal(ganymede.count('/gateway/ready'), 3);
  assert.equal(await gateway.signal('SIGTERM'), 0);
});

test('the code of the workspace is preferred to that of the image', async (t) => {
  const { gateway } = await readyGateway(t, supervised);
  const program = path.join(gateway.directory, 'workspace/monorepo/dist/packages/app-gateway/main.js');
  await mkdir(path.dirname(program), { recursive: true });
  await writeFile(program, 'console.log(JSON.stringify({ message: "from the workspace" }));');
  await trigger(gateway);
  await gateway.logged('from the workspace');
  assert.equal(await gateway.ended, 0);
});

test('a reload is refused while the data cannot be saved', async (t) => {
  const { ganymede, gateway } = await servingGateway(t);
  await gateway.write('precious');
  ganymede.fail(PUSH, 503);
  gateway.child.kill('SIGUSR1');
  await gateway.logged('not reloading: the data could not be saved');
  assert.equal((await gateway.health()).state, 'serving');
  ganymede.heal(PUSH);
  await sees(gateway.room(), 'precious');
});

test('a gateway that is killed comes back with the tenancy', async (t) => {
  const { gateway } = await servingGateway(t, { ...supervised, environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  await gateway.write('saved before the crash');
  while ((await gateway.health()).dirty);
  const { pid } = await gateway.logged('listening');
  process.kill(pid, 'SIGKILL');
  await gateway.listening(2);
  await gateway.logged('serving', 2);
  await sees(gateway.room(), 'saved before the crash');
});

test('whoever comes while a new process resumes is admitted once everything is loaded, with what they wrote meanwhile', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, supervised);
  const edge = await Edge.start(t);
  edge.leadTo(gateway);
  const ada = new Editor(t, { ganymede, edge, name: 'ada' });
  ada.write();
  await ada.room.acknowledged();
  const [projectId, other] = ganymede.projectIds;
  ganymede.data.rescued.set(5, { data: { yjs_state: { [other]: roomWith('rescued') }, gateway_state: {} } });
  const pulls = ganymede.count(PULL);
  ganymede.fail(PULL, 503, 2);
  const gate = Promise.withResolvers();
  ganymede.delay(PULL, gate.promise);

  await trigger(gateway);
  await gateway.listening(2);
  edge.leadTo(gateway);
  while (ganymede.underWay(PULL) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await gateway.upgrade(await ganymede.accessToken()), 503);
  assert.equal((await gateway.health()).state, 'starting');
  const disconnected = ada.statuses.filter((status) => status === 'connecting').length;
  ada.write();
  await ada.was('connecting', disconnected + 2);
  assert.equal((await gateway.health()).connections, 0);

  gate.resolve();
  await ada.room.acknowledged();
  const reader = new Editor(t, { ganymede, edge, name: 'reader' });
  await reader.has(ada.written);
  await sees(gateway.room(other), 'rescued');
  assert.deepEqual([ganymede.count(PULL) - pulls, ganymede.count('/gateway/config')], [4, 1]);
  assert.equal(await gateway.signal('SIGTERM'), 0);
  const pushes = ganymede.calls.filter(({ path, status }) => path === PUSH && status === 200).map(({ body }) => body);
  assert.deepEqual(pushes.map(({ recovered }) => recovered), [undefined, [5]]);
  assert.ok(pushes[1].sequence > pushes[0].sequence);
  assert.deepEqual(Object.keys(ganymede.snapshot.yjs_state).sort(), [projectId, other].sort());
});

test('a process that crashes with unsaved data leaves it in a file, and the next one goes on with its clients', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, { ...supervised, environment: buggy });
  const edge = await Edge.start(t);
  edge.leadTo(gateway);
  const ada = new Editor(t, { ganymede, edge, name: 'ada' });
  ada.write(2);
  await ada.room.acknowledged();
  ganymede.fail(PUSH, 503);
  process.kill((await gateway.logged('listening')).pid, 'SIGUSR2');
  await gateway.listening(2);
  edge.leadTo(gateway);
  const [{ content }] = await gateway.files('unsent-');
  assert.deepEqual(entriesOf(JSON.parse(content), ganymede), ['ada0', 'ada1']);
  ganymede.heal(PUSH);
  ada.write();
  await ada.room.acknowledged();
  assert.equal(await gateway.signal('SIGTERM'), 0);
  assert.deepEqual(entriesOf({ data: ganymede.snapshot }, ganymede), ['ada0', 'ada1', 'ada2']);
  assert.equal((await gateway.files('unsent-')).length, 1);
});

test('a tenancy that ended meanwhile is not resumed', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, supervised);
  ganymede.ended = true;
  process.kill((await gateway.logged('listening')).pid, 'SIGKILL');
  assert.equal(await gateway.ended, 76);
  assert.equal(await gateway.session(), undefined);
});

test('a gateway that cannot be configured is not restarted', async (t) => {
  await assert.rejects(readyGateway(t, { ...supervised, environment: { GATEWAY_AUTOSAVE_SECONDS: 'soon' } }), /GATEWAY_AUTOSAVE_SECONDS/);
});

/** What `touch` does. */
async function trigger(gateway, time = new Date()) {
  const file = path.join(gateway.directory, 'workspace/monorepo/.gateway-reload-trigger');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '', { flag: 'a' });
  await utimes(file, time, time);
}

function entriesOf({ data }, { projectIds: [projectId] }) {
  const document = new Y.Doc();
  Y.applyUpdate(document, Buffer.from(data.yjs_state[projectId], 'base64'));
  return document.getArray('entries').toArray();
}
