/**
 * Tells Ganymede now and then that this gateway is alive and how many clients it has, and learns in return when its
 * tenancy is over. Nothing waits for it, and nothing but a clear refusal has consequences.
 *
 * A process that stood still (a paused container, a frozen machine) may have been replaced meanwhile: it asks at once
 * when it goes on.
 */
const TICK_MILLIS = 1_000;
/** Later than this, the process stood still; no work of ours takes so long. */
const STANDSTILL_MILLIS = 5_000;

export class Heartbeat {
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #stopped = false;
  #asking = false;
  #failing = false;
  #tickedAt = 0;
  #dueAt = 0;

  /**
   * @param {object} options
   * @param {() => Promise<unknown>} options.ping one bounded attempt, fails with a RequestError
   * @param {number} options.intervalMillis
   * @param {(error: Error) => void} options.onLost Ganymede says that the tenancy is over
   * @param {import('./log.js').Log} options.log
   * @param {() => number} [options.now] never goes backwards
   */
  constructor({ ping, intervalMillis, onLost, log, now = () => performance.now() }) {
    this.ping = ping;
    this.intervalMillis = intervalMillis;
    this.onLost = onLost;
    this.log = log;
    this.now = now;
  }

  start() {
    this.#tickedAt = this.now();
    this.#postpone();
    this.#timer = setInterval(() => this.#tick(), Math.min(TICK_MILLIS, this.intervalMillis));
  }

  stop() {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  #tick() {
    const now = this.now();
    const stoodStillMillis = now - this.#tickedAt;
    this.#tickedAt = now;
    const stoodStill = stoodStillMillis > STANDSTILL_MILLIS;
    if (stoodStill) this.log.warn('this process stood still', { seconds: Math.round(stoodStillMillis / 1000) });
    if (stoodStill || now >= this.#dueAt) this.#ask();
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.ping();
      if (this.#failing) this.log.info('Ganymede answers pings again');
      this.#failing = false;
    } catch (error) {
      this.#failed(/** @type {any} */ (error));
    } finally {
      this.#asking = false;
      this.#postpone();
    }
  }

  /** @param {import('./request.js').RequestError} error */
  #failed(error) {
    if (this.#stopped) return;
    if (error.refused) {
      this.stop();
      this.onLost(error);
    } else if (error.status === 404) {
      this.stop();
      this.log.info('this Ganymede knows no pings: none are sent any more');
    } else if (!this.#failing) {
      this.#failing = true;
      this.log.warn('Ganymede does not answer pings', { error: error.message });
    }
  }

  /** Spread, so that gateways that were started together do not ping together. */
  #postpone() {
    this.#dueAt = this.now() + this.intervalMillis * (0.8 + 0.2 * Math.random());
  }
}
