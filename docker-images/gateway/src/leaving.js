/**
 * How a gateway leaves: idle, told to stop, told to reload, told that its allocation is over, or crashing. Each way
 * ends with the data acknowledged by Ganymede or written to a file; none drops it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from './exit-codes.js';
import { TenancyLost } from './pusher.js';
import { writeUnsent } from './rescue.js';
import { retry } from './retry.js';
import { encodeSnapshot } from './snapshot.js';

const RELOAD_SAVE_MILLIS = 5_000;
const CRASH_SAVE_MILLIS = 3_000;
/** Kept free between our deadline and Docker's SIGKILL, to write the file. */
const RESCUE_SECONDS = 3;

export class Leaving {
  /** @type {Promise<void> | undefined} */
  #departure;
  /** @type {Promise<void> | undefined} */
  #loss;
  /** @type {Promise<void> | undefined} */
  #rescue;
  #ended = false;
  /** Told to end, an organization that did not ask for it is served on by another gateway. @type {'inactive' | 'terminated'} */
  #reason = 'inactive';

  /** @param {{gateway: import('./gateway.js').Gateway, exit: (code: number) => void}} options */
  constructor({ gateway, exit }) {
    this.gateway = gateway;
    this.exit = exit;
  }

  get #log() {
    return this.gateway.log;
  }

  /**
   * Nothing happened for a while. The data is saved first, while clients may still come: with Ganymede down that can
   * take hours, and whoever comes back meanwhile cancels the departure.
   */
  async idle() {
    const serving = this.gateway.serving;
    if (!serving || this.gateway.state !== 'serving') return;
    const { events } = serving.activity;
    this.#log.info('idle, saving before leaving', serving.activity.meta());
    try {
      await serving.save();
    } catch (error) {
      return this.lost(/** @type {Error} */ (error));
    }
    if (this.gateway.state !== 'serving' || serving.activity.events !== events) {
      this.#log.info('somebody came back, staying');
      if (this.gateway.state === 'serving') serving.activity.resume();
      return;
    }
    await this.#depart();
  }

  /** SIGTERM or SIGINT: the same departure, but bounded. */
  async stop() {
    const { gateway } = this;
    this.#reason = 'terminated';
    if (!gateway.serving) {
      const { halfway } = gateway;
      gateway.closeDoor();
      return this.#end(halfway ? ExitCode.UNACKNOWLEDGED : ExitCode.STOPPED);
    }
    const millis = Math.max(gateway.settings.stopGraceSeconds - RESCUE_SECONDS, 0.5) * 1000;
    await Promise.race([this.#depart(), sleep(millis, undefined, { ref: false })]);
    if (this.#ended) return;
    this.#log.error('Ganymede did not acknowledge the stop in time', { seconds: millis / 1000 });
    await this.#rescueOnce();
    this.#end(ExitCode.UNACKNOWLEDGED);
  }

  /** SIGUSR1: a new process takes over, unless unsaved data would not survive that. */
  async reload() {
    const { gateway } = this;
    const { serving } = gateway;
    if (gateway.state === 'stopping' || gateway.state === 'reloading') return;
    if (!serving) return gateway.halfway ? this.#log.warn('not reloading during a start') : this.#end(ExitCode.RELOAD);
    gateway.state = 'reloading';
    await gateway.collab.quiesce();
    const deadline = AbortSignal.timeout(RELOAD_SAVE_MILLIS);
    const saved = await Promise.race([serving.pusher.save(deadline), sleep(RELOAD_SAVE_MILLIS, undefined, { ref: false })])
      .then(() => !serving.pusher.dirty, (error) => this.lost(error));
    if (gateway.state !== 'reloading') return;
    if (saved) return this.#end(ExitCode.RELOAD);
    gateway.state = 'serving';
    this.#log.error('not reloading: the data could not be saved');
  }

  /** The allocation is over, whatever this gateway thinks. @param {Error} error */
  lost(error) {
    this.#loss ??= (async () => {
      this.#log.error('this allocation is over', { error: error.message });
      await this.#close();
      await this.#rescueOnce();
      await this.gateway.session.remove();
      this.#end(ExitCode.TENANCY_LOST);
    })();
    return this.#loss;
  }

  /** A programming error: saves what there is and lets the supervisor start a new process. @param {Error} error */
  async crash(error) {
    this.#log.error('crashed', { error: error?.stack ?? String(error) });
    const pusher = this.gateway.serving?.pusher;
    if (pusher?.dirty) await Promise.race([pusher.save(), sleep(CRASH_SAVE_MILLIS)]).catch(() => {});
    await this.#rescueOnce();
    this.#end(1);
  }

  /** Saves, tells Ganymede, ends; never gives up by itself. */
  #depart() {
    this.#departure ??= (async () => {
      const { gateway } = this;
      const serving = /** @type {import('./serving.js').Serving} */ (gateway.serving);
      try {
        await this.#close();
        await serving.pusher.save();
        await this.#tellGanymede(serving);
        await gateway.session.remove();
        this.#end(ExitCode.STOPPED);
      } catch (error) {
        if (!(error instanceof TenancyLost)) throw error;
        await this.lost(error);
      }
    })();
    return this.#departure;
  }

  /** No new clients, no old clients, no timers. */
  async #close() {
    this.gateway.closeDoor();
    this.gateway.serving?.stop();
    await this.gateway.collab.quiesce();
  }

  /** @param {import('./serving.js').Serving} serving */
  async #tellGanymede(serving) {
    const { backoff } = this.gateway.settings;
    const retryable = (/** @type {any} */ error) => !error.refused;
    const onRetry = (/** @type {Error} */ error, /** @type {number} */ attempt) =>
      this.#log.warn('Ganymede has not acknowledged the stop yet', { attempt, error: error.message });
    await retry(() => serving.tenancy.stop(this.#reason), { backoff, retryable, onRetry }).catch((error) => {
      // Everything is saved; an allocation that is over already needs no stop.
      this.#log.warn('Ganymede refused the stop', { error: error.message });
    });
  }

  /** Writes what no push brought home; several ways of leaving may meet here. */
  #rescueOnce() {
    this.#rescue ??= this.#writeUnsent();
    return this.#rescue;
  }

  async #writeUnsent() {
    const { serving, settings } = this.gateway;
    if (!serving?.pusher.dirty) return;
    try {
      const { fields, ...everything } = serving.saver.everything();
      const data = await encodeSnapshot(everything);
      const { generation, lineage } = serving.tenancy;
      const file = await writeUnsent(settings.logDirectory, { generation, lineage, ...fields }, data);
      this.#log.error('unsaved data was written to a file', { file });
    } catch (error) {
      this.#log.error('unsaved data is lost: it could not be written', { error: /** @type {Error} */ (error).message });
    }
  }

  /** @param {number} code */
  #end(code) {
    if (this.#ended) return;
    this.#ended = true;
    this.gateway.serving?.stop();
    this.gateway.serving?.pusher.stop();
    this.#log.info('leaving', { code });
    this.exit(code);
  }
}
