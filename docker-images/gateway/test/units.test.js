import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mock, test } from 'node:test';
import * as Y from 'yjs';
import { Activity } from '../src/activity.js';
import { createLog } from '../src/log.js';
import { Pusher, TenancyLost } from '../src/pusher.js';
import { RequestError } from '../src/request.js';
import { delayMillis } from '../src/retry.js';
import { Sequence } from '../src/sequence.js';
import { Serving } from '../src/serving.js';
import { SettingsError, takeSettings } from '../src/settings.js';
import { decodeSnapshot, encodeSnapshot } from '../src/snapshot.js';
import { Tenancy } from '../src/tenancy.js';
import { LogFile } from '../src/supervisor/log-file.js';

const silent = createLog({}, () => {});
const backoff = { baseMillis: 1, capMillis: 2 };

test('delays grow to a cap and are spread', () => {
  const slow = { baseMillis: 100, capMillis: 1000 };
  assert.deepEqual([1, 2, 3, 4, 5, 99].map((attempt) => delayMillis(slow, attempt, () => 1)), [100, 200, 400, 800, 1000, 1000]);
  assert.equal(delayMillis(slow, 1, () => 0), 50);
});

test('the boot token is taken out of the environment', () => {
  const environment = { GATEWAY_BOOT_TOKEN: 'secret', GATEWAY_ID: 'id', GANYMEDE_FQDN: 'ganymede.test' };
  const settings = takeSettings(environment);
  assert.deepEqual([settings.bootToken, environment.GATEWAY_BOOT_TOKEN], ['secret', undefined]);
  assert.equal(settings.ganymedeUrl.href, 'https://ganymede.test/');
});

for (const [name, value] of [['GATEWAY_ID', ''], ['GATEWAY_HTTP_PORT', 'x'], ['GANYMEDE_URL', 'ftp://x']]) {
  test(`${name}=${value} is refused`, () => {
    const environment = { GATEWAY_BOOT_TOKEN: 'b', GATEWAY_ID: 'id', GANYMEDE_URL: 'http://g', [name]: value };
    assert.throws(() => takeSettings(environment), SettingsError);
  });
}

test('only one push is under way, and whoever leaves pushes until nothing is unsaved', async () => {
  const { pusher, data, sent, acknowledge } = pusherAt(1);
  const pushed = pusher.push();
  await new Promise(setImmediate);
  data.version = 2;
  assert.equal(pusher.push(), pushed);
  const saved = pusher.save();
  data.version = 3;
  assert.deepEqual(sent, [1]);
  await acknowledge();
  assert.deepEqual(sent, [1, 3]);
  await acknowledge();
  await saved;
  assert.deepEqual([sent, pusher.dirty], [[1, 3], false]);
});

test('a push ends with its acknowledgement, though something changed meanwhile', async () => {
  const { pusher, data, sent, acknowledge } = pusherAt(1);
  const pushed = pusher.push();
  await new Promise(setImmediate);
  data.version = 2;
  await acknowledge();
  await pushed;
  assert.deepEqual([sent, pusher.dirty], [[1], true]);
});

test('what changes while a push is prepared is in that push', async () => {
  const scene = pusherAt(1, async () => { scene.data.version = 2; });
  const saved = scene.pusher.save();
  await scene.acknowledge();
  await saved;
  assert.deepEqual([scene.sent, scene.pusher.dirty], [[2], false]);
});

test('saving that was given up begins no further push', async () => {
  const { pusher, data, sent, acknowledge } = pusherAt(1);
  const deadline = new AbortController();
  const saved = pusher.save(deadline.signal);
  await new Promise(setImmediate);
  data.version = 2;
  deadline.abort();
  await acknowledge();
  await saved;
  assert.deepEqual([sent, pusher.dirty], [[1], true]);
});

test('a refusal for good is not repeated', async () => {
  let version = 0;
  const send = () => Promise.reject(new RequestError('stale', 409));
  const pusher = new Pusher({ version: () => version, prepare: async () => {}, send, backoff, log: silent });
  version = 1;
  await assert.rejects(pusher.save(), TenancyLost);
  assert.equal(pusher.dirty, true);
});

test('pushes and asks once an interval at most, however much is typed, and not at all while nothing changes', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  t.mock.method(performance, 'now', () => Date.now());
  const { serving, pushes, questions, rooms } = servingFor({ settings: { disableShutdown: true } });
  serving.start();
  await seconds(290);
  assert.equal(pushes(), 0);
  await seconds(300, () => rooms.changed());
  assert.equal(pushes(), 10);
  await seconds(300);
  assert.deepEqual([pushes(), questions(), serving.pusher.dirty], [11, 11, false]);
  serving.stop();
});

test('the push before leaving idle counts, when somebody came back', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  t.mock.method(performance, 'now', () => Date.now());
  const { serving, pushes, questions, rooms } = servingFor({ settings: { disableShutdown: true } });
  serving.start();
  await seconds(29, () => rooms.changed());
  await serving.save();
  await seconds(29, () => rooms.changed());
  assert.deepEqual([pushes(), questions()], [1, 1]);
  await seconds(1);
  assert.deepEqual([pushes(), questions()], [2, 2]);
  serving.stop();
});

test('idle after the delay without an event, and an event moves the deadline', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const onIdle = mock.fn();
  const activity = new Activity({ delaySeconds: 300, disabled: false, onIdle, now: () => Date.now() });
  activity.start();
  mock.timers.tick(299_000);
  activity.touch();
  mock.timers.tick(299_000);
  assert.equal(onIdle.mock.callCount(), 0);
  mock.timers.tick(1_000);
  assert.equal(onIdle.mock.callCount(), 1);
});

