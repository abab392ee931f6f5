/**
 * The wire form of an organization's data, checked before anything of it is believed: a room that was damaged on its
 * way must stop the start, since serving it empty would overwrite the good copy at the next push.
 *
 * @typedef {{rooms: Map<string, Uint8Array>, gatewayState: Record<string, unknown>}} Snapshot
 */
import * as Y from 'yjs';
import { JsonParts } from './json-parts.js';

/** Encoded in slices of whole groups of three bytes, so that their base64 can be joined. */
const SLICE_BYTES = 3 * 256 * 1024;

export class CorruptSnapshot extends Error {}

/**
 * @param {import('./ganymede.js').SnapshotData | null} data null for an organization that never pushed
 * @returns {Snapshot}
 */
export function decodeSnapshot(data) {
  const rooms = new Map();
  if (data === null) return { rooms, gatewayState: {} };
  if (!isRecord(data)) throw new CorruptSnapshot('the snapshot is not an object');
  const { yjs_state: yjsState = {}, gateway_state: gatewayState = {} } = data;
  if (!isRecord(yjsState) || !isRecord(gatewayState)) throw new CorruptSnapshot('a part of the snapshot is not an object');
  for (const [projectId, encoded] of Object.entries(yjsState)) rooms.set(projectId, decodeRoom(projectId, encoded));
  return { rooms, gatewayState };
}

/**
 * The JSON of a SnapshotData. Takes several turns of the process when it is large.
 *
 * @param {{rooms: Iterable<{projectId: string, state: Uint8Array}>, gatewayState: Record<string, unknown>}} snapshot
 * @returns {Promise<import('./json-parts.js').JsonText>}
 */
export async function encodeSnapshot({ rooms, gatewayState }) {
  const json = new JsonParts();
  let before = '{"yjs_state":{';
  for (const { projectId, state } of rooms) {
    await json.add(`${before}${JSON.stringify(projectId)}:"`);
    for (let start = 0; start < state.length; start += SLICE_BYTES) {
      await json.add(Buffer.from(state.subarray(start, start + SLICE_BYTES)).toString('base64'));
    }
    before = '",';
  }
  const ending = before === '",' ? '"}' : `${before}}`;
  await json.add(`${ending},"gateway_state":${gatewayStateJson(gatewayState)}}`);
  return json.end();
}

/** With the fields of the seed, whatever was pulled. @param {Record<string, unknown>} gatewayState */
export function gatewayStateJson(gatewayState) {
  return JSON.stringify({ permissions: {}, oauth_clients: {}, container_tokens: {}, ...gatewayState });
}

/** @param {string} projectId @param {unknown} encoded */
function decodeRoom(projectId, encoded) {
  const decoded = Buffer.from(typeof encoded === 'string' ? encoded : '', 'base64');
  // Decoding skips what is no base64. An expression that checks megabytes would overflow its stack.
  if (decoded.toString('base64') !== encoded) throw new CorruptSnapshot(`the state of project ${projectId} is not base64`);
  const state = new Uint8Array(decoded);
  const probe = new Y.Doc();
  try {
    Y.applyUpdate(probe, state);
  } catch (error) {
    throw new CorruptSnapshot(`the state of project ${projectId} is not a Yjs update: ${/** @type {Error} */ (error).message}`);
  } finally {
    probe.destroy();
  }
  return state;
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
