/**
 * Ganymede's HTTP API as a gateway sees it. Every call fails with a RequestError; nothing here repeats a call.
 *
 * @typedef {{organization_id: string, organization_name: string, gateway_id: string, generation: number,
 *   projects: {id: string, name?: string, active?: boolean}[], members: {user_id: string, name?: string, role?: string}[],
 *   access_tokens: {issuer: string, audience: string, jwks: {keys: object[]}}}} Organization
 * @typedef {{yjs_state: Record<string, string>, gateway_state: Record<string, unknown>}} SnapshotData
 * @typedef {{success: boolean, timestamp: string | null, data: SnapshotData | null, version?: number, lineage?: number,
 *   damaged?: number, recoverable?: number[]}} Pulled
 */
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { jsonBody, requestJson } from './request.js';

const CALL_TIMEOUT_MILLIS = 10_000;
const PING_TIMEOUT_MILLIS = 5_000;
const IDLE_SOCKET_MILLIS = 4_000;
const DATA_TIMEOUT_MILLIS = 60_000;
/** As long as Ganymede works at one: who gives up earlier begins the same work again. */
const PUSH_TIMEOUT_MILLIS = 120_000;
const KNOWN_MAX = 1_000;
const ANSWER_BYTES = 8 * 1024 * 1024;
const DATA_BYTES = 128 * 1024 * 1024;

export class Ganymede {
  /** @param {{url: URL, caPem?: string}} options */
  constructor({ url, caPem }) {
    this.url = url;
    // Idle sockets are closed before the other side could: a handshake token must not be lost on a dying connection.
    const options = { keepAlive: true, maxSockets: 4, timeout: IDLE_SOCKET_MILLIS };
    this.agent = url.protocol === 'https:'
      ? new https.Agent({ ...options, secureContext: secureContext(caPem) })
      : new http.Agent(options);
  }

  /** This container may be allocated. @param {string} bootToken */
  ready(bootToken) {
    return this.call('POST', '/gateway/ready', bootToken, {});
  }

  /**
   * Redeems a handshake token; works once.
   * @param {string} bootToken @param {string} handshakeToken
   * @returns {Promise<Organization & {gateway_token: string}>}
   */
  config(bootToken, handshakeToken) {
    return this.call('POST', '/gateway/config', bootToken, { tmp_handshake_token: handshakeToken });
  }

  /** The organization as it is now. @param {string} gatewayToken @param {number} [timeoutMillis] @returns {Promise<Organization>} */
  organization(gatewayToken, timeoutMillis) {
    return this.call('GET', '/gateway/organization', gatewayToken, undefined, timeoutMillis);
  }

  /** @param {string} gatewayToken @param {{organization_id: string, gateway_id: string}} ids @param {'inactive' | 'terminated'} reason */
  stop(gatewayToken, ids, reason) {
    return this.call('POST', '/gateway/stop', gatewayToken, { ...ids, reason });
  }

  /**
   * @param {string} gatewayToken
   * @param {import('./request.js').Body} body {organization_id, gateway_id, timestamp, data: SnapshotData}
   * @returns {Promise<{success: boolean, stored_at: string, size_bytes: number, version?: number, digest?: string}>}
   *   acknowledged: it is on disk
   */
  push(gatewayToken, body) {
    return this.#send('POST', '/gateway/data/push', gatewayToken, body, PUSH_TIMEOUT_MILLIS);
  }

  /**
   * Which of these states a push may refer to.
   * @param {string} gatewayToken @param {{organization_id: string, gateway_id: string}} ids @param {string[]} hashes SHA-256
   * @returns {Promise<string[]>}
   */
  async known(gatewayToken, ids, hashes) {
    const known = [];
    for (let start = 0; start < hashes.length; start += KNOWN_MAX) {
      const sha256 = hashes.slice(start, start + KNOWN_MAX);
      known.push(...(await this.call('POST', '/gateway/data/known', gatewayToken, { ...ids, sha256 })).known);
    }
    return known;
  }

  /** Alive, with so many clients. @param {string} gatewayToken @param {number} connections */
  ping(gatewayToken, connections) {
    return this.call('POST', '/gateway/ping', gatewayToken, { connections }, PING_TIMEOUT_MILLIS);
  }

  /**
   * @param {string} gatewayToken @param {{organization_id: string, gateway_id: string, version?: number}} wanted
   *   without a version: the newest
   * @param {number} [timeoutMillis]
   * @returns {Promise<Pulled>}
   */
  pull(gatewayToken, wanted, timeoutMillis = DATA_TIMEOUT_MILLIS) {
    return this.call('POST', '/gateway/data/pull', gatewayToken, wanted, timeoutMillis, DATA_BYTES);
  }

  close() {
    this.agent.destroy();
  }

  /**
   * @param {string} method @param {string} path @param {string} token @param {unknown} [body]
   * @param {number} [timeoutMillis] @param {number} [maxBytes]
   */
  call(method, path, token, body, timeoutMillis, maxBytes) {
    return this.#send(method, path, token, body === undefined ? undefined : jsonBody(body), timeoutMillis, maxBytes);
  }

  /**
   * @param {string} method @param {string} path @param {string} token @param {import('./request.js').Body} [body]
   * @param {number} [timeoutMillis] @param {number} [maxBytes]
   */
  #send(method, path, token, body, timeoutMillis = CALL_TIMEOUT_MILLIS, maxBytes = ANSWER_BYTES) {
    const url = new URL(path, this.url);
    const headers = { authorization: `Bearer ${token}` };
    return requestJson({ url, method, headers, body, agent: this.agent, timeoutMillis, maxBytes });
  }
}

/** Made once: reading some hundred certificates takes longer than a whole start should. @param {string | undefined} caPem */
function secureContext(caPem) {
  return tls.createSecureContext(caPem ? { ca: [...tls.rootCertificates, caPem] } : {});
}
