/**
 * Numbers the attempts to push. They grow by one, and over the processes of one container too: a process sets a block of
 * numbers aside before it uses the first of them, and the next process begins behind it.
 */
const BLOCK = 1_000;
const RAISE_MAX = 2 ** 40;

export class Sequence {
  #value;
  #reserved;
  #raise = BLOCK;

  /**
   * @param {object} options
   * @param {number} [options.floor] up to which numbers may have been used
   * @param {(upTo: number) => Promise<void>} options.reserve survives this process
   * @param {import('./log.js').Log} options.log
   */
  constructor({ floor = 0, reserve, log }) {
    this.#value = this.#reserved = floor;
    this.reserve = reserve;
    this.log = log;
  }

  async next() {
    this.#value += 1;
    const value = this.#value;
    if (value > this.#reserved) {
      this.#reserved = value + BLOCK - 1;
      // Without it the next process may be told that it is behind, and raises its own.
      await this.reserve(this.#reserved).catch((error) => this.log.warn('could not keep the sequence of pushes', { error: error.message }));
    }
    return value;
  }

  /** Ganymede has seen a higher one; how much higher is found out by doubling. */
  raise() {
    this.#value += this.#raise;
    this.#raise = Math.min(2 * this.#raise, RAISE_MAX);
  }
}
