/**
 * Which states Ganymede has, so that a push may refer to them instead of carrying them. What was pulled is asked for once,
 * since it may be damaged or gone; what was acknowledged is known from then on. An old Ganymede is never asked again.
 */
export class KnownBlobs {
  #have;
  #confirmed = false;
  #unsupported = false;

  /**
   * @param {object} options
   * @param {Iterable<string>} options.pulled hashes
   * @param {(hashes: string[]) => Promise<string[]>} options.ask which of these are known; fails with a RequestError
   * @param {import('./log.js').Log} options.log
   */
  constructor({ pulled, ask, log }) {
    this.#have = new Set(pulled);
    this.ask = ask;
    this.log = log;
  }

  /** Those of the hashes that a push may refer to. @param {string[]} hashes @returns {Promise<Set<string>>} */
  async among(hashes) {
    const candidates = hashes.filter((hash) => this.#have.has(hash));
    if (this.#unsupported) return new Set();
    if (candidates.length > 0 && !this.#confirmed) await this.#confirm(candidates);
    return new Set(this.#confirmed ? candidates.filter((hash) => this.#have.has(hash)) : []);
  }

  /** These, and not those of an earlier push: what nothing refers to is removed some day. @param {Iterable<string>} hashes */
  acknowledged(hashes) {
    this.#have = new Set(hashes);
  }

  /** The next push carries everything. */
  forget() {
    this.#have.clear();
  }

  /** Every push carries everything from here on: not each Ganymede of this installation knows references. */
  unsupported() {
    this.forget();
    this.#unsupported = true;
    this.log.info('this Ganymede knows no references: every push carries everything');
  }

  /** Without an answer the push carries everything; "later" is said about the push, too. @param {string[]} candidates */
  async #confirm(candidates) {
    try {
      this.#have = new Set(await this.ask(candidates));
      this.#confirmed = true;
    } catch (/** @type {any} */ error) {
      if (error.refused || error.status === 429 || error.status === 503) throw error;
      if (error.status === 404) this.unsupported();
      else this.log.warn('could not ask what Ganymede has, the push carries everything', { error: error.message });
    }
  }
}
