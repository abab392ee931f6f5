/**
 * The life of a gateway: `starting` until Ganymede knows it, `ready` to be allocated, `serving` one organization,
 * `stopping` until the process ends. A failed start leaves nothing behind: the gateway is ready again, and whether to
 * use it again is Ganymede's decision. How it leaves is told in leaving.js.
 */
import { Leaving } from './leaving.js';
import { allocate, resume } from './allocation.js';
import { Problem } from './problem.js';
import { retry } from './retry.js';
import { Sequence } from './sequence.js';
import { Serving } from './serving.js';

const READY_CAP_MILLIS = 2_000;

export class Gateway {
  /** @type {'starting' | 'ready' | 'serving' | 'reloading' | 'stopping'} */
  state = 'starting';
  /** @type {Serving | undefined} */
  serving;
  #acknowledged = false;
  #announcing = new AbortController();
  #occupied = false;

  /**
   * @param {object} parts
   * @param {import('./settings.js').Settings} parts.settings
   * @param {import('./ganymede.js').Ganymede} parts.ganymede
   * @param {import('./session.js').SessionFile} parts.session
   * @param {import('./log.js').Log} parts.log
   * @param {(code: number) => void} parts.exit ends the process
   */
  constructor({ settings, ganymede, session, log, exit }) {
    this.settings = settings;
    this.ganymede = ganymede;
    this.session = session;
    this.log = log;
    this.leaving = new Leaving({ gateway: this, exit });
    /** @type {import('./collab.js').Collab} set by whoever wires the parts */
    this.collab;
  }

  /** The tenancy while clients are admitted. */
  get tenancy() {
    return this.state === 'serving' ? this.serving?.tenancy : undefined;
  }

  get saving() {
    return this.serving?.pusher.saving;
  }

  touch() {
    this.serving?.activity.touch();
  }

  /** Goes on with the tenancy that a process before this one had, or tells Ganymede that this container is free. */
  async boot() {
    const session = await this.session.read();
    if (session) await this.#resume(session);
    else await this.#announce();
  }

  /** @param {string} handshakeToken */
  async start(handshakeToken) {
    if (this.#occupied || this.state === 'stopping') {
      throw new Problem(409, 'already-serving', 'This gateway is not free', `Its state is ${this.state}.`);
    }
    this.#occupied = true;
    this.state = 'starting';
    try {
      const { bootToken } = this.settings;
      const tenancy = await allocate({ ganymede: this.ganymede, bootToken, handshakeToken, log: this.log });
      await this.session.write(tenancy.session);
      if (!this.#occupied) throw new Problem(503, 'stopping', 'This gateway is leaving');
      this.#serve(tenancy);
      return { ...tenancy.ids, generation: tenancy.generation, rooms: tenancy.roster.projectIds.size };
    } catch (error) {
      this.log.error('the start failed', { error: /** @type {Error} */ (error).message });
      await this.session.remove();
      if (this.#occupied) this.state = this.#acknowledged ? 'ready' : 'starting';
      this.#occupied = false;
      throw error;
    }
  }

  health() {
    const tenancy = this.serving?.tenancy;
    return {
      state: this.state === 'reloading' ? 'starting' : this.state,
      gateway_id: this.settings.gatewayId,
      gateway_name: this.settings.gatewayName,
      organization_id: tenancy?.organizationId ?? null,
      generation: tenancy?.generation ?? null,
      connections: this.collab.connections,
      rooms: tenancy?.rooms.openCount ?? 0,
      dirty: this.serving?.pusher.dirty ?? false,
      saving: this.saving ?? null,
    };
  }

  /** Whether a tenancy was promised (a start or a resumption under way) but is not served yet. */
  get halfway() {
    return this.#occupied && !this.serving;
  }

  /** No start may succeed any more. */
  closeDoor() {
    this.state = 'stopping';
    this.#occupied = false;
    this.#announcing.abort();
  }

  async #announce() {
    const { bootToken } = this.settings;
    // whoever waits for a gateway waits for this call: an outage of Ganymede must not go on after its end
    const backoff = { ...this.settings.backoff, capMillis: Math.min(this.settings.backoff.capMillis, READY_CAP_MILLIS) };
    const { signal } = this.#announcing;
    const onRetry = (/** @type {Error} */ error, /** @type {number} */ attempt) =>
      this.log.warn('Ganymede does not know yet that this gateway is ready', { attempt, error: error.message });
    try {
      await retry(() => this.ganymede.ready(bootToken), { backoff, signal, retryable: () => true, onRetry });
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    this.#acknowledged = true;
    if (this.state === 'starting' && !this.#occupied) this.state = 'ready';
    this.log.info('ready to be allocated');
  }

  /** @param {import('./session.js').Session} session */
  async #resume(session) {
    this.#occupied = true;
    this.log.info('resuming', { organization: session.organization_id, generation: session.generation });
    try {
      const { ganymede, log, settings: { backoff } } = this;
      const tenancy = await resume({ ganymede, session, backoff, log, signal: this.#announcing.signal });
      this.#serve(tenancy, session.sequence);
    } catch (error) {
      if (this.state !== 'stopping') await this.leaving.lost(/** @type {Error} */ (error));
    }
  }

  /** @param {import('./tenancy.js').Tenancy} tenancy @param {number} [sequence] up to which its pushes may have been numbered */
  #serve(tenancy, sequence) {
    this.#announcing.abort();
    Object.assign(this.log.context, { organization: tenancy.organizationId, generation: tenancy.generation });
    this.serving = new Serving({
      tenancy,
      settings: this.settings,
      sequence: new Sequence({ floor: sequence, reserve: (upTo) => this.session.keepSequence(upTo), log: this.log }),
      connections: () => this.collab.connections,
      log: this.log,
      onSaving: (saving) => this.collab.tellSaving(saving),
      onIdle: () => this.leaving.idle(),
      onLost: (error) => this.leaving.lost(error),
    });
    tenancy.onGone = (projectIds) => {
      this.log.info('these projects exist no longer, their data is dropped', { projects: projectIds });
      this.collab.closeRooms(projectIds);
    };
    this.serving.start();
    this.state = 'serving';
    this.log.info('serving', { projects: tenancy.roster.projectIds.size, rooms_with_data: tenancy.rooms.withData.length });
  }
}
