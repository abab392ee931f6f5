/** Ganymede as a gateway sees it, over real HTTP, with faults on demand. The only fake of these tests. */
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Data, ok, problem } from './data.js';

export class FakeGanymede {
  calls = [];
  /** What replaces parts of an answer, by path. */
  overrides = {};
  ended = false;
  #changes = new EventEmitter().setMaxListeners(0);
  #faults = new Map();
  #delays = new Map();
  #underWay = [];
  #dead = new Set();
  #clientsRefused = 0;
  /** Its snapshots; another one, `OldData`, knows nothing but the seed's wire. */
  data = new Data();
  /** Whether a client that asks for a token is told to come back later. */
  refuseClients = false;

  static async start(options = {}) {
    const fake = new FakeGanymede();
    fake.keys = await generateKeyPair('ES256', { extractable: true });
    fake.organizationId = randomUUID();
    fake.projectIds = [randomUUID(), randomUUID()];
    fake.userId = randomUUID();
    fake.members = [{ user_id: fake.userId, name: 'Ada', role: 'editor' }];
    fake.gatewayId = randomUUID();
    fake.apiKey = `key-${randomUUID()}`;
    fake.generation = 7;
    fake.bootToken = `boot-${randomUUID()}`;
    fake.gatewayToken = `gateway-${randomUUID()}`;
    fake.handshakeTokens = new Set([fake.handshakeToken = `handshake-${randomUUID()}`]);
    await fake.open(options.port ?? 0);
    return fake;
  }

  async open(port = this.port) {
    this.server = http.createServer((request, response) => this.#serve(request, response));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
  }

  /** Stops answering, as when Ganymede is down. */
  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get snapshot() {
    return this.data.snapshot;
  }

  set snapshot(snapshot) {
    this.data.snapshot = snapshot;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Answers the path with a status (0: cuts the connection) until `heal`, or for some calls. */
  fail(path, status, times = Infinity, { slug, headers } = {}) {
    this.#faults.set(path, { status, times, slug, headers });
  }

  /** Calls of the path are answered after this promise. */
  delay(path, promise) {
    this.#delays.set(path, promise);
  }

  /** Accepts the path's requests and never answers. */
  hang(path) {
    this.fail(path, undefined);
  }

  heal(path) {
    this.#faults.delete(path);
  }

  count(path) {
    return this.calls.filter((call) => call.path === path).length;
  }

  /** Calls of the path that wait for their answer. */
  underWay(path) {
    return this.#underWay.filter((one) => one === path).length;
  }

  /** Waits for the n-th call of a path (from 1) and gives it. */
  async call(path, n = 1) {
    while (this.count(path) < n) await once(this.#changes, 'call');
    return this.calls.filter((call) => call.path === path)[n - 1];
  }

  /** Waits until what is stored satisfies the condition. */
  async stored(condition) {
    while (!(this.snapshot && condition(this.snapshot))) await once(this.#changes, 'call');
    return this.snapshot;
  }

  /** Ends the allocation; the next gateway that is started serves the organization. */
  failOver() {
    this.#dead.add(this.gatewayToken);
    Object.assign(this, { ended: false, generation: this.generation + 1, gatewayId: randomUUID() });
    this.bootToken = `boot-${randomUUID()}`;
    this.gatewayToken = `gateway-${randomUUID()}`;
    this.handshakeTokens.add(this.handshakeToken = `handshake-${randomUUID()}`);
  }

  /** As a frontend gets it: by a start, which may be refused. */
  async clientToken() {
    if (!this.refuseClients) return this.accessToken();
    this.#clientsRefused += 1;
    this.#changes.emit('call');
    throw new Error('503: not served yet');
  }

  async clientRefused(times) {
    while (this.#clientsRefused < times) await once(this.#changes, 'call');
  }

  accessToken({ key = this.keys.privateKey, issuer = 'https://ganymede.test', audience = this.audience, expires = '5m', userId = this.userId, ...claims } = {}) {
    const body = { organization_id: this.organizationId, gateway_id: this.gatewayId, generation: this.generation, ...claims };
    return new SignJWT(body).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).setIssuer(issuer).setAudience(audience)
      .setSubject(userId).setIssuedAt().setExpirationTime(expires).setJti(randomUUID()).sign(key);
  }

  get audience() {
    return `org-${this.organizationId}.test`;
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    const body = raw ? JSON.parse(raw) : undefined;
    const token = request.headers.authorization?.replace('Bearer ', '');
    const arrived = performance.now();
    this.#underWay.push(request.url);
    await this.#delays.get(request.url);
    this.#underWay.splice(this.#underWay.indexOf(request.url), 1);
    const { status, answer, headers } = request.url === '/gateway/start'
      ? await this.#start(request.headers['x-api-key'], body)
      : await this.#answer(request.url, token, body);
    if (status === 0) request.socket.destroy();
    else if (status !== undefined) response.writeHead(status, { 'content-type': status < 300 ? 'application/json' : 'application/problem+json', ...headers }).end(JSON.stringify(answer));
    this.calls.push({ path: request.url, token, body, raw, status, answer, arrived });
    this.#changes.emit('call');
  }

  async #answer(path, token, body) {
    const fault = this.#faults.get(path);
    if (fault && fault.times-- > 0) return { ...problem(fault.status, fault.slug), headers: fault.headers };
    if (this.#dead.has(token)) return problem(409, 'stale-generation');
    const boot = token === this.bootToken;
    const gateway = token === this.gatewayToken;
    if (gateway && this.ended && path !== '/gateway/stop') return problem(409, 'stale-generation');
    switch (path) {
      case '/gateway/ready': return boot ? ok({ gateway_id: this.gatewayId, state: 'READY' }) : problem(401);
      case '/gateway/config':
        if (!boot || !this.handshakeTokens.delete(body.tmp_handshake_token)) return problem(401);
        return ok({ ...await this.#organization(), gateway_token: this.gatewayToken });
      case '/gateway/organization': return gateway ? ok({ ...await this.#organization(), ...this.overrides[path] }) : problem(401);
      case '/gateway/data/pull':
        return gateway ? this.data.pull(body) : problem(401);
      case '/gateway/data/push':
        return gateway ? this.data.push(body, this.generation) : problem(401);
      case '/gateway/data/known':
        return gateway ? this.data.known(body) : problem(401);
      case '/gateway/ping':
        return gateway ? ok({ organization_id: this.organizationId, gateway_id: this.gatewayId, generation: this.generation, state: 'SERVING' }) : problem(401);
      case '/gateway/stop':
        if (!gateway) return problem(401);
        this.ended = true;
        return ok({ ...body, generation: this.generation, state: 'ENDED', ended_at: new Date().toISOString() });
      default: return problem(404);
    }
  }

  /** What a frontend asks for. */
  async #start(apiKey, { organization_id: organizationId, user_id: userId }) {
    if (apiKey !== this.apiKey || organizationId !== this.organizationId) return problem(401);
    if (this.refuseClients) return problem(503);
    return ok({ generation: this.generation, websocket_url: this.websocketUrl, access_token: await this.accessToken({ userId }) });
  }

  async #organization() {
    return {
      organization_id: this.organizationId,
      organization_name: 'Test',
      gateway_id: this.gatewayId,
      generation: this.generation,
      projects: this.projectIds.map((id) => ({ id, name: 'p', active: true })),
      members: this.members,
      access_tokens: {
        issuer: 'https://ganymede.test',
        audience: this.audience,
        jwks: { keys: [{ ...await exportJWK(this.keys.publicKey), kid: 'k1', alg: 'ES256', use: 'sig' }] },
      },
    };
  }
}
