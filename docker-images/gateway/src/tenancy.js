/**
 * One organization on this gateway, from a successful load to the stop: who it is, its projects, its data. Holds the
 * gateway token; the token leaves this object only towards Ganymede and into the session file.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessTokens } from './access-tokens.js';
import { Encoder } from './encoder/encoder.js';
import { recover } from './recovery.js';
import { Rooms } from './rooms.js';
import { isWhole, Roster } from './roster.js';
import { decodeSnapshot } from './snapshot.js';

const REFRESH_INTERVAL_MILLIS = 2_000;
/** A push waits for it, and those who leave have little time. */
const REFRESH_TIMEOUT_MILLIS = 2_000;

export class Tenancy {
  /** Told of projects that exist no longer, whose data was dropped. @type {(projectIds: string[]) => void} */
  onGone = () => {};

  /** @type {Promise<void> | undefined} */
  #refreshing;
  #refreshedAt = -Infinity;
  #gatewayToken;
  /** Versions whose content is in the rooms; each push says so until one is acknowledged. @type {number[]} */
  recovered = [];

  /**
   * @param {object} options
   * @param {import('./ganymede.js').Ganymede} options.ganymede
   * @param {import('./ganymede.js').Organization} options.organization
   * @param {string} options.gatewayToken
   * @param {import('./snapshot.js').Snapshot} options.snapshot
   * @param {import('./log.js').Log} options.log
   * @param {number} [options.lineage] how often the organization was restored
   * @param {number} [options.notBefore] the time of its last push, in milliseconds
   */
  constructor({ ganymede, organization, gatewayToken, snapshot, log, lineage = 0, notBefore = 0 }) {
    this.ganymede = ganymede;
    this.#gatewayToken = gatewayToken;
    this.accessTokens = new AccessTokens(organization);
    this.organizationId = organization.organization_id;
    this.gatewayId = organization.gateway_id;
    this.generation = organization.generation;
    this.roster = new Roster(organization);
    this.lineage = lineage;
    this.notBefore = notBefore;
    this.rooms = new Rooms(snapshot.rooms, new Encoder({
      onFailing: (error) => log.error('the encoder failed, documents are encoded without it', { error: error.message }),
      onWorking: () => log.info('the encoder works again'),
    }));
    /** Kept as it came, unknown keys too, until the next push. */
    this.gatewayState = snapshot.gatewayState;
  }

  /**
   * Pulls the data and checks it, and takes in what gateways before this one could not push.
   *
   * @param {Pick<ConstructorParameters<typeof Tenancy>[0], 'ganymede' | 'organization' | 'gatewayToken' | 'log'> & {resumed?: boolean}} options
   *   `resumed`: this gateway pushed before
   * @returns {Promise<Tenancy>}
   */
  static async load({ ganymede, organization, gatewayToken, log, resumed = false }) {
    const ids = { organization_id: organization.organization_id, gateway_id: organization.gateway_id };
    const { data, timestamp, version, lineage, damaged, recoverable = [] } = await ganymede.pull(gatewayToken, ids);
    if (damaged) log.error('the newest snapshot is damaged, the last good one is served', { damaged, version });
    const notBefore = resumed && timestamp ? Date.parse(timestamp) : 0;
    const tenancy = new Tenancy({ ganymede, organization, gatewayToken, snapshot: decodeSnapshot(data), log, lineage, notBefore });
    const pull = (/** @type {number} */ rescued, /** @type {number} */ timeoutMillis) =>
      ganymede.pull(gatewayToken, { ...ids, version: rescued }, timeoutMillis);
    tenancy.recovered = await recover({ versions: recoverable, pull, tenancy, log });
    return tenancy;
  }

  get ids() {
    return { organization_id: this.organizationId, gateway_id: this.gatewayId };
  }

  /** @returns {import('./session.js').Session} */
  get session() {
    return { ...this.ids, generation: this.generation, gateway_token: this.#gatewayToken };
  }

  /** The seed's switch: an organization may ask for a gateway that never leaves by itself. */
  get shutdownDisabled() {
    const activity = /** @type {any} */ (this.gatewayState.projectActivity);
    return activity?.disable_gateway_shutdown === true;
  }

  /** @param {import('./request.js').Body} body */
  push(body) {
    return this.ganymede.push(this.#gatewayToken, body);
  }

  /** Which of these states Ganymede has. @param {string[]} hashes */
  known(hashes) {
    return this.ganymede.known(this.#gatewayToken, this.ids, hashes);
  }

  /** @param {number[]} versions whose content was in an acknowledged push */
  acknowledged(versions) {
    this.recovered = this.recovered.filter((version) => !versions.includes(version));
  }

  /** @param {number} connections of clients, now */
  ping(connections) {
    return this.ganymede.ping(this.#gatewayToken, connections);
  }

  /** @param {'inactive' | 'terminated'} reason */
  stop(reason) {
    return this.ganymede.stop(this.#gatewayToken, this.ids, reason);
  }

  /** Whether this project is the organization's; asks Ganymede about one it has not heard of. @param {string} projectId */
  async hasProject(projectId) {
    if (!this.roster.projectIds.has(projectId)) await this.#refresh();
    return this.roster.projectIds.has(projectId);
  }

  /**
   * Asks Ganymede for a user that it has not heard of, once it may: whoever came to the organization after the last
   * refresh is not to stay a reader because of that.
   *
   * @param {string} userId of a valid access token
   */
  async meet(userId) {
    if (this.roster.hasMember(userId)) return;
    const before = this.#refreshedAt;
    // Timers may be early: then it would not ask.
    while (this.#refreshedAt === before && !this.#mayRefresh) await sleep(before + REFRESH_INTERVAL_MILLIS - performance.now());
    if (!this.roster.hasMember(userId)) await this.#refresh();
  }

  /**
   * Asks Ganymede for the projects and members as they are now, unless it did so not long ago: the data of a project
   * that was deleted leaves with the next push.
   *
   * @param {number} intervalMillis
   */
  async catchUp(intervalMillis) {
    if (performance.now() - this.#refreshedAt >= intervalMillis) await this.#refresh();
  }

  get #mayRefresh() {
    return performance.now() - this.#refreshedAt >= REFRESH_INTERVAL_MILLIS;
  }

  /** At most one question at a time and not too often, since any client may ask for any name. */
  async #refresh() {
    if (!this.#refreshing && !this.#mayRefresh) return;
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshedAt = performance.now();
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #ask() {
    const organization = await this.ganymede.organization(this.#gatewayToken, REFRESH_TIMEOUT_MILLIS);
    if (!isWhole(organization) || !this.#isOurs(organization)) throw new Error('Ganymede told of something else than this organization');
    this.roster = new Roster(organization);
    const gone = this.rooms.keepOnly(this.roster.projectIds);
    if (gone.length > 0) this.onGone(gone);
  }

  /** @param {import('./ganymede.js').Organization} organization */
  #isOurs({ organization_id, gateway_id, generation }) {
    return organization_id === this.organizationId && gateway_id === this.gatewayId && generation === this.generation;
  }
}
