/** The gateway's HTTP routes. */
import { createServer } from 'node:http';
import { Problem } from './problem.js';
import { isStale } from './route.js';

/** Longer than the edge keeps an idle connection (4 s), so that it never sends a request into one that is being closed. */
const KEEP_ALIVE_MILLIS = 65_000;
const BODY_BYTES = 16 * 1024;
const TOKEN = /^[\x21-\x7e]{1,4096}$/;

/**
 * @param {{gateway: import('./gateway.js').Gateway, collab: import('./collab.js').Collab, log: import('./log.js').Log}} parts
 */
export function createHttpServer({ gateway, collab, log }) {
  const timeouts = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: KEEP_ALIVE_MILLIS };
  const server = createServer(timeouts, (request, response) => {
    answer(request, gateway)
      .then((body) => send(response, 200, 'application/json', body))
      .catch((error) => fail(response, error, log));
  });
  server.on('upgrade', (request, socket, head) => {
    collab.upgrade(request, socket, head).catch((error) => {
      log.error('an upgrade failed', { error: error.stack });
      socket.destroy();
    });
  });
  return server;
}

/** @param {import('node:http').IncomingMessage} request @param {import('./gateway.js').Gateway} gateway */
async function answer(request, gateway) {
  if (isStale(request.headers, gateway.tenancy)) {
    throw new Problem(503, 'not-serving', 'This gateway does not serve this organization');
  }
  const { pathname } = new URL(request.url ?? '/', 'http://gateway');
  switch (`${request.method} ${pathname}`) {
    case 'GET /health':
      return gateway.health();
    case 'POST /collab/start':
      return gateway.start(handshakeToken(await readJson(request)));
    case 'GET /collab':
      throw new Problem(426, 'upgrade-required', 'This path speaks WebSocket');
    default:
      throw new Problem(404, 'not-found', 'Nothing is served at this path');
  }
}

/** @param {import('node:http').IncomingMessage} request */
async function readJson(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES) throw new Problem(413, 'body-too-large', 'The body is too large', `The limit is ${BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Problem(400, 'invalid-request', 'The body is not JSON');
  }
}

/** @param {any} body @returns {string} */
function handshakeToken(body) {
  const token = body?.tmp_handshake_token;
  if (typeof token !== 'string' || !TOKEN.test(token)) {
    throw new Problem(400, 'invalid-request', 'tmp_handshake_token is missing or malformed');
  }
  return token;
}

/** @param {import('node:http').ServerResponse} response @param {any} error @param {import('./log.js').Log} log */
function fail(response, error, log) {
  if (error.code === 'ECONNRESET' || response.destroyed) return;
  const problem = error instanceof Problem ? error : new Problem(500, 'internal-error', 'Something went wrong');
  if (problem !== error) log.error('a request failed', { error: error.stack });
  if (problem.status === 413) response.setHeader('connection', 'close');
  send(response, problem.status, 'application/problem+json', problem.document);
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {string} type @param {unknown} body */
function send(response, status, type, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store' });
  response.end(text);
}
