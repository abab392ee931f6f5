/** Two people in one room of an organization, from the first start to the account of what became of their entries. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openRoom } from '../../client/room.js';
import { retry } from '../../src/retry.js';
import { Client, FIELD } from './client.mjs';
import { outcome } from './outcome.mjs';

const BACKOFF = { baseMillis: 200, capMillis: 3_000 };
const LOOK_MILLIS = 100;

export class Organization {
  /**
   * @param {object} options
   * @param {import('./config.mjs').Played} options.organization
   * @param {string} options.run unlike that of any other run
   * @param {import('./frontend.mjs').Frontend} options.frontend
   * @param {any} options.WebSocket
   * @param {number} options.editMillis
   * @param {(line: Record<string, unknown>) => void} options.print
   */
  constructor({ organization, run, frontend, WebSocket, editMillis, print }) {
    this.organization = organization;
    this.frontend = frontend;
    this.WebSocket = WebSocket;
    this.print = (/** @type {object} */ fields) => print({ organization: organization.id, ...fields });
    this.clients = organization.user_ids.map((userId, index) => {
      const name = 'ab'[index];
      const report = (/** @type {string} */ event, /** @type {object} */ fields) => this.print({ client: name, event, ...fields });
      return new Client({ author: `${run}-${name}`, userId, organization, frontend, WebSocket, editMillis, report });
    });
  }

  /** @param {AbortSignal} signal of the end */
  async open(signal) {
    const { id, user_ids: [userId] } = this.organization;
    const onRetry = (/** @type {Error} */ error) => this.print({ event: 'error', message: error.message });
    const { websocket_url: url } = await retry(() => this.frontend.start(id, userId), { backoff: BACKOFF, signal, retryable: () => true, onRetry });
    this.websocketUrl = url;
    for (const client of this.clients) client.open(url);
    await Promise.all(this.clients.map(({ room }) => room.synced()));
  }

  /** @param {number} withinMillis */
  async finish(withinMillis) {
    for (const client of this.clients) client.stopTyping();
    const signal = AbortSignal.timeout(withinMillis);
    const converged = await this.#converged(signal);
    const accounts = this.clients.map(({ author, written, acknowledged }) => ({ author, written, acknowledged }));
    const found = await this.#found(signal);
    // When nobody new could read, nothing is known of losses: the editors' own documents have all of their entries.
    const entries = found ?? new Set(this.clients.flatMap((client) => client.room?.document.getArray(FIELD).toArray() ?? []));
    const downtimes = this.clients.flatMap(({ downtimesMillis }) => downtimesMillis);
    const result = { ...outcome(accounts, entries), converged: converged && Boolean(found), downtimes_ms: downtimes };
    this.print({ event: 'summary', ...result });
    for (const client of this.clients) client.close();
    return result;
  }

  /** Both have everything of both, and the gateway has it too. @param {AbortSignal} signal */
  async #converged(signal) {
    if (!this.websocketUrl) return false;
    const same = () => this.clients.every(({ written, acknowledged, entries }) =>
      acknowledged === written && entries.length >= this.#written && outcome(this.clients, entries).entries_in_document === this.#written);
    while (!same()) {
      if (signal.aborted) return false;
      await sleep(LOOK_MILLIS);
    }
    return true;
  }

  get #written() {
    return this.clients.reduce((sum, { written }) => sum + written, 0);
  }

  /** What somebody finds who was not there before: the editors' own documents prove nothing. @param {AbortSignal} signal */
  async #found(signal) {
    if (!this.websocketUrl) return undefined;
    const { id, project_id: projectId, user_ids: [userId] } = this.organization;
    const accessToken = () => this.frontend.start(id, userId).then((answer) => answer.access_token);
    const room = openRoom({ websocketUrl: this.websocketUrl, accessToken, projectId, WebSocket: quiet(this.WebSocket) });
    const late = new Promise((resolve) => signal.addEventListener('abort', () => resolve('late'), { once: true }));
    try {
      const first = await Promise.race([room.synced(), signal.aborted ? 'late' : late]);
      return first === 'late' ? undefined : room.document.getArray(FIELD).toArray();
    } finally {
      room.close();
    }
  }
}

/** A failed attempt is followed by the next; without a listener Node.js would end. @param {any} WebSocket */
function quiet(WebSocket) {
  return class extends WebSocket {
    /** @param {string} url */
    constructor(url) {
      super(url);
      this.on('error', () => {});
    }
  };
}
