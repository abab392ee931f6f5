/**
 * Brings an organization's data to Ganymede: at most one push is under way, each attempt takes the newest state, and
 * only an acknowledged push counts as saved.
 */
import { delayMillis } from './retry.js';

/** Ganymede refuses this allocation's data for good. */
export class TenancyLost extends Error {}

export class Pusher {
  #savedVersion;
  /** @type {Promise<void> | undefined} */
  #pushing;
  #wake = () => {};
  #stopped = false;

  /**
   * @param {object} options
   * @param {() => number} options.version of the data now
   * @param {() => Promise<unknown>} options.prepare runs before each attempt, may change the data, must not fail
   * @param {() => Promise<unknown>} options.send encodes and pushes the data as it is now
   * @param {import('./retry.js').Backoff} options.backoff
   * @param {import('./log.js').Log} options.log
   */
  constructor({ version, prepare, send, backoff, log }) {
    this.version = version;
    this.prepare = prepare;
    this.send = send;
    this.backoff = backoff;
    this.log = log;
    this.#savedVersion = version();
  }

  get dirty() {
    return this.version() !== this.#savedVersion;
  }

  /**
   * One acknowledged push of what is unsaved, if anything is, however many attempts it takes; what changes meanwhile
   * may stay unsaved. Callers share a push that is under way; when it waits for its next attempt, it tries at once.
   *
   * @returns {Promise<void>} rejected with TenancyLost
   */
  push() {
    this.#wake();
    this.#pushing ??= this.#push().finally(() => {
      this.#pushing = undefined;
    });
    return this.#pushing;
  }

  /**
   * Pushes until nothing is unsaved: for those who leave, since it may never end while people type.
   *
   * @param {AbortSignal} [signal] no further push is begun
   * @returns {Promise<void>} rejected with TenancyLost
   */
  async save(signal) {
    while (this.dirty && !this.#stopped && !signal?.aborted) await this.push();
  }

  /** Ends the waiting between attempts: the process is leaving. */
  stop() {
    this.#stopped = true;
    this.#wake();
  }

  async #push() {
    for (let attempt = 1; this.dirty && !this.#stopped; attempt += 1) {
      await this.prepare();
      const version = this.version();
      try {
        await this.send();
        this.#savedVersion = version;
        return;
      } catch (/** @type {any} */ error) {
        if (error.refused) throw new TenancyLost(error.message);
        this.#report(error, attempt);
        await this.#pause(delayMillis(this.backoff, attempt));
      }
    }
  }

  /** @param {any} error @param {number} attempt */
  #report(error, attempt) {
    if (error.status === 413) {
      this.log.error('the data of this organization is too large for Ganymede; nothing is saved any more', { error: error.message });
    } else {
      this.log.warn('push failed, will try again', { attempt, error: error.message });
    }
  }

  /** @param {number} millis */
  #pause(millis) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    }).finally(() => {
      this.#wake = () => {};
    });
  }
}
