/**
 * The WebSocket side: Hocuspocus behind an upgrade that admits nobody without an access token of this allocation.
 *
 * @typedef {object} Host what the collaboration server needs from the gateway
 * @property {import('./tenancy.js').Tenancy | undefined} tenancy set only while clients are admitted
 * @property {import('./pusher.js').Saving | undefined} saving
 * @property {() => void} touch somebody did something
 */
import { STATUS_CODES } from 'node:http';
import { Hocuspocus } from '@hocuspocus/server';
import crossws from 'crossws/adapters/node';
import { Ancestry, parseToken } from './lineage.js';
import { problemDocument } from './problem.js';
import { isStale } from './route.js';

const SERVICE_RESTART = 1012;

export class Collab {
  #sockets = 0;
  /** Of each document that is open, also while its gateway is leaving. @type {WeakMap<import('@hocuspocus/server').Document, import('./rooms.js').Rooms>} */
  #rooms = new WeakMap();

  /** @param {{host: Host, log: import('./log.js').Log, maxConnections: number, maxPayloadBytes: number}} options */
  constructor({ host, log, maxConnections, maxPayloadBytes }) {
    this.host = host;
    this.log = log;
    this.maxConnections = maxConnections;
    this.hocuspocus = new Hocuspocus({
      quiet: true,
      onAuthenticate: (payload) => this.#authenticate(payload),
      // A copy: byte arrays in the document are views on what it was loaded from, and the encoder takes the state's memory away.
      onLoadDocument: async ({ documentName }) => this.host.tenancy?.rooms.state(documentName)?.slice(),
      afterLoadDocument: async ({ documentName, document }) => this.#opened(documentName, document),
      beforeHandleMessage: async (payload) => this.#permit(payload),
      beforeSync: async (payload) => this.#checkAncestry(payload),
      beforeUnloadDocument: async (payload) => this.#rest(payload),
      onChange: async () => this.host.touch(),
      onStateless: async () => this.host.touch(),
    });
    this.webSockets = crossws({
      serverOptions: { maxPayload: maxPayloadBytes },
      hooks: this.#socketHooks(),
    });
  }

  get connections() {
    return this.#sockets;
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:stream').Duplex} socket @param {Buffer} head */
  async upgrade(request, socket, head) {
    socket.on('error', () => socket.destroy());
    if (isStale(request.headers, this.host.tenancy)) {
      return refuse(socket, 503, 'not-serving', 'This gateway does not serve this organization');
    }
    const url = new URL(request.url ?? '/', 'http://gateway');
    if (url.pathname !== '/collab') return refuse(socket, 404, 'not-found', 'Nothing is served at this path');
    if (!this.host.tenancy) return refuse(socket, 503, 'not-serving', 'This gateway serves no organization');
    if (this.#sockets >= this.maxConnections) return refuse(socket, 503, 'too-many-connections', 'This gateway is full');
    const user = await this.host.tenancy.accessTokens.verify(url.searchParams.get('access_token'));
    if (!user) return refuse(socket, 401, 'invalid-access-token', 'A valid access token is needed');
    if (!this.host.tenancy) return refuse(socket, 503, 'not-serving', 'This gateway serves no organization');
    return this.webSockets.handleUpgrade(request, socket, head);
  }

  /** Every client is told when its edits are not being saved, and when they are again. @param {import('./pusher.js').Saving} saving */
  tellSaving(saving) {
    for (const document of this.hocuspocus.documents.values()) document.broadcastStateless(stateless('saving', saving));
  }

  /** Sends every client away and waits until all that they had sent is in the rooms. */
  async quiesce() {
    this.webSockets.closeAll(SERVICE_RESTART, 'the gateway is leaving');
    const connections = [...this.hocuspocus.documents.values()].flatMap((document) => document.getConnections());
    await Promise.all(connections.map((connection) => connection.waitForPendingMessages()));
    this.hocuspocus.closeConnections();
  }

  /** Their clients are sent away; nobody enters them again. @param {string[]} projectIds that exist no longer */
  closeRooms(projectIds) {
    for (const projectId of projectIds) this.hocuspocus.closeConnections(projectId);
  }

  #socketHooks() {
    const clients = new WeakMap();
    return {
      open: (/** @type {any} */ peer) => {
        this.#sockets += 1;
        clients.set(peer, this.hocuspocus.handleConnection(peer.websocket, peer.request));
      },
      message: (/** @type {any} */ peer, /** @type {any} */ message) => clients.get(peer)?.handleMessage(message.uint8Array()),
      close: (/** @type {any} */ peer, /** @type {any} */ event) => {
        this.#sockets -= 1;
        clients.get(peer)?.handleClose({ code: event.code, reason: event.reason });
      },
      error: (/** @type {any} */ peer, /** @type {Error} */ error) => this.log.warn('a WebSocket failed', { error: error.message }),
    };
  }

  /** @param {import('@hocuspocus/server').onAuthenticatePayload} payload */
  async #authenticate({ token: said, documentName, connectionConfig }) {
    const { tenancy } = this.host;
    const { accessToken, lineage } = parseToken(said);
    const user = await tenancy?.accessTokens.verify(accessToken);
    if (!tenancy || !user) throw refusal('invalid-access-token');
    const ancestry = new Ancestry({ said: lineage, lineage: tenancy.lineage });
    if (ancestry.refused) throw refusal('restored');
    const unanswered = (/** @type {Error} */ error) =>
      this.log.warn('could not ask for the projects and members of the organization', { error: error.message });
    await tenancy.meet(user.userId).catch(unanswered);
    const known = await tenancy.hasProject(documentName).catch(unanswered);
    if (!known) throw refusal('unknown-project');
    if (this.host.tenancy !== tenancy) throw refusal('not-serving');
    connectionConfig.readOnly = tenancy.roster.isReadOnly(user.userId);
    this.host.touch();
    return { userId: user.userId, ancestry };
  }

