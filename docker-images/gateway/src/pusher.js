/**
 * Brings an organization's data to Ganymede: at most one push is under way, each attempt takes the newest state, and
 * only an acknowledged push counts as saved.
 *
 * @typedef {object} Saving
 * @property {'saved' | 'unsaved' | 'failing'} state
 * @property {string} since the last acknowledged push (or the beginning), until when everything is saved; while failing:
 *   of the first attempt that failed
 * @property {string | null} problem why the last attempt failed
 */
import { delayMillis } from './retry.js';

/** Ganymede refuses this allocation's data for good. */
export class TenancyLost extends Error {}

/** Answers that stay the same until the data shrinks or somebody allows more. */
const HOPELESS = new Map([
  [413, 'the data of this organization is too large for Ganymede; nothing is saved any more'],
  [507, 'the data of this organization exceeds its quota; nothing is saved any more'],
]);

export class Pusher {
  #savedVersion;
  /** @type {Promise<void> | undefined} */
  #pushing;
  #wake = () => {};
  #endPause = () => {};
  #stopped = false;
  #savedAt = new Date();
  /** @type {{since: Date, problem: string} | undefined} */
  #failing;

  /**
   * @param {object} options
   * @param {() => number} options.version of the data now
   * @param {number} [options.savedVersion] which Ganymede has
   * @param {() => Promise<unknown>} options.prepare runs before each attempt, may change the data, must not fail
   * @param {() => Promise<unknown>} options.send encodes and pushes the data as it is now
   * @param {import('./retry.js').Backoff} options.backoff
   * @param {import('./log.js').Log} options.log
   * @param {(saving: Saving) => void} [options.onSaving] pushes fail from now on, for another reason, or not any more
   */
  constructor({ version, savedVersion = version(), prepare, send, backoff, log, onSaving = () => {} }) {
    this.version = version;
    this.prepare = prepare;
    this.send = send;
    this.backoff = backoff;
    this.log = log;
    this.onSaving = onSaving;
    this.#savedVersion = savedVersion;
  }

  get dirty() {
    return this.version() !== this.#savedVersion;
  }

  /** @returns {Saving} */
  get saving() {
    if (this.#failing) return { state: 'failing', since: this.#failing.since.toISOString(), problem: this.#failing.problem };
    return { state: this.dirty ? 'unsaved' : 'saved', since: this.#savedAt.toISOString(), problem: null };
  }

  /**
   * One acknowledged push of what is unsaved, if anything is, however many attempts it takes; what changes meanwhile
   * may stay unsaved. Callers share a push that is under way; when it waits for its next attempt, it tries at once, unless
   * Ganymede said when it wants to hear of it again.
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
    this.#endPause();
  }

  async #push() {
    let hurried = false;
    for (let attempt = 1; this.dirty && !this.#stopped; attempt += 1) {
      await this.prepare();
      const version = this.version();
      try {
        await this.send();
        this.#saved(version);
        return;
      } catch (/** @type {any} */ error) {
        if (error.refused) throw new TenancyLost(error.message);
        this.#failed(error, attempt);
        hurried = error.atOnce === true && !hurried;
        if (!hurried) await this.#pause(error.retryAfterMillis, attempt);
      }
    }
  }

  /** @param {number} version */
  #saved(version) {
    this.#savedVersion = version;
    this.#savedAt = new Date();
    if (!this.#failing) return;
    this.#failing = undefined;
    this.log.info('saved again');
    this.onSaving(this.saving);
  }

  /** @param {import('./request.js').RequestError} error @param {number} attempt */
  #failed(error, attempt) {
    const hopeless = HOPELESS.get(error.status);
    if (hopeless) this.log.error(hopeless, { error: error.message, attempt });
    else this.log.warn('push failed, will try again', { attempt, error: error.message });
    const problem = error.slug ?? 'internal-error';
    if (this.#failing?.problem === problem) return;
    this.#failing = { since: this.#failing?.since ?? new Date(), problem };
    this.onSaving(this.saving);
  }

  /** @param {number | undefined} wantedMillis by Ganymede @param {number} attempt */
  async #pause(wantedMillis, attempt) {
    if (this.#stopped) return;
    const { capMillis } = this.backoff;
    const own = delayMillis(this.backoff, attempt);
    const wanted = Math.min(wantedMillis ?? 0, capMillis) * (1 + Math.random() / 4);
    const { promise, resolve } = Promise.withResolvers();
    const timer = setTimeout(resolve, Math.max(own, wanted));
    this.#endPause = () => resolve(undefined);
    if (wantedMillis === undefined) this.#wake = this.#endPause;
    await promise;
    clearTimeout(timer);
    this.#wake = this.#endPause = () => {};
  }
}
