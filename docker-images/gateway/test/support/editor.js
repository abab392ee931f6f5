/** Somebody who types entries into a room, whatever happens to the connection. */
import { EventEmitter, once } from 'node:events';
import { openRoom } from '../../client/room.js';

export class Editor {
  written = [];
  statuses = [];
  #changes = new EventEmitter();

  constructor(t, { ganymede, edge, name, ...options }) {
    this.name = name;
    this.room = openRoom({
      websocketUrl: edge.url,
      accessToken: () => ganymede.clientToken(),
      projectId: ganymede.projectIds[0],
      onStatus: (status) => {
        this.statuses.push(status);
        this.#changes.emit('status');
      },
      ...options,
    });
    t.after(() => this.room.close());
    t.after(() => this.rest());
  }

  get entries() {
    return this.room.document.getArray('entries');
  }

  write(count = 1) {
    for (let n = 0; n < count; n += 1) {
      const entry = `${this.name}${this.written.length}`;
      this.written.push(entry);
      this.entries.push([entry]);
    }
  }

  type() {
    this.typing ??= setInterval(() => this.write(), 5);
  }

  rest() {
    clearInterval(this.typing);
  }

  /** Waits until its connection was in this state so many times. */
  async was(status, times) {
    while (this.statuses.filter((one) => one === status).length < times) await once(this.#changes, 'status');
  }

  /** Waits until the room has these entries, in any order. */
  has(entries) {
    return new Promise((resolve) => {
      const check = () => {
        const present = new Set(this.entries.toArray());
        if (entries.every((entry) => present.has(entry))) resolve();
      };
      this.room.document.on('update', check);
      check();
    });
  }
}
