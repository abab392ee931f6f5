/** What a frontend does before it opens a room: it asks Ganymede for the organization's gateway, every time anew. */
import { agentWith } from '../connection.mjs';
import { jsonBody, requestJson } from '../../src/request.js';

/** A start has 10 s. */
const TIMEOUT_MILLIS = 12_000;
const ANSWER_BYTES = 64 * 1024;

export class Frontend {
  /** @param {{ganymedeUrl: URL, apiKey: string, connection: Record<string, unknown>}} options */
  constructor({ ganymedeUrl, apiKey, connection }) {
    this.url = new URL('/gateway/start', ganymedeUrl);
    this.headers = { 'x-api-key': apiKey };
    this.agent = agentWith(ganymedeUrl, connection);
  }

  /** @param {string} organizationId @param {string} userId @returns {Promise<{generation: number, websocket_url: string, access_token: string}>} */
  start(organizationId, userId) {
    const body = jsonBody({ organization_id: organizationId, user_id: userId });
    const { url, headers, agent } = this;
    return requestJson({ url, method: 'POST', headers, body, agent, timeoutMillis: TIMEOUT_MILLIS, maxBytes: ANSWER_BYTES });
  }
}
