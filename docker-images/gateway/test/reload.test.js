import assert from 'node:assert/strict';
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { SUPERVISOR } from './support/gateway-process.js';
import { readyGateway, servingGateway } from './support/scene.js';
import { sees, textOf } from './support/yjs.js';

const PUSH = '/gateway/data/push';
const supervised = { program: SUPERVISOR };

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
