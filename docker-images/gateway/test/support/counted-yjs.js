/** Yjs, with account of what makes a whole of a document (ledger.js). */
import * as Y from 'yjs';

export * from 'yjs';

const { countWork } = /** @type {any} */ (globalThis);

/** @param {Y.Doc} document @param {any} rest */
export function encodeStateAsUpdate(document, ...rest) {
  const encoded = Y.encodeStateAsUpdate(document, ...rest);
  countWork('encodeStateAsUpdate', encoded.length);
  return encoded;
}

/** @param {Uint8Array[]} updates @param {any} rest */
export function mergeUpdates(updates, ...rest) {
  countWork('mergeUpdates', updates.reduce((sum, { length }) => sum + length, 0));
  return Y.mergeUpdates(updates, ...rest);
}
