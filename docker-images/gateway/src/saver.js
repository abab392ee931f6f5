/**
 * One attempt to bring the newest data to Ganymede: the rooms are encoded, what Ganymede has is only referred to, and
 * both sides compare what they think is stored.
 *
 * @typedef {import('./room.js').Room} Room
 * @typedef {{parts: import('./manifest.js').Part[], sent: import('./push-body.js').Sent[], gatewayState: string}} Composed
 */
import { KnownBlobs } from './known-blobs.js';
import { digestOf, jsonBytes } from './manifest.js';
import { pushBody } from './push-body.js';
import { RequestError } from './request.js';
import { gatewayStateJson } from './snapshot.js';

export class Saver {
  #known;
  #takenAt;

  /**
   * @param {object} options
   * @param {import('./tenancy.js').Tenancy} options.tenancy
   * @param {import('./sequence.js').Sequence} options.sequence
   * @param {() => Record<string, unknown>} options.activityMeta
   * @param {import('./log.js').Log} options.log
   */
  constructor({ tenancy, sequence, activityMeta, log }) {
    this.tenancy = tenancy;
    this.sequence = sequence;
    this.activityMeta = activityMeta;
    this.log = log;
    this.#takenAt = tenancy.notBefore;
    const pulled = tenancy.rooms.withData.map(({ sha256 }) => /** @type {string} */ (sha256));
    this.#known = new KnownBlobs({ pulled, ask: (hashes) => tenancy.known(hashes), log });
  }

  /** Fails with a RequestError; `atOnce` says that the next attempt differs from this one and need not wait. */
  async push() {
    const held = await this.tenancy.rooms.settled();
    try {
      await this.#deliver(await this.#compose(held.map(({ room }) => room)));
    } catch (error) {
      throw this.#differently(/** @type {any} */ (error));
    } finally {
      for (const { giveBack } of held) giveBack();
    }
  }

  /** All of it as of now, for a file; not with the encoder, which may be what failed. */
  everything() {
    const lost = (/** @type {string} */ projectId, /** @type {Error} */ error) =>
      this.log.error('what changed in a project since its last save is lost', { project_id: projectId, error: error.message });
    return { fields: this.#fields(), rooms: this.tenancy.rooms.states(lost), gatewayState: this.#gatewayState() };
  }

  /** @param {Room[]} rooms @returns {Promise<Composed>} */
  async #compose(rooms) {
    const states = rooms.map(({ projectId, state, sha256 }) =>
      ({ projectId, state: /** @type {Uint8Array} */ (state), sha256: /** @type {string} */ (sha256) }));
    const known = await this.#known.among(states.map(({ sha256 }) => sha256));
    return {
      parts: states.map(({ projectId, sha256, state }) => ({ projectId, sha256, sizeBytes: state.length })),
      sent: states.map((one) => (known.has(one.sha256) ? { ...one, state: undefined } : one)),
      gatewayState: gatewayStateJson(this.#gatewayState()),
    };
  }

  /** @param {Composed} composed */
  async #deliver({ parts, sent, gatewayState }) {
    const { tenancy } = this;
    const { recovered } = tenancy;
    const fields = { ...this.#fields(), sequence: await this.sequence.next(), ...(recovered.length > 0 && { recovered }) };
    const body = pushBody({ fields, sent, gatewayState, encoder: tenancy.rooms.encoder });
    const answer = await tenancy.push(body);
    const changed = sent.filter(({ state }) => state).length;
    const digest = digestOf(parts, gatewayState);
    this.#known.acknowledged(parts.map(({ sha256 }) => sha256));
    this.#compare(digest, answer, changed === sent.length);
    tenancy.acknowledged(recovered);
    this.log.info('pushed', {
      organization_id: tenancy.organizationId, generation: tenancy.generation, version: answer.version, digest,
      stored_at: answer.stored_at, timestamp: fields.timestamp, size_bytes: jsonBytes(parts, gatewayState),
      sent_bytes: body.sizeBytes, projects: parts.length, changed,
    });
  }

  /**
   * Who answers without a digest knows no references, and stored them as if they were content.
   *
   * @param {string} digest @param {{digest?: string, version?: number}} answer @param {boolean} complete whether the push
   *   carried everything: then another one would do no better
   */
  #compare(digest, answer, complete) {
    if (answer.digest === digest || (answer.digest === undefined && complete)) return;
    if (answer.digest === undefined) this.#known.unsupported();
    else this.#known.forget();
    this.log.error('Ganymede stored something else than was pushed', { version: answer.version, digest, stored: answer.digest });
    if (!complete) throw new RequestError('the digests of a push differ', 502, 'digest-differs');
  }

  /** @param {RequestError} error */
  #differently(error) {
    if (error.slug === 'stale-push') this.sequence.raise();
    else if (error.slug === 'blobs-missing') this.#known.forget();
    else if (error.slug !== 'digest-differs') return error;
    return Object.assign(error, { atOnce: true });
  }

  /** Of two pushes the later one has the later time, whatever happens to the clock. */
  #fields() {
    this.#takenAt = Math.max(Date.now(), this.#takenAt + 1);
    return { ...this.tenancy.ids, timestamp: new Date(this.#takenAt).toISOString() };
  }

  #gatewayState() {
    return { ...this.tenancy.gatewayState, projectActivity: this.activityMeta() };
  }
}
