/** A real gateway process (or a supervisor with its gateway), watched through its log. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { openRoom } from '../../client/room.js';

const MAIN = new URL('../../src/main.js', import.meta.url).pathname;
export const SUPERVISOR = new URL('../../src/supervisor/main.js', import.meta.url).pathname;

export class GatewayProcess {
  lines = [];
  rooms = [];
  #changes = new EventEmitter().setMaxListeners(0);

  static async start(t, ganymede, { environment = {}, program = MAIN, execArgv = [] } = {}) {
    const gateway = new GatewayProcess();
    gateway.ganymede = ganymede;
    gateway.directory = await mkdtemp(path.join(os.tmpdir(), 'gateway-'));
    gateway.child = spawn(process.execPath, [...execArgv, program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        GATEWAY_ID: ganymede.gatewayId,
        GATEWAY_NAME: 'gw-pool-0',
        GATEWAY_HTTP_PORT: '0',
        GATEWAY_BOOT_TOKEN: ganymede.bootToken,
        GANYMEDE_URL: ganymede.url,
        GATEWAY_LOG_DIRECTORY: gateway.directory,
        GATEWAY_SESSION_FILE: path.join(gateway.directory, 'run', 'session.json'),
        GATEWAY_AUTOSAVE_SECONDS: '3600',
        GATEWAY_INACTIVITY_SHUTDOWN_SECONDS: '3600',
        GATEWAY_STOP_GRACE_SECONDS: '20',
        GATEWAY_RETRY_BASE_MILLIS: '5',
        GATEWAY_RETRY_CAP_MILLIS: '20',
        WORKSPACE: path.join(gateway.directory, 'workspace'),
        ...environment,
      },
    });
    for (const stream of [gateway.child.stdout, gateway.child.stderr]) {
      readline.createInterface({ input: stream }).on('line', (line) => gateway.#log(line));
    }
    gateway.ended = once(gateway.child, 'close').then(([code]) => code);
    t.after(() => gateway.cleanUp());
    await gateway.listening();
    return gateway;
  }

  #log(line) {
    this.lines.push(line.startsWith('{') ? JSON.parse(line) : { message: line });
    this.#changes.emit('line');
  }

  /** Waits for the n-th log line with this message. */
  async logged(message, n = 1) {
    const found = () => this.lines.filter((line) => line.message === message)[n - 1];
    while (!found()) {
      if (this.child.exitCode !== null) throw new Error(`ended without "${message}":\n${this.lines.map((l) => JSON.stringify(l)).join('\n')}`);
      await Promise.race([once(this.#changes, 'line'), this.ended]);
    }
    return found();
  }

  async listening(n = 1) {
    this.port = (await this.logged('listening', n)).port;
  }

  async request(method, route, body, headers = {}) {
    const request = http.request({ port: this.port, host: '127.0.0.1', method, path: route, headers });
    request.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    const answer = await Promise.race([
      once(request, 'response').then(([response]) => response),
      once(request, 'upgrade').then(([response, socket]) => (socket.destroy(), response)),
    ]);
    let text = '';
    if (answer.statusCode !== 101) for await (const chunk of answer) text += chunk;
    const { statusCode: status, headers: answered } = answer;
    return { status, type: answered['content-type'], headers: answered, body: text && JSON.parse(text) };
  }

  async health() {
    return (await this.request('GET', '/health')).body;
  }

  start(token = this.ganymede.handshakeToken) {
    return this.request('POST', '/collab/start', { tmp_handshake_token: token });
  }

  /** The status that a WebSocket upgrade is answered with. */
  async upgrade(token, route = '/collab', edge = {}) {
    const query = token === undefined ? '' : `?access_token=${token}`;
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', ...edge };
    return (await this.request('GET', route + query, undefined, headers)).status;
  }

  room(projectId = this.ganymede.projectIds[0], options = {}) {
    const room = openRoom({
      websocketUrl: `ws://127.0.0.1:${this.port}/collab`,
      accessToken: () => this.ganymede.accessToken(),
      projectId,
      reconnect: { delay: 20, minDelay: 20, maxDelay: 50 },
      ...options,
    });
    this.rooms.push(room);
    return room;
  }

  /** Writes into a room and waits until the gateway has it. */
  async write(text, projectId) {
    const room = this.room(projectId);
    await room.synced();
    room.document.getText('content').insert(0, text);
    await room.acknowledged();
    return room;
  }

  async files(prefix) {
    const names = (await readdir(this.directory)).filter((name) => name.startsWith(prefix));
    return Promise.all(names.map(async (name) => ({ name, content: await readFile(path.join(this.directory, name), 'utf8') })));
  }

  /** What is kept for a reload. */
  async session() {
    const text = await readFile(path.join(this.directory, 'run', 'session.json'), 'utf8').catch(() => undefined);
    return text && JSON.parse(text);
  }

  signal(name) {
    this.child.kill(name);
    return this.ended;
  }

  async cleanUp() {
    for (const room of this.rooms) room.close();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL');
      // A supervisor that is killed leaves its gateway behind.
      kill(this.lines.findLast(({ message }) => message === 'listening')?.pid ?? this.child.pid);
    }
    await this.ended;
    await rm(this.directory, { recursive: true, force: true });
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
