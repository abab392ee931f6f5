/**
 * The states of all rooms of an organization. A room with clients lives as a Yjs document in Hocuspocus; every other
 * room rests here as bytes, so that a snapshot is always complete.
 */
import * as Y from 'yjs';

export class Rooms {
  /** Counts changes; whoever saved version n has everything up to n. */
  version = 0;

  /** @type {Map<string, Y.Doc>} */
  #open = new Map();

  /** @param {Map<string, Uint8Array>} states */
  constructor(states) {
    this.resting = new Map(states);
  }

  get openCount() {
    return this.#open.size;
  }

  /** The state that a room begins with. @param {string} projectId @returns {Uint8Array | undefined} */
  state(projectId) {
    return this.resting.get(projectId);
  }

  /**
   * From here on the document is the truth about the room; when it is destroyed, what it held rests again.
   *
   * @param {string} projectId @param {Y.Doc} document loaded from `state`
   */
  opened(projectId, document) {
    this.#open.set(projectId, document);
    document.once('destroy', () => {
      if (this.#open.get(projectId) !== document) return;
      this.resting.set(projectId, Y.encodeStateAsUpdate(document));
      this.#open.delete(projectId);
    });
  }

  /**
   * Drops all rooms but these. A document that is open is not the truth about its room any more, and what it holds
   * does not come to rest again.
   *
   * @param {Set<string>} projectIds
   * @returns {string[]} what was dropped
   */
  keepOnly(projectIds) {
    const gone = [...new Set([...this.resting.keys(), ...this.#open.keys()])].filter((id) => !projectIds.has(id));
    for (const projectId of gone) {
      this.resting.delete(projectId);
      this.#open.delete(projectId);
    }
    if (gone.length > 0) this.changed();
    return gone;
  }

  changed() {
    this.version += 1;
  }

  /** All rooms, each as it is when its turn comes; one that is opened or dropped meanwhile may be missing. */
  *states() {
    for (const projectId of new Set([...this.resting.keys(), ...this.#open.keys()])) {
      const document = this.#open.get(projectId);
      const state = document ? Y.encodeStateAsUpdate(document) : this.resting.get(projectId);
      if (state) yield { projectId, state };
    }
  }
}
