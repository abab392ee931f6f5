/** A log file that never grows beyond a bound: when full it becomes `<file>.1`, replacing the one before. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

const MAX_BYTES = 10 * 1024 * 1024;

export class LogFile {
  /** @type {number | undefined} */
  #descriptor;
  #size = 0;

  /** @param {string} file @param {number} [maxBytes] */
  constructor(file, maxBytes = MAX_BYTES) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /** A log that cannot be written (a full disk) must not stop the gateway; standard output has it too. @param {Buffer | string} chunk */
  write(chunk) {
    try {
      if (this.#descriptor === undefined) this.#open();
      if (this.#size + chunk.length > this.maxBytes && this.#size > 0) this.#rotate();
      this.#size += writeSync(/** @type {number} */ (this.#descriptor), /** @type {any} */ (chunk));
    } catch {
      this.#close();
    }
  }

  #open() {
    mkdirSync(path.dirname(this.file), { recursive: true });
    this.#descriptor = openSync(this.file, 'a', 0o640);
    this.#size = fstatSync(this.#descriptor).size;
  }

  #rotate() {
    this.#close();
    renameSync(this.file, `${this.file}.1`);
    this.#open();
  }

  #close() {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
