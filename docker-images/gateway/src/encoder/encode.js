/** The work of the encoder, without threads. */
import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { updatesIn } from './update-log.js';

/** So many updates are merged at a time: the time grows with the square of their number. */
const MERGED_AT_ONCE = 32;

/**
 * The state that a room has after these updates.
 *
 * @param {Uint8Array | undefined} state @param {Uint8Array} updates a log that was taken
 */
export function encode(state, updates) {
  const document = new Y.Doc();
  document.transact(() => {
    if (state) Y.applyUpdate(document, state);
    for (const update of updatesIn(updates)) Y.applyUpdate(document, update);
  });
  const encoded = Y.encodeStateAsUpdate(document);
  document.destroy();
  return encoded;
}

/**
 * The same content without making the document, in a fraction of the memory; what was deleted since the state stays in it.
 *
 * @param {Uint8Array | undefined} state @param {Uint8Array} updates a log that was taken
 */
export function merge(state, updates) {
  let merged = [...updatesIn(updates)];
  while (merged.length > 1) {
    const groups = Array.from({ length: Math.ceil(merged.length / MERGED_AT_ONCE) }, (_, n) =>
      merged.slice(n * MERGED_AT_ONCE, (n + 1) * MERGED_AT_ONCE));
    merged = groups.map((group) => Y.mergeUpdates(group));
  }
  return Y.mergeUpdates([...(state ? [state] : []), ...merged]);
}

/** @param {Uint8Array | string} bytes @returns {string} in hexadecimal digits */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @param {Uint8Array} bytes @returns {Buffer} of ASCII, in memory of its own */
export function base64(bytes) {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const encoded = Buffer.allocUnsafeSlow(text.length);
  encoded.latin1Write(text);
  return encoded;
}
