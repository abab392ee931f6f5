/** What runs while an organization is served: saving when something changed, the watch for inactivity, and the pings. */
import { Activity } from './activity.js';
import { Heartbeat } from './heartbeat.js';
import { Pusher } from './pusher.js';

export class Serving {
  /** @type {NodeJS.Timeout | undefined} */
  #autosave;
  #stopped = false;

  /**
   * @param {object} options
   * @param {import('./tenancy.js').Tenancy} options.tenancy
   * @param {import('./settings.js').Settings} options.settings
   * @param {() => number} options.connections of clients, now
   * @param {import('./log.js').Log} options.log
   * @param {() => void} options.onIdle nothing happened for long enough
   * @param {(error: Error) => void} options.onLost Ganymede says that the allocation is over
   */
  constructor({ tenancy, settings, connections, log, onIdle, onLost }) {
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
      send: () => this.#push(),
      backoff: settings.backoff,
      log,
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

  /** The line that is logged proves what was acknowledged: the hash is that of the data's bytes, as they are stored. */
  async #push() {
    const { fields, data } = await this.snapshot();
    const { stored_at: storedAt } = await this.tenancy.push({ fields, data });
    const { organizationId, generation } = this.tenancy;
    const what = { organization_id: organizationId, generation, timestamp: fields.timestamp, stored_at: storedAt };
    this.log.info('pushed', { ...what, size_bytes: data.sizeBytes, sha256: data.sha256 });
  }

  #arm() {
    clearTimeout(this.#autosave);
    if (!this.#stopped) this.#autosave = setTimeout(() => this.save().catch(this.onLost), this.autosaveMillis);
  }

  snapshot() {
    return this.tenancy.snapshot({ ...this.activity.meta(), disable_gateway_shutdown: this.tenancy.shutdownDisabled });
  }
}
