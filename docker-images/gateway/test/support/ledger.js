/**
 * Imported by every thread of a gateway before anything else (Threads): writes into the log what is about to be done
 * with something large, and on which thread.
 */
import { createHash } from 'node:crypto';
import { existsSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';

const LARGE_BYTES = 64 * 1024;
const COUNTED_YJS = new URL('./counted-yjs.js', import.meta.url).href;
const directory = /** @type {string} */ (new URL(import.meta.url).searchParams.get('directory'));
const thread = isMainThread ? 'main' : 'encoder';
const still = new Int32Array(new SharedArrayBuffer(4));

/** @param {string} work @param {number} sizeBytes */
function count(work, sizeBytes) {
  if (sizeBytes < LARGE_BYTES) return;
  writeSync(1, `${JSON.stringify({ message: `${work} on ${thread}`, size_bytes: sizeBytes })}\n`);
  if (isMainThread) return;
  if (ordered('die')) process.exit(1);
  while (ordered('hold')) Atomics.wait(still, 0, 0, 5);
}

/** @param {string} what */
function ordered(what) {
  return existsSync(path.join(directory, what));
}

Object.assign(globalThis, { countWork: count });

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'yjs' || context.parentURL === COUNTED_YJS) return next(specifier, context);
    return { url: COUNTED_YJS, format: 'module', shortCircuit: true };
  },
});

const hash = Object.getPrototypeOf(createHash('sha256'));
const { update } = hash;
hash.update = function counted(/** @type {any} */ data, /** @type {any} */ ...rest) {
  count('sha256', data.length);
  return update.call(this, data, ...rest);
};

const { toString } = Buffer.prototype;
Buffer.prototype.toString = function counted(encoding, ...range) {
  if (encoding === 'base64') count('base64', this.length);
  return toString.call(this, encoding, ...range);
};
