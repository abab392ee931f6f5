/**
 * What gateways and Ganymede say to each other when data was rescued, word for word: `contract/rescue` holds the file, both
 * answers to a pull, and the push that names what it merged. Ganymede's tests (RescueChainIT) play the other side of it.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as Y from 'yjs';
import { ok } from './support/data.js';
import { ganymedeFor, servingGateway } from './support/scene.js';
import { textOf } from './support/yjs.js';

const DIRECTORY = new URL('./contract/rescue/', import.meta.url);
const PUSH = '/gateway/data/push';
const FILE = /** @type {string} */ (readdirSync(DIRECTORY).find((name) => name.startsWith('unsent-')));

test('the file that a gateway leaves', async (t) => {
  const expected = contract(FILE);
  const ganymede = await organizationOf(t, JSON.parse(expected));
  const { gateway } = await servingGateway(t, { ganymede, environment: { GATEWAY_STOP_GRACE_SECONDS: '3.2' } });
  const [changed, , added] = ganymede.projectIds;
  await written(gateway, changed, 'unsent', 7);
  await written(gateway, added, 'new', 8);
  ganymede.fail(PUSH, 503);
  assert.equal(await gateway.signal('SIGTERM'), 77);
  const [{ name, content }] = await gateway.files('unsent-');
  const then = timeIn(FILE);
  assert.equal(name.replace(timeIn(name), then), FILE);
  assert.equal(name, FILE.replace(then, JSON.parse(content).timestamp.replace(/[:.]/g, '-')));
  assert.equal(atTheTimeOf(content, expected), expected);
});

test('what a gateway makes of the offer, and the push that says so', async (t) => {
  const expected = contract('push.json');
  const [offer, rescued] = ['offer.json', 'rescued.json'].map((name) => JSON.parse(contract(name)));
  const ganymede = await organizationOf(t, JSON.parse(expected));
  ganymede.snapshot = offer.data;
  ganymede.data.pull = ({ version }) => ok(version === undefined ? offer : rescued);
  await servingGateway(t, { ganymede, environment: { GATEWAY_AUTOSAVE_SECONDS: '0.05' } });
  const { raw } = await ganymede.call(PUSH);
  assert.deepEqual(ganymede.calls.filter(({ path }) => path === '/gateway/data/pull').map(({ body }) => body.version), [undefined, rescued.version]);
  assert.equal(atTheTimeOf(raw, expected), expected);
  const { yjs_state: rooms } = (await ganymede.stored(() => ganymede.data.merged.length > 0));
  assert.deepEqual(ganymede.projectIds.map((id) => textOf(rooms[id])), ['unsent and stored', 'asleep', 'new']);
});

/** @param {string} name */
function contract(name) {
  return readFileSync(new URL(name, DIRECTORY), 'utf8').trimEnd();
}

/** Ganymede with the organization that a body is about, and as many projects. */
async function organizationOf(t, { organization_id: organizationId, gateway_id: gatewayId, generation = 2 }) {
  const ganymede = await ganymedeFor(t);
  const projectIds = Object.keys(JSON.parse(contract('push.json')).data.yjs_state);
  return Object.assign(ganymede, { organizationId, gatewayId, generation, projectIds });
}

/** As by somebody whose changes are the same each time. */
async function written(gateway, projectId, text, clientId) {
  const document = new Y.Doc();
  document.clientID = clientId;
  const room = gateway.room(projectId, { document });
  await room.synced();
  document.getText('content').insert(0, text);
  await room.acknowledged();
}

/** A body, with the moments of another one. @param {string} body @param {string} other */
function atTheTimeOf(body, other) {
  const moments = (/** @type {string} */ text) => {
    const { timestamp, data: { gateway_state: { projectActivity } } } = JSON.parse(text);
    return [timestamp, projectActivity].map((value) => JSON.stringify(value));
  };
  const theirs = moments(other);
  return moments(body).reduce((text, moment, n) => text.replace(moment, theirs[n]), body);
}

/** @param {string} name of a file */
function timeIn(name) {
  return name.slice(-'2025-01-15T10-30-00-123Z.json'.length, -'.json'.length);
}
