/** One bounded HTTP request with a JSON body and a JSON answer. */
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';

/** The answer was not a success; `status` 0 means that no answer came at all. */
export class RequestError extends Error {
  /** @param {string} message @param {number} status @param {string} [type] the problem's type */
  constructor(message, status, type) {
    super(message);
    this.status = status;
    this.type = type;
  }

  /** Worth another attempt: nobody answered, or the answer says "later". */
  get transient() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Ganymede itself says that this token has no rights (any more); everything else may be a proxy on the way. */
  get refused() {
    return [401, 403, 409, 410].includes(this.status);
  }
}

/**
 * @param {{url: URL, method: string, headers: Record<string, string>, parts: Buffer[], agent: http.Agent, timeoutMillis: number, maxBytes: number}} request
 *   `parts`: the JSON of the body, none for no body
 * @returns {Promise<any>} the parsed answer
 */
export async function requestJson({ url, method, headers, parts, agent, timeoutMillis, maxBytes }) {
  const sizeBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const all = {
    accept: 'application/json',
    ...headers,
    ...(sizeBytes > 0 && { 'content-type': 'application/json', 'content-length': sizeBytes }),
  };
  const name = `${method} ${url.pathname}`;
  const { status, text } = await exchange({ url, method, headers: all, agent, timeoutMillis, maxBytes, parts, name });
  const parsed = parse(text);
  if (status < 200 || status > 299) {
    throw new RequestError(`${name} answered ${status}: ${parsed?.title ?? 'no problem document'}`, status, parsed?.type);
  }
  if (parsed === undefined) throw new RequestError(`${name} answered something that is not JSON`, 502);
  return parsed;
}

/** @param {any} request @returns {Promise<{status: number, text: string}>} */
function exchange({ url, method, headers, agent, timeoutMillis, maxBytes, parts, name }) {
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
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      answer.on('error', fail);
      answer.on('aborted', () => fail(new Error('the answer ended early')));
    });
    outgoing.on('error', fail);
    Readable.from(parts).pipe(outgoing);
  });
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
