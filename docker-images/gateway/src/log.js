/**
 * Structured logs: one JSON object a line on standard output. Values are logged as given, so callers never pass
 * tokens.
 *
 * @typedef {Record<string, unknown>} Fields
 * @typedef {{info: LogLine, warn: LogLine, error: LogLine, context: Fields}} Log
 * @typedef {(message: string, fields?: Fields) => void} LogLine
 */
import { format } from 'node:util';

/**
 * @param {Fields} context written with every line; may be changed later (an allocation begins)
 * @param {(line: string) => void} [write]
 * @returns {Log}
 */
export function createLog(context, write = (line) => process.stdout.write(line)) {
  const at = (/** @type {string} */ level) => (/** @type {string} */ message, /** @type {Fields} */ fields = {}) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...context, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error'), context };
}

/** Libraries that write to the console (Hocuspocus does) end up in the same structured log. @param {Log} log */
export function captureConsole(log) {
  console.log = console.info = (...values) => log.info(format(...values), { source: 'library' });
  console.warn = (...values) => log.warn(format(...values), { source: 'library' });
  console.error = (...values) => log.error(format(...values), { source: 'library' });
}
