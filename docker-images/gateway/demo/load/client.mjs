/**
 * One person in a room, who appends numbered entries at an even pace, connected or not, and keeps account of what the
 * gateway acknowledged.
 */
import { openRoom } from '../../client/room.js';

export const FIELD = 'load';
/** A gateway that is lost so often is no measurement any more. */
const DOWNTIMES_MAX = 10_000;

export class Client {
  written = 0;
  acknowledged = 0;
  /** @type {number[]} */
  downtimesMillis = [];
  /** @type {number | undefined} */
  generation;
  /** Since when, and which entry ends it. @type {{since: number, until: number} | undefined} */
  #down;
  /** @type {NodeJS.Timeout | undefined} */
  #typing;
  #connected = false;
  #finishing = false;

  /**
   * @param {object} options
   * @param {string} options.author whose entries these are, unlike any other's in this document
   * @param {string} options.userId
   * @param {import('./config.mjs').Played} options.organization
   * @param {import('./frontend.mjs').Frontend} options.frontend
   * @param {any} options.WebSocket
   * @param {number} options.editMillis
   * @param {(event: string, fields?: Record<string, unknown>) => void} options.report
   */
  constructor({ author, userId, organization, frontend, WebSocket, editMillis, report }) {
    Object.assign(this, { author, userId, organization, frontend, editMillis });
    this.report = (/** @type {string} */ event, /** @type {object} */ fields) => report(event, { generation: this.generation, ...fields });
    this.WebSocket = reporting(WebSocket, (error) => this.report('error', { message: error.message }));
  }

  /** @param {string} websocketUrl */
  open(websocketUrl) {
    const { WebSocket, organization } = this;
    this.room = openRoom({ websocketUrl, accessToken: () => this.#token(), projectId: organization.project_id, WebSocket,
      onRefused: (reason) => this.report('error', { message: `refused: ${reason}` }),
      onRestored: () => {
        this.report('restored');
        this.#watch();
      } });
    this.#watch();
  }

  #watch() {
    const { provider } = this.room;
    provider.on('synced', () => this.#synced());
    provider.on('unsyncedChanges', () => this.#account());
    provider.on('disconnect', () => this.#disconnected());
  }

  get entries() {
    return this.room.document.getArray(FIELD);
  }

  stopTyping() {
    this.#finishing = true;
    clearInterval(this.#typing);
  }

  close() {
    this.stopTyping();
    this.room?.close();
  }

  async #token() {
    try {
      const { access_token: token, generation } = await this.frontend.start(this.organization.id, this.userId);
      this.generation = generation;
      return token;
    } catch (error) {
      this.report('error', { message: error.message });
      throw error;
    }
  }

  #synced() {
    if (this.#connected) return;
    this.#connected = true;
    this.report('connected');
    if (!this.#finishing) this.#typing ??= setInterval(() => this.#write(), this.editMillis);
    this.#account();
  }

  /** An entry is written at once, for the acknowledgement that ends the downtime. */
  #disconnected() {
    if (!this.#connected) return;
    this.#connected = false;
    this.report('disconnected');
    if (this.#finishing) return;
    this.#write();
    this.#down ??= { since: performance.now(), until: this.written };
  }

  #write() {
    this.written += 1;
    this.entries.push([`${this.author}:${this.written}`]);
  }

  /** Nothing unsynced means that everything written until now is in the gateway's memory. */
  #account() {
    const { provider } = this.room;
    if (!provider.isSynced || provider.hasUnsyncedChanges || this.acknowledged === this.written) return;
    this.acknowledged = this.written;
    this.report('acknowledged', { entries: this.acknowledged, ...this.#up() });
  }

  #up() {
    if (!this.#down || this.acknowledged < this.#down.until) return {};
    const downtimeMillis = Math.round(performance.now() - this.#down.since);
    this.#down = undefined;
    if (this.downtimesMillis.length < DOWNTIMES_MAX) this.downtimesMillis.push(downtimeMillis);
    return { downtime_ms: downtimeMillis };
  }
}

/** Tells why a connection failed: the reason is lost in the attempts of the room. @param {any} WebSocket @param {(error: Error) => void} onError */
function reporting(WebSocket, onError) {
  return class extends WebSocket {
    /** @param {string} url */
    constructor(url) {
      super(url);
      this.on('error', onError);
    }
  };
}
