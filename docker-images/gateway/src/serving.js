/** What runs while an organization is served: saving when something changed, and the watch for inactivity. */
import { Activity } from './activity.js';
import { Pusher } from './pusher.js';

export class Serving {
  /** @type {NodeJS.Timeout | undefined} */
  #autosave;
  #stopped = false;

  /**
   * @param {object} options
   * @param {import('./tenancy.js').Tenancy} options.tenancy
   * @param {import('./settings.js').Settings} options.settings
   * @param {import('./log.js').Log} options.log
   * @param {() => void} options.onIdle nothing happened for long enough
   * @param {(error: Error) => void} options.onLost Ganymede says that the allocation is over
   */
  constructor({ tenancy, settings, log, onIdle, onLost }) {
    this.tenancy = tenancy;
    this.autosaveMillis = settings.autosaveSeconds * 1000;
    this.log = log;
    this.onLost = onLost;
    this.activity = new Activity({
      delaySeconds: settings.inactivityShutdownSeconds,
      disabled: settings.disableShutdown || tenancy.shutdownDisabled,
      onIdle,
    });
    this.pusher = new Pusher({
      version: () => tenancy.rooms.version,
      prepare: () => this.#catchUp(),
      send: () => tenancy.push(this.snapshot()),
      backoff: settings.backoff,
      log,
    });
  }

  start() {
    this.activity.start();
    this.#arm();
  }

  /** Stops what happens by itself; saving on demand stays possible. */
  stop() {
    this.#stopped = true;
    this.activity.stop();
    clearTimeout(this.#autosave);
  }

  /**
   * Saves once, while clients may go on writing. The next push that happens by itself comes an interval after this one
   * has ended: each carries the whole organization.
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

  snapshot() {
    return this.tenancy.snapshot({ ...this.activity.meta(), disable_gateway_shutdown: this.tenancy.shutdownDisabled });
  }
}
