/**
 * A client of a room, for browsers and Node.js. The access token travels in the address of the WebSocket (the gateway
 * refuses the upgrade without it), lives for minutes, and is for one generation only: a fresh one is asked for at every
 * connection. When the gateway is lost, the room reconnects, and everything that was written meanwhile reaches the next.
 */
import * as Y from 'yjs';
import { ReconcilingProvider } from './provider.js';
import { RenewingSocket } from './socket.js';

/**
 * @typedef {object} RoomOptions
 * @property {string} websocketUrl as answered by `POST /gateway/start`
 * @property {string | (() => string | Promise<string>)} accessToken a function is called at every attempt to connect; it
 *   may fail, that is one failed attempt
 * @property {string} projectId
 * @property {Y.Doc} [document]
 * @property {any} [WebSocket] another implementation than the global one
 * @property {(status: 'connecting' | 'connected' | 'disconnected') => void} [onStatus]
 * @property {(reason: string) => void} [onRefused] the gateway refused this project or token
 * @property {{delay?: number, minDelay?: number, maxDelay?: number, maxAttempts?: number}} [reconnect] pauses, in milliseconds
 * @property {import('./socket.js').Patience} [patience] how long to wait for a peer that says nothing
 */

/**
 * @param {RoomOptions} options
 * @returns {{document: Y.Doc, provider: ReconcilingProvider, synced: () => Promise<void>, acknowledged: () => Promise<void>, close: () => void}}
 *   `synced` waits for the room's content, `acknowledged` until the gateway has everything written here
 */
export function openRoom({ websocketUrl, accessToken, projectId, document = new Y.Doc(), WebSocket, onStatus, onRefused, reconnect, patience }) {
  const socket = new RenewingSocket({ websocketUrl, accessToken, WebSocket, reconnect, patience });
  const provider = new ReconcilingProvider({
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

/** @param {ReconcilingProvider} provider @param {string} event @param {() => boolean} condition @returns {Promise<void>} */
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
