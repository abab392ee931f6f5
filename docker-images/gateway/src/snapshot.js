/**
 * The wire form of an organization's data, checked before anything of it is believed: a room that was damaged on its
 * way must stop the start, since serving it empty would overwrite the good copy at the next push.
 *
 * @typedef {{rooms: Map<string, Uint8Array>, gatewayState: Record<string, unknown>}} Snapshot
 */
import * as Y from 'yjs';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

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

/** @param {Snapshot} snapshot @returns {import('./ganymede.js').SnapshotData} */
export function encodeSnapshot({ rooms, gatewayState }) {
  /** @type {Record<string, string>} */
  const yjsState = {};
  for (const [projectId, state] of rooms) {
    yjsState[projectId] = Buffer.from(state.buffer, state.byteOffset, state.byteLength).toString('base64');
  }
  return {
    yjs_state: yjsState,
    gateway_state: { permissions: {}, oauth_clients: {}, container_tokens: {}, ...gatewayState },
  };
}

/** @param {string} projectId @param {unknown} encoded */
function decodeRoom(projectId, encoded) {
  if (typeof encoded !== 'string' || !BASE64.test(encoded)) {
    throw new CorruptSnapshot(`the state of project ${projectId} is not base64`);
  }
  const state = new Uint8Array(Buffer.from(encoded, 'base64'));
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
