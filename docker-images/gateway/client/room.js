/**
 * A client of a room, for browsers and Node.js. The access token travels in the address of the WebSocket (the gateway
 * refuses the upgrade without it), lives for minutes, and is for one generation only: a fresh one is asked for at every
 * connection. When the gateway is lost, the room reconnects, and everything that was written meanwhile reaches the next.
 */
import * as Y from 'yjs';
import { ReconcilingProvider } from './provider.js';
import { RenewingSocket } from './socket.js';

const RESTORED = 'restored';

/**
 * @typedef {object} RoomOptions
 * @property {string} websocketUrl as answered by `POST /gateway/start`
 * @property {string | (() => string | Promise<string>)} accessToken a function is called at every attempt to connect; it
 *   may fail, that is one failed attempt
 * @property {string} projectId
 * @property {Y.Doc} [document]
 * @property {number} [lineage] to which the content of the document belongs, when it comes from an earlier room
 * @property {any} [WebSocket] another implementation than the global one
 * @property {(status: 'connecting' | 'connected' | 'disconnected') => void} [onStatus]
 * @property {(reason: string) => void} [onRefused] the gateway refused this project or token; without `onRestored` also
 *   `restored`: what was written here is gone from the room
 * @property {(dropped: Y.Doc) => void} [onRestored] the organization was restored to an earlier state: the room goes on
 *   with a fresh document (and provider), and this is the one with what was undone
 * @property {(saving: {state: 'saved' | 'unsaved' | 'failing', since: string, problem: string | null}) => void} [onSaving]
 *   the gateway has everything, but could not store it, or can again
 * @property {{delay?: number, minDelay?: number, maxDelay?: number, maxAttempts?: number}} [reconnect] pauses, in milliseconds
 * @property {import('./socket.js').Patience} [patience] how long to wait for a peer that says nothing
 */

/** @param {RoomOptions} options @returns {Room} */
export function openRoom(options) {
  return new Room(options);
}

export class Room {
  /** Another one after a restore. @type {Y.Doc} */
  document;
  /** Of the document. @type {ReconcilingProvider} */
  provider;
  /** To which the document's content belongs; unknown until the gateway said it. @type {number | undefined} */
  lineage;
  #socket;
  #options;
  /** Checks whether what somebody waits for has come. @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {RoomOptions} options */
  constructor(options) {
    const { websocketUrl, accessToken, document = new Y.Doc(), lineage, WebSocket, reconnect, patience } = options;
    this.#options = options;
    this.#socket = new RenewingSocket({ websocketUrl, accessToken, WebSocket, reconnect, patience });
    this.#socket.on('status', ({ status }) => options.onStatus?.(status));
    this.document = document;
    this.lineage = lineage;
    this.provider = this.#enter();
    this.#socket.connect();
  }

  /** Waits for the room's content. @returns {Promise<void>} */
  synced() {
    return this.#when(() => this.provider.isSynced);
  }

  /**
   * Waits until the gateway has everything written here.
   *
   * @returns {Promise<void>} rejected with an error `restored` when it was dropped instead
   */
  acknowledged() {
    const { document } = this;
    return this.#when(() => {
      if (this.document !== document) throw new Error(RESTORED);
      return this.provider.isSynced && !this.provider.hasUnsyncedChanges;
    });
  }

  close() {
    this.provider.destroy();
    this.#socket.destroy();
  }

  #enter() {
    const { projectId, onRefused, onSaving } = this.#options;
    const provider = new ReconcilingProvider({
      websocketProvider: this.#socket,
      name: projectId,
      document: this.document,
      // Before the first restore there is nothing to say, and an old gateway would take it for a part of the token.
      token: () => (this.lineage ? `${this.#socket.token};lineage=${this.lineage}` : this.#socket.token),
      onAuthenticationFailed: ({ reason }) => (reason === RESTORED ? this.#restored(provider) : onRefused?.(reason)),
      onClose: ({ event }) => event.reason === RESTORED && this.#restored(provider),
      onStateless: ({ payload }) => {
        const { type, ...said } = JSON.parse(payload);
        if (type === 'lineage') this.lineage = said.lineage;
        if (type === 'saving') onSaving?.(said);
      },
    });
    for (const event of ['synced', 'unsyncedChanges']) provider.on(event, () => this.#check());
    provider.attach();
    return provider;
  }

  /** What is in the document would undo the restore; nothing of it is sent any more. @param {ReconcilingProvider} provider */
  #restored(provider) {
    if (provider !== this.provider) return;
    const dropped = this.document;
    const presence = provider.awareness?.getLocalState() ?? null;
    this.#socket.forget(provider);
    provider.destroy();
    this.document = new Y.Doc();
    this.lineage = undefined;
    this.provider = this.#enter();
    this.provider.awareness?.setLocalState(presence);
    this.#check();
    const { onRestored, onRefused } = this.#options;
    if (onRestored) onRestored(dropped);
    else onRefused?.(RESTORED);
  }

  /** @param {() => boolean} condition that may fail for good @returns {Promise<void>} */
  #when(condition) {
    return new Promise((resolve, reject) => {
      const check = () => {
        try {
          if (!condition()) return;
          resolve();
        } catch (error) {
          reject(error);
        }
        this.#waiting.delete(check);
      };
      this.#waiting.add(check);
      check();
    });
  }

  #check() {
    for (const check of [...this.#waiting]) check();
  }
}
