/** What runs while an organization is served: saving when something changed, the watch for inactivity, and the pings. */
import { Activity } from './activity.js';
import { Heartbeat } from './heartbeat.js';
import { Pusher } from './pusher.js';
import { Saver } from './saver.js';

/** What was pulled; everything that came on top of it, also before the first client, is unsaved. */
const PULLED_VERSION = 0;

export class Serving {
  /** @type {NodeJS.Timeout | undefined} */
  #autosave;
  #stopped = false;

  /**
   * @param {object} options
   * @param {import('./tenancy.js').Tenancy} options.tenancy
   * @param {import('./settings.js').Settings} options.settings
   * @param {import('./sequence.js').Sequence} options.sequence
   * @param {() => number} options.connections of clients, now
   * @param {import('./log.js').Log} options.log
   * @param {() => void} options.onIdle nothing happened for long enough
   * @param {(error: Error) => void} options.onLost Ganymede says that the allocation is over
   * @param {(saving: import('./pusher.js').Saving) => void} [options.onSaving] pushes fail, or not any more
   */
  constructor({ tenancy, settings, sequence, connections, log, onIdle, onLost, onSaving }) {
    this.tenancy = tenancy;
    this.autosaveMillis = settings.autosaveSeconds * 1000;
    this.log = log;
    this.onLost = onLost;
    this.activity = new Activity({
      delaySeconds: settings.inactivityShutdownSeconds,
      disabled: settings.disableShutdown || tenancy.shutdownDisabled,
      onIdle,
    });
    this.saver = new Saver({ tenancy, sequence, activityMeta: () => this.#activityMeta(), log });
    this.pusher = new Pusher({
      version: () => tenancy.rooms.version,
      savedVersion: PULLED_VERSION,
      prepare: () => this.#catchUp(),
      send: () => this.saver.push(),
      backoff: settings.backoff,
      log,
      onSaving,
    });
    this.heartbeat = new Heartbeat({
      ping: () => tenancy.ping(connections()),
      intervalMillis: settings.pingSeconds * 1000,
      onLost,
      log,
    });
  }

  start() {
    this.activity.start();
    this.heartbeat.start();
    this.#arm();
  }

  /** Stops what happens by itself; saving on demand stays possible. */
  stop() {
    this.#stopped = true;
    this.activity.stop();
    this.heartbeat.stop();
    clearTimeout(this.#autosave);
  }

  /**
   * Saves once, while clients may go on writing. The next push that happens by itself comes an interval after this one
   * has ended.
   *
   * @returns {Promise<void>} rejected with TenancyLost
   */
  async save() {
    clearTimeout(this.#autosave);
    await this.pusher.push();
    this.#arm();
  }

  /** Without an answer everything is kept, and pushed. */
  async #catchUp() {
    await this.tenancy.catchUp(this.autosaveMillis).catch((error) => {
      this.log.warn('could not ask for the projects of the organization before a push', { error: error.message });
    });
  }

  #arm() {
    clearTimeout(this.#autosave);
    if (!this.#stopped) this.#autosave = setTimeout(() => this.save().catch(this.onLost), this.autosaveMillis);
  }

  #activityMeta() {
    return { ...this.activity.meta(), disable_gateway_shutdown: this.tenancy.shutdownDisabled };
  }
}
