import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { jsonBody, requestJson } from '../src/request.js';

test('an answer that comes before the body is sent ends the body, and the next request has a connection of its own', async (t) => {
  const received = [];
  const url = await serverFor(t, async (request, response) => {
    if (request.url === '/early') response.writeHead(503).end('{"title":"not now"}');
    let text = '';
    for await (const chunk of request) text += chunk;
    received.push(`${request.url} ${text}`);
    response.end('{}');
  });
  const agent = new http.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const gate = Promise.withResolvers();
  const body = { sizeBytes: 100, pieces: () => cutShort(gate) };
  await assert.rejects(requestJson({ ...request(url, '/early', agent), body }), { status: 503, message: /not now/ });
  gate.resolve();
  await gate.over;
  assert.deepEqual(await requestJson({ ...request(url, '/next', agent), body: jsonBody(5) }), {});
  assert.deepEqual(received, ['/next 5']);
});

/** As when the memory of the rest is taken away, once its save is over. */
async function* cutShort(gate) {
  const { promise, resolve } = Promise.withResolvers();
  gate.over = promise;
  try {
    yield Buffer.from('[');
    await gate.promise;
  } finally {
    setImmediate(resolve);
  }
}

function request(url, path, agent) {
  return { url: new URL(path, url), method: 'POST', headers: {}, agent, timeoutMillis: 5_000, maxBytes: 1_000 };
}

async function serverFor(t, serve) {
  const server = http.createServer((request, response) => serve(request, response).catch(() => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}
