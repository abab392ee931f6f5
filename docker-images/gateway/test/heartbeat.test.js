import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Heartbeat } from '../src/heartbeat.js';
import { createLog } from '../src/log.js';
import { RequestError } from '../src/request.js';
import { servingGateway } from './support/scene.js';
import { textOf } from './support/yjs.js';

const PING = '/gateway/ping';
const often = { environment: { GATEWAY_PING_SECONDS: '0.05' } };

test('tells Ganymede how many clients it has', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, often);
  assert.equal((await ganymede.call(PING)).token, ganymede.gatewayToken);
  await gateway.room().synced();
  while (ganymede.calls.findLast(({ path }) => path === PING).body.connections !== 1) await ganymede.call(PING, ganymede.count(PING) + 1);
});

for (const status of [401, 409]) {
  test(`a ping that is answered ${status} ends the tenancy: clients are sent away, unsaved data is in a file`, async (t) => {
    const { ganymede, gateway } = await servingGateway(t, often);
    await gateway.write('too late');
    ganymede.fail(PING, status);
    assert.equal(await gateway.ended, 76);
    const [file] = await gateway.files('unsent-');
    assert.equal(textOf(JSON.parse(file.content).data.yjs_state[ganymede.projectIds[0]]), 'too late');
    assert.equal(ganymede.count('/gateway/data/push'), 0);
  });
}

test('an old Ganymede without pings is pinged once', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, often);
  ganymede.fail(PING, 404);
  assert.equal((await gateway.logged('this Ganymede knows no pings: none are sent any more')).level, 'info');
  const pings = ganymede.count(PING);
  assert.equal((await gateway.health()).state, 'serving');
  await gateway.signal('SIGTERM');
  assert.equal(ganymede.count(PING), pings);
});

test('an outage is reported once, and its end', async (t) => {
  const { ganymede, gateway } = await servingGateway(t, often);
  ganymede.fail(PING, 503);
  const failed = ganymede.count(PING);
  await ganymede.call(PING, failed + 5);
  ganymede.heal(PING);
  await gateway.logged('Ganymede answers pings again');
  assert.equal(gateway.lines.filter(({ message }) => message === 'Ganymede does not answer pings').length, 1);
  assert.equal((await gateway.health()).state, 'serving');
});

test('one ping an interval, spread, and none while one is under way', async (t) => {
  const { pings, pass, answer } = heartbeat(t);
  await pass(47);
  assert.equal(pings(), 0);
  await pass(14);
  assert.equal(pings(), 1);
  await pass(300);
  assert.equal(pings(), 1);
  await answer();
  await pass(62);
  assert.equal(pings(), 2);
});

test('a process that stood still asks at once whether its tenancy is over', async (t) => {
  const { pings, pass, clock, lost, answer } = heartbeat(t);
  await pass(3);
  clock.skipped += 20_000;
  await pass(1);
  assert.equal(pings(), 1);
  await answer(new RequestError('stale', 409));
  assert.deepEqual([lost(), await pass(300).then(pings)], [1, 1]);
});

test('what is answered after the stop has no consequences', async (t) => {
  const { beat, pass, lost, answer } = heartbeat(t);
  await pass(61);
  beat.stop();
  await answer(new RequestError('stale', 409));
  assert.equal(lost(), 0);
});

/** A heartbeat a minute on mocked timers, whose pings wait for `answer`. */
function heartbeat(t) {
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  t.after(() => mock.timers.reset());
  const clock = { skipped: 0 };
  const onLost = mock.fn();
  let pings = 0;
  let settle = () => {};
  const beat = new Heartbeat({
    ping: () => new Promise((resolve, reject) => {
      pings += 1;
      settle = (error) => (error ? reject(error) : resolve());
    }),
    intervalMillis: 60_000,
    onLost,
    log: createLog({}, () => {}),
    now: () => Date.now() + clock.skipped,
  });
  beat.start();
  t.after(() => beat.stop());
  const pass = async (seconds) => {
    for (let second = 0; second < seconds; second += 1) mock.timers.tick(1_000);
  };
  const answer = async (error) => {
    settle(error);
    await new Promise(setImmediate);
  };
  return { beat, clock, pass, answer, pings: () => pings, lost: () => onLost.mock.callCount() };
}
