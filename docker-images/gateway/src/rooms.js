/** All rooms of an organization, those with clients and those that rest, so that a snapshot is always complete. */
import { setImmediate as turn } from 'node:timers/promises';
import { Encoder } from './encoder/encoder.js';
import { Room } from './room.js';

export class Rooms {
  /** Counts changes; whoever saved version n has everything up to n. */
  version = 0;

  /** @type {Map<string, Room>} */
  #rooms;

  /**
   * @param {Map<string, Uint8Array>} states each in memory of its own
   * @param {Encoder} [encoder] whose failures cost time only
   */
  constructor(states, encoder = new Encoder()) {
    this.#rooms = new Map([...states].map(([projectId, state]) => [projectId, new Room(projectId, state)]));
    this.encoder = encoder;
  }

  get openCount() {
    return this.#all.filter(({ document }) => document).length;
  }

  /** Rooms that have a state. */
  get withData() {
    return this.#all.filter(({ state }) => state);
  }

  get #all() {
    return [...this.#rooms.values()];
  }

  /** The state that a room begins with. @param {string} projectId @returns {Uint8Array | undefined} */
  state(projectId) {
    return this.#rooms.get(projectId)?.state;
  }

  /** From here on the document is the truth about the room. @param {string} projectId @param {import('yjs').Doc} document loaded from `state` */
  opened(projectId, document) {
    const room = this.#rooms.get(projectId) ?? new Room(projectId);
    this.#rooms.set(projectId, room);
    room.opened(document);
    document.on('update', () => this.changed());
  }

  /**
   * Waits while a save of the room is running, and brings its state up to date, so that it may close.
   *
   * @param {string} projectId @param {import('yjs').Doc} document of the room
   */
  async rest(projectId, document) {
    const room = this.#rooms.get(projectId);
    if (room?.document !== document) return;
    const giveBack = await room.hold();
    await room.settle(this.encoder).finally(giveBack);
  }

  /**
   * Drops all rooms but these. A document that is open is not the truth about its room any more, and what it holds
   * does not come to rest again.
   *
   * @param {Set<string>} projectIds
   * @returns {string[]} what was dropped
   */
  keepOnly(projectIds) {
    const gone = [...this.#rooms.keys()].filter((id) => !projectIds.has(id));
    for (const projectId of gone) this.#rooms.delete(projectId);
    if (gone.length > 0) this.changed();
    return gone;
  }

  /** Takes in what another copy of a room holds; before anybody is in it. @param {string} projectId @param {Uint8Array} update */
  merge(projectId, update) {
    const room = this.#rooms.get(projectId) ?? new Room(projectId);
    room.merge(update);
    this.#rooms.set(projectId, room);
    this.changed();
  }

  changed() {
    this.version += 1;
  }

  /**
   * The rooms for a save, each with its state as of now or later, and held until it is given back. One that is opened
   * or dropped meanwhile may be missing; one that cannot be encoded fails all of it, since what is missing in a push is
   * gone.
   *
   * @returns {Promise<{room: Room, giveBack: () => void}[]>}
   */
  async settled() {
    const held = [];
    try {
      for (const room of this.#all) {
        held.push({ room, giveBack: await room.hold() });
        await room.settle(this.encoder);
        // Without the encoder it took a while, and so will the next.
        await turn();
      }
    } catch (error) {
      for (const { giveBack } of held) giveBack();
      throw error;
    }
    const [present, absent] = [true, false].map((wanted) =>
      held.filter(({ room }) => wanted === (room.state !== undefined && this.#rooms.get(room.projectId) === room)));
    for (const { giveBack } of absent) giveBack();
    return present;
  }

  /**
   * All rooms, each as it is when its turn comes, without the encoder: for those who have no time. One that cannot be
   * encoded is as it was at its last save.
   *
   * @param {(projectId: string, error: Error) => void} onFailure
   */
  *states(onFailure) {
    for (const { projectId } of this.#all) {
      const state = this.#copy(projectId, onFailure);
      if (state) yield { projectId, state };
    }
  }

  /** @param {string} projectId @param {(projectId: string, error: Error) => void} onFailure */
  #copy(projectId, onFailure) {
    const room = this.#rooms.get(projectId);
    try {
      return room?.copy();
    } catch (error) {
      onFailure(projectId, /** @type {Error} */ (error));
      return room?.state;
    }
  }
}
