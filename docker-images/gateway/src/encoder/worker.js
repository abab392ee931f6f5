/** The thread of the encoder: one job after the other; memory comes and goes with the messages instead of being copied. */
import { parentPort } from 'node:worker_threads';
import { base64, encode, merge, sha256 } from './encode.js';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);

port.on('message', ({ id, work, ...job }) => {
  try {
    const result = work === 'base64' ? { bytes: base64(job.bytes) } : encoded(job);
    port.postMessage({ id, ...result }, [/** @type {ArrayBuffer} */ (result.bytes.buffer)]);
  } catch (error) {
    port.postMessage({ id, error: /** @type {Error} */ (error).message });
  }
});

/** @param {{state?: Uint8Array, updates: Uint8Array, lean: boolean}} job */
function encoded({ state, updates, lean }) {
  const bytes = (lean ? merge : encode)(state, updates);
  return { bytes, sha256: sha256(bytes), lean };
}
