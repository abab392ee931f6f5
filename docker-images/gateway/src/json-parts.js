/**
 * A large JSON text, made part by part. After each full part the process does something else for a turn: whoever asks
 * for its health, or edits, does not wait for the whole of it.
 *
 * @typedef {{parts: Buffer[], sizeBytes: number}} JsonText
 */
import { setImmediate as otherTurns } from 'node:timers/promises';

/** In characters; about two milliseconds of work. */
const PART_LENGTH = 1024 * 1024;

export class JsonParts {
  #text = '';
  /** @type {Buffer[]} */
  #parts = [];
  #sizeBytes = 0;

  /** @param {string} text */
  async add(text) {
    this.#text += text;
    if (this.#text.length < PART_LENGTH) return;
    this.#cut();
    await otherTurns();
  }

  /** @returns {JsonText} */
  end() {
    this.#cut();
    return { parts: this.#parts, sizeBytes: this.#sizeBytes };
  }

  #cut() {
    const part = Buffer.from(this.#text);
    this.#text = '';
    this.#parts.push(part);
    this.#sizeBytes += part.length;
  }
}

/** An object of these fields, followed by one more that is encoded already. @param {Record<string, unknown>} fields @param {string} name @param {JsonText} value */
export function withField(fields, name, { parts }) {
  const head = `${JSON.stringify(fields).slice(0, -1)},${JSON.stringify(name)}:`;
  return [Buffer.from(head), ...parts, Buffer.from('}')];
}
