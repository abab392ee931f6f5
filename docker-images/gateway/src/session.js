/**
 * What a reloaded process needs to go on with its tenancy, in a file that only this container can read and that lives
 * in memory (`/run`): it ends with the container.
 *
 * @typedef {{organization_id: string, gateway_id: string, generation: number, gateway_token: string}} Session
 */
import { readFile, rm } from 'node:fs/promises';
import { writeWhole } from './files.js';

export class SessionFile {
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
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** @param {Session} session */
  write(session) {
    return writeWhole(this.file, JSON.stringify(session), 0o600);
  }

  remove() {
    return rm(this.file, { force: true });
  }
}
