/** One bounded HTTP request with a JSON body and a JSON answer. */
import http from 'node:http';
import https from 'node:https';
import { Readable, pipeline } from 'node:stream';

/** The answer was not a success; `status` 0 means that no answer came at all. */
export class RequestError extends Error {
  /**
   * @param {string} message @param {number} status @param {string} [type] the problem's type
   * @param {number} [retryAfterMillis] before which the other side wants no other attempt
   */
  constructor(message, status, type, retryAfterMillis) {
    super(message);
    this.status = status;
    this.type = type;
    this.retryAfterMillis = retryAfterMillis;
  }

  /** What went wrong, in one word. */
  get slug() {
    return this.type?.split('/').at(-1) || (this.status === 0 ? 'unreachable' : `http-${this.status}`);
  }

  /** Worth another attempt: nobody answered, or the answer says "later". */
  get transient() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /**
   * Ganymede itself says that this token has no rights (any more); everything else may be a proxy on the way. That a later
   * push was stored says nothing about the token.
   */
  get refused() {
    return [401, 403, 409, 410].includes(this.status) && this.slug !== 'stale-push';
  }
}

/**
 * A JSON text, made when it is sent.
 *
 * @typedef {{sizeBytes: number, pieces: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>}} Body
 */

/** @param {unknown} value @returns {Body} */
export function jsonBody(value) {
  const text = Buffer.from(JSON.stringify(value));
  return { sizeBytes: text.length, pieces: () => [text] };
}

/**
 * @param {{url: URL, method: string, headers: Record<string, string>, body?: Body, agent: http.Agent, timeoutMillis: number, maxBytes: number}} request
 * @returns {Promise<any>} the parsed answer
 */
export async function requestJson({ url, method, headers, body, agent, timeoutMillis, maxBytes }) {
  const all = {
    accept: 'application/json',
    ...headers,
    ...(body && { 'content-type': 'application/json', 'content-length': body.sizeBytes }),
  };
  const name = `${method} ${url.pathname}`;
  const { status, text, retryAfter } = await exchange({ url, method, headers: all, agent, timeoutMillis, maxBytes, body, name });
  const parsed = parse(text);
  if (status < 200 || status > 299) {
    const message = `${name} answered ${status}: ${parsed?.title ?? 'no problem document'}`;
    throw new RequestError(message, status, parsed?.type, retryAfterMillis(retryAfter));
  }
  if (parsed === undefined) throw new RequestError(`${name} answered something that is not JSON`, 502);
  return parsed;
}

/** @param {any} request @returns {Promise<{status: number, text: string, retryAfter?: string}>} */
function exchange({ url, method, headers, agent, timeoutMillis, maxBytes, body, name }) {
  return new Promise((resolve, reject) => {
    const fail = (/** @type {Error} */ error) => reject(new RequestError(`${name} failed: ${error.message}`, 0));
    const client = url.protocol === 'https:' ? https : http;
    const signal = AbortSignal.timeout(timeoutMillis);
    const outgoing = client.request(url, { method, headers, agent, signal }, (answer) => {
      /** @type {Buffer[]} */
      const chunks = [];
      let size = 0;
      answer.on('data', (chunk) => {
        size += chunk.length;
        if (size > maxBytes) answer.destroy(new Error(`the answer is longer than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      answer.on('end', () => {
        const { statusCode: status = 0, headers: { 'retry-after': retryAfter } } = answer;
        resolve({ status, text: Buffer.concat(chunks).toString('utf8'), retryAfter });
        // The answer came early: this connection is in the middle of a body, and nobody goes on with that.
        if (!outgoing.writableFinished) outgoing.destroy();
      });
      answer.on('error', fail);
      answer.on('aborted', () => fail(new Error('the answer ended early')));
    });
    outgoing.on('error', fail);
    if (!body) outgoing.end();
    else pipeline(Readable.from(body.pieces()), outgoing, (error) => error && fail(error));
  });
}

/** @param {string | undefined} header in seconds, or a date */
function retryAfterMillis(header) {
  if (header === undefined) return undefined;
  const millis = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(millis) ? Math.max(0, millis) : undefined;
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