for (const [what, options] of [
  ['the environment', { settings: { disableShutdown: true } }],
  ['the state of the organization', { gatewayState: { projectActivity: { disable_gateway_shutdown: true } } }],
]) {
  test(`never idle when ${what} says so`, (t) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    t.after(() => mock.timers.reset());
    const { serving, onIdle } = servingFor(options);
    serving.start();
    mock.timers.tick(10_000_000);
    assert.equal(onIdle.mock.callCount(), 0);
    serving.stop();
  });
}

test('a snapshot that is not one is refused', () => {
  for (const data of [5, [], { yjs_state: [] }, { yjs_state: {}, gateway_state: 'x' }]) {
    assert.throws(() => decodeSnapshot(data), /not an object/);
  }
  assert.equal(decodeSnapshot(null).rooms.size, 0);
});

test('what is no base64 is refused, wherever it is', () => {
  const project = '0d6f7f80-0000-4000-8000-000000000001';
  for (const state of [5, 'AAA', 'AAA=A', 'A A=', '_-8=', 'AAB=', `${'A'.repeat(5_000_000)}!AAA`]) {
    assert.throws(() => decodeSnapshot({ yjs_state: { [project]: state } }), /is not base64/);
  }
});

test('a project of many megabytes is taken', () => {
  const document = new Y.Doc();
  document.getMap('files').set('large', new Uint8Array(24 * 1024 * 1024).fill(7));
  const state = Y.encodeStateAsUpdate(document);
  const data = { yjs_state: { large: Buffer.from(state).toString('base64') } };
  assert.equal(Buffer.compare(decodeSnapshot(data).rooms.get('large'), state), 0);
});

for (const sizes of [[], [0], [1, 0, 2], [786_432, 786_433, 3_000_000]]) {
  test(`a snapshot of rooms with ${sizes} bytes is encoded whole`, async () => {
    const rooms = sizes.map((size, index) => ({ projectId: `"${index}"`, state: new Uint8Array(size).fill(index + 7) }));
    const { parts, sizeBytes } = await encodeSnapshot({ rooms, gatewayState: { name: 'ü' } });
    const text = Buffer.concat(parts);
    assert.deepEqual(JSON.parse(text), {
      yjs_state: Object.fromEntries(rooms.map(({ projectId, state }) => [projectId, Buffer.from(state).toString('base64')])),
      gateway_state: { permissions: {}, oauth_clients: {}, container_tokens: {}, name: 'ü' },
    });
    assert.equal(sizeBytes, text.length);
  });
}

test('while a large snapshot is encoded, others have their turn after each megabyte', async () => {
  let turns = 0;
  const counting = setInterval(() => { turns += 1; }, 0);
  const rooms = [{ projectId: 'p', state: new Uint8Array(30_000_000) }];
  await encodeSnapshot({ rooms, gatewayState: {} });
  clearInterval(counting);
  assert.ok(turns >= 10, `${turns} turns`);
});

test('the log file is bounded', (t) => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'log-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, 'gateway.log');
  const log = new LogFile(file, 10);
  for (const line of ['first\n', 'second\n', 'third\n']) log.write(line);
  assert.deepEqual([readFileSync(`${file}.1`, 'utf8'), readFileSync(file, 'utf8')], ['second\n', 'third\n']);
});

/** A pusher of data that has this version and has never been pushed; pushes wait for `acknowledge`. */
function pusherAt(version, prepare = async () => {}) {
  const data = { version: 0 };
  const sent = [];
  const gates = [];
  const send = () => {
    sent.push(data.version);
    return new Promise((resolve) => gates.push(resolve));
  };
  const pusher = new Pusher({ version: () => data.version, prepare, send, backoff, log: silent });
  data.version = version;
  const acknowledge = async () => {
    await new Promise(setImmediate);
    gates.shift()();
    await new Promise(setImmediate);
  };
  return { pusher, data, sent, acknowledge };
}

/** Lets seconds pass by one, on mocked timers, with everything that happens in them. */
async function seconds(count, each = () => {}) {
  for (let second = 0; second < count; second += 1) {
    each();
    mock.timers.tick(1_000);
    await new Promise(setImmediate);
  }
}

function servingFor({ settings = {}, gatewayState = {} } = {}) {
  let pushed = 0;
  let asked = 0;
  const organization = {
    organization_id: 'o', gateway_id: 'g', generation: 1, projects: [], members: [],
    access_tokens: { issuer: 'i', audience: 'a', jwks: { keys: [] } },
  };
  const tenancy = new Tenancy({
    ganymede: { push: async () => { pushed += 1; return {}; }, organization: async () => { asked += 1; return organization; } },
    gatewayToken: 'token',
    organization,
    log: silent,
    snapshot: { rooms: new Map(), gatewayState },
  });
  const onIdle = mock.fn();
  const all = { autosaveSeconds: 30, pingSeconds: 60, inactivityShutdownSeconds: 300, disableShutdown: false, backoff, ...settings };
  const sequence = new Sequence({ reserve: async () => {}, log: silent });
  const serving = new Serving({ tenancy, settings: all, sequence, connections: () => 0, log: silent, onIdle, onLost: () => {} });
  return { serving, rooms: tenancy.rooms, onIdle, pushes: () => pushed, questions: () => asked };
}
