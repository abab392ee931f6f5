/**
 * A client of a room, for browsers and Node.js. The access token travels in the address of the WebSocket (the gateway
 * refuses the upgrade without it) and lives for minutes only, so a fresh one is asked for at every connection.
 */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';

/**
 * @typedef {object} RoomOptions
 * @property {string} websocketUrl as answered by `POST /gateway/start`
 * @property {string | (() => string | Promise<string>)} accessToken a function is called at every (re)connection
 * @property {string} projectId
 * @property {Y.Doc} [document]
 * @property {any} [WebSocket] another implementation than the global one
 * @property {(status: 'connecting' | 'connected' | 'disconnected') => void} [onStatus]
 * @property {(reason: string) => void} [onRefused] the gateway refused this project or token
 * @property {{delay?: number, minDelay?: number, maxDelay?: number, maxAttempts?: number}} [reconnect] in milliseconds
 */

/**
 * @param {RoomOptions} options
 * @returns {{document: Y.Doc, provider: HocuspocusProvider, synced: () => Promise<void>, acknowledged: () => Promise<void>, close: () => void}}
 *   `synced` waits for the room's content, `acknowledged` until the gateway has everything written here
 */
export function openRoom({ websocketUrl, accessToken, projectId, document = new Y.Doc(), WebSocket, onStatus, onRefused, reconnect }) {
  const socket = new RenewingSocket({ websocketUrl, accessToken, WebSocket, reconnect });
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name: projectId,
    document,
    token: () => socket.token,
    onStatus: ({ status }) => onStatus?.(status),
    onAuthenticationFailed: ({ reason }) => onRefused?.(reason),
  });
  provider.attach();
  socket.connect();
  return {
    document,
    provider,
    synced: () => when(provider, 'synced', () => provider.isSynced),
    acknowledged: () => when(provider, 'unsyncedChanges', () => provider.isSynced && !provider.hasUnsyncedChanges),
    close: () => {
      provider.destroy();
      socket.destroy();
    },
  };
}

class RenewingSocket extends HocuspocusProviderWebsocket {
  token = '';

  /** @param {Pick<RoomOptions, 'websocketUrl' | 'accessToken' | 'WebSocket' | 'reconnect'>} options */
  constructor({ websocketUrl, accessToken, WebSocket, reconnect }) {
    super({ url: websocketUrl, autoConnect: false, WebSocketPolyfill: WebSocket, ...reconnect });
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
    this.token = await this.nextToken();
    return super.createWebSocketConnection();
  }
}

/** @param {HocuspocusProvider} provider @param {string} event @param {() => boolean} condition @returns {Promise<void>} */
function when(provider, event, condition) {
  return new Promise((resolve) => {
    const check = () => {
      if (!condition()) return;
      for (const name of [event, 'synced']) provider.off(name, check);
      resolve();
    };
    for (const name of [event, 'synced']) provider.on(name, check);
    check();
  });
}
