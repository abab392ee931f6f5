/** The edge as clients see it: one address that leads to the gateway of the moment, or answers 502. */
import { once } from 'node:events';
import net from 'node:net';

const BAD_GATEWAY = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

export class Edge {
  #port;
  #silent = false;
  #sockets = new Set();

  static async start(t) {
    const edge = new Edge();
    edge.server = net.createServer((socket) => edge.#lead(socket)).listen(0, '127.0.0.1');
    await once(edge.server, 'listening');
    t.after(() => edge.#close());
    return edge;
  }

  get url() {
    return `ws://127.0.0.1:${this.server.address().port}/collab`;
  }

  /** New connections lead there; those that are open stay where they are. */
  leadTo(gateway) {
    this.#port = gateway?.port;
  }

  /** Nothing passes any more, in either direction, and nobody is told. */
  fallSilent() {
    this.#silent = true;
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  /** For new connections. */
  speak() {
    this.#silent = false;
  }

  #lead(client) {
    this.#watch(client);
    if (this.#silent) return;
    if (!this.#port) return void client.end(BAD_GATEWAY);
    const gateway = net.connect(this.#port, '127.0.0.1');
    this.#watch(gateway);
    let connected = false;
    gateway.on('connect', () => {
      connected = true;
      client.pipe(gateway).pipe(client);
    });
    gateway.on('close', () => (connected ? client.destroy() : client.end(BAD_GATEWAY)));
    client.on('close', () => gateway.destroy());
  }

  #watch(socket) {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #close() {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }
}
