/**
 * The connection of a room: it asks for a fresh token at every attempt, comes back quickly, and does not trust silence.
 * Neither a proxy nor a gateway that hangs holds it: attempts are bounded, and a connection on which nothing comes is
 * probed and, when nothing comes then either, given up.
 */
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';

/**
 * @typedef {object} Patience in milliseconds
 * @property {number} [token] for the function that gives an access token; a start of the organization has 10 s
 * @property {number} [attempt] from opening a connection to the first message on it
 * @property {number} [silence] until a connection is probed
 * @property {number} [answer] until a probe counts as not answered
 */
const PATIENCE = { token: 15_000, attempt: 10_000, silence: 5_000, answer: 5_000 };
const GIVEN_UP = 4408;

export class RenewingSocket extends HocuspocusProviderWebsocket {
  token = '';
  #patience;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #attempt;
  #probedAt = 0;

  /** @param {Pick<import('./room.js').RoomOptions, 'websocketUrl' | 'accessToken' | 'WebSocket' | 'reconnect' | 'patience'>} options */
  constructor({ websocketUrl, accessToken, WebSocket, reconnect, patience }) {
    const all = { ...PATIENCE, ...patience };
    super({
      url: websocketUrl,
      autoConnect: false,
      WebSocketPolyfill: WebSocket,
      // A tenth of it is the interval of the checks; what is checked is ours.
      messageReconnectTimeout: all.silence + all.answer,
      ...pauses(),
      ...reconnect,
    });
    this.#patience = all;
    this.nextToken = typeof accessToken === 'function' ? accessToken : () => accessToken;
  }

  /** @override */
  get url() {
    const url = new URL(this.configuration.url);
    url.searchParams.set('access_token', this.token);
    return url.href;
  }

  /** @override called for every attempt to connect; a failure is one failed attempt */
  async createWebSocketConnection() {
    this.token = await within(this.#patience.token, this.nextToken());
    if (!this.shouldConnect) throw new Error('closed meanwhile');
    clearTimeout(this.#attempt);
    this.#attempt = setTimeout(() => this.#giveUp('the attempt to connect had no answer'), this.#patience.attempt);
    return super.createWebSocketConnection().finally(() => clearTimeout(this.#attempt));
  }

  /**
   * @override A page in the background looks rarely: only a probe that had no answer tells that nobody is there.
   */
  checkConnection() {
    const now = Date.now();
    const heardAt = this.lastMessageReceived;
    if (this.status !== 'connected' || !heardAt || now - heardAt < this.#patience.silence) return;
    if (this.#probedAt <= heardAt) {
      this.#probedAt = now;
      this.#probe();
    } else if (now - this.#probedAt >= this.#patience.answer) {
      this.#giveUp('nothing was heard any more');
    }
  }

  /** @override One that is closed while it opens still reports an error. */
  cleanupWebSocket() {
    this.webSocket?.addEventListener('error', () => {});
    super.cleanupWebSocket();
  }

  /** Nothing is said for it any more: a farewell of one that was refused would close the next one. @param {import('./provider.js').ReconcilingProvider} provider */
  forget(provider) {
    this.configuration.providerMap.delete(provider.effectiveName);
  }

  /** @override */
  destroy() {
    clearTimeout(this.#attempt);
    super.destroy();
  }

  /** One's own presence, once more: the gateway tells it to everybody in the room, to the sender too. */
  #probe() {
    for (const { awareness } of this.configuration.providerMap.values()) awareness?.setLocalState(awareness.getLocalState());
  }

  /** Goes on as if the connection had been closed; the other side may never say so. @param {string} reason */
  #giveUp(reason) {
    this.emit('close', { event: { code: GIVEN_UP, reason } });
  }
}

/** Before the attempts: 0.1 to 0.3 s at first, growing to 3 s. Different for each client: all lose a gateway at once. */
function pauses() {
  return { delay: 100 + Math.floor(Math.random() * 200), minDelay: 100, maxDelay: 3_000, factor: 1.5, jitter: true };
}

/** @template T @param {number} millis @param {T | Promise<T>} value @returns {Promise<T>} */
async function within(millis, value) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('there was no access token in time')), millis);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