  /**
   * A role that changed counts from the next message on. A client that was entering while the project was deleted is
   * sent away at its first. While leaving, what clients had sent is still taken as it was permitted.
   *
   * @param {import('@hocuspocus/server').beforeHandleMessagePayload} payload
   */
  #permit({ connection, context, document, documentName }) {
    // It was unloaded while this client was entering: nobody would hear of what is written there.
    if (document.isDestroyed) {
      connection.webSocket.close(SERVICE_RESTART, 'enter again');
      throw refusal('not-serving');
    }
    const { tenancy } = this.host;
    if (!tenancy) return;
    if (!tenancy.roster.projectIds.has(documentName)) throw refusal('unknown-project');
    connection.readOnly = tenancy.roster.isReadOnly(context.userId);
  }

  /** @param {import('@hocuspocus/server').beforeSyncPayload} payload */
  #checkAncestry({ connection, context, type, payload }) {
    if (!context.ancestry.admits(type, payload)) throw refusal('restored');
    this.#welcome(connection, context);
  }

  /**
   * Said before anything of the room is: a client that has content has to know where it belongs. And not before it is
   * admitted, since what it has then would belong there, too.
   *
   * @param {any} connection @param {any} context
   */
  #welcome(connection, context) {
    const { tenancy, saving } = this.host;
    if (!tenancy || context.welcomed) return;
    context.welcomed = true;
    connection.sendStateless(stateless('lineage', { lineage: tenancy.lineage }));
    if (saving?.problem) connection.sendStateless(stateless('saving', saving));
  }

  /** @param {string} projectId @param {import('@hocuspocus/server').Document} document */
  #opened(projectId, document) {
    const { tenancy } = this.host;
    if (!tenancy) throw refusal('not-serving');
    if (!tenancy.roster.projectIds.has(projectId)) throw refusal('unknown-project');
    const { rooms } = tenancy;
    rooms.opened(projectId, document);
    this.#rooms.set(document, rooms);
    document.awareness.on('change', (/** @type {any} */ { added, updated }) => {
      if (added.length + updated.length > 0) this.host.touch();
    });
  }

  /** Hocuspocus unloads by name: a document that was unloaded before would take its successor with it. @param {import('@hocuspocus/server').beforeUnloadDocumentPayload} payload */
  async #rest({ instance, documentName, document }) {
    if (instance.documents.get(documentName) !== document) throw refusal('not-this-one');
    await this.#rooms.get(document)?.rest(documentName, document);
  }
}

/** @param {string} type @param {object} fields */
function stateless(type, fields) {
  return JSON.stringify({ type, ...fields });
}

/** The reason is what the client sees; without a message Hocuspocus does not log it. @param {string} reason */
function refusal(reason) {
  return Object.assign(new Error(), { reason });
}

/** @param {import('node:stream').Duplex} socket @param {number} status @param {string} slug @param {string} title */
function refuse(socket, status, slug, title) {
  const body = JSON.stringify(problemDocument(status, slug, title));
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n`
    + `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}
