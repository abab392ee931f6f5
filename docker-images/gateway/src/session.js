/**
 * What a reloaded process needs to go on with its tenancy, in a file that only this container can read and that lives
 * in memory (`/run`): it ends with the container.
 *
 * @typedef {{organization_id: string, gateway_id: string, generation: number, gateway_token: string, sequence?: number}} Session
 *   `sequence`: up to which pushes may have been numbered
 */
import { readFile, rm } from 'node:fs/promises';
import { writeWhole } from './files.js';

export class SessionFile {
  /** As in the file, or on its way there. @type {Session | undefined} */
  #session;
  #last = Promise.resolve();

  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /** @returns {Promise<Session | undefined>} */
  async read() {
    const text = await readFile(this.file, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    this.#session = text === undefined ? undefined : JSON.parse(text);
    return this.#session;
  }

  /** @param {Session} session */
  write(session) {
    this.#session = session;
    return this.#next(() => writeWhole(this.file, JSON.stringify(session), 0o600));
  }

  /** Nothing is kept of a session that is over. @param {number} sequence @returns {Promise<void>} */
  async keepSequence(sequence) {
    if (this.#session) await this.write({ ...this.#session, sequence });
  }

  remove() {
    this.#session = undefined;
    return this.#next(() => rm(this.file, { force: true }));
  }

  /** One after the other: what was removed is not written again. @param {() => Promise<void>} change */
  #next(change) {
    const result = this.#last.then(change);
    this.#last = result.catch(() => {});
    return result;
  }
}
