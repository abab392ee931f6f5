/**
 * What a snapshot consists of, as Ganymede computes it too: equal digests mean equal content.
 *
 * @typedef {{projectId: string, sha256: string, sizeBytes: number}} Part
 */
import { sha256 } from './encoder/encode.js';

const EMPTY_BYTES = '{"yjs_state":{},"gateway_state":}'.length;
const PART_BYTES = '"":"",'.length;

/** @param {Part[]} parts @param {string} gatewayState JSON */
export function digestOf(parts, gatewayState) {
  const lines = parts.map((part) => `${part.projectId}:${part.sha256}\n`).sort();
  return sha256(`${lines.join('')}gateway_state:${sha256(gatewayState)}\n`);
}

/** Of the whole snapshot as JSON, with nothing left out. @param {Part[]} parts @param {string} gatewayState JSON */
export function jsonBytes(parts, gatewayState) {
  const rooms = parts.reduce((sum, { projectId, sizeBytes }) => sum + PART_BYTES + projectId.length + base64Bytes(sizeBytes), 0);
  return EMPTY_BYTES + rooms - (parts.length > 0 ? 1 : 0) + Buffer.byteLength(gatewayState);
}

/** @param {number} sizeBytes */
export function base64Bytes(sizeBytes) {
  return Math.ceil(sizeBytes / 3) * 4;
}
