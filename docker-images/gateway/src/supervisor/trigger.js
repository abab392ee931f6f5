/**
 * Watches the file that a developer touches to reload the gateways. The workspace is a mount that may not carry
 * change notifications, and the file may come and go, so its times are compared once a second; that is all it takes.
 */
import { unwatchFile, watchFile } from 'node:fs';

const INTERVAL_MILLIS = 1_000;

/**
 * @param {string} file
 * @param {() => void} onTrigger the file was touched, written, or created
 * @param {number} [intervalMillis]
 */
export function watchTrigger(file, onTrigger, intervalMillis = INTERVAL_MILLIS) {
  const listener = (/** @type {import('node:fs').Stats} */ now, /** @type {import('node:fs').Stats} */ before) => {
    const touched = now.mtimeMs !== before.mtimeMs || now.ctimeMs !== before.ctimeMs || now.ino !== before.ino;
    if (touched && now.ino !== 0) onTrigger();
  };
  watchFile(file, { interval: intervalMillis }, listener);
  return { close: () => unwatchFile(file, listener) };
}
