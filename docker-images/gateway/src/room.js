/**
 * The content of one room: the state as it was last encoded and the changes since. While clients are in the room its
 * document is the truth, and the encoder may have the state; a room that rests has its state here.
 */
import * as Y from 'yjs';
import { sha256 } from './encoder/encode.js';
import { UpdateLog } from './encoder/update-log.js';

/** Beyond it the changes are encoded at once, here: it takes minutes in which no save gets as far as encoding. */
const UPDATES_BYTES = 32 * 1024 * 1024;
/** What was deleted may take as much as what is there, and this. */
const DELETED_BYTES = 1024 * 1024;
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

export class Room {
  /** Absent while nobody has written anything, and while the encoder has it. @type {Uint8Array | undefined} */
  state;
  /** Of `state`. @type {string | undefined} */
  sha256;
  /** @type {Y.Doc | undefined} */
  document;

  #updates = new UpdateLog();
  /** Whether the state is missing: the encoder has it, or lost it and the document could not be encoded yet. */
  #away = false;
  /** Whether the document needs more memory than the encoder has. */
  #lean = false;
  /** Of the last encoding without what was deleted; 0 before there was one, since what was pulled may be of any kind. */
  #compactBytes = 0;
  /** Released by whoever holds the room last. */
  #released = Promise.resolve();

  /** @param {string} projectId @param {Uint8Array} [state] in memory of its own */
  constructor(projectId, state) {
    this.projectId = projectId;
    if (state) this.#seal({ bytes: state, sha256: sha256(state) });
  }

  /** @param {Y.Doc} document loaded from `state` */
  opened(document) {
    if (this.#away) throw new Error('the state of this room is missing, a document cannot begin with it');
    this.document = document;
    document.on('update', (/** @type {Uint8Array} */ update) => this.#append(update));
    document.once('destroy', () => this.#closed(document));
  }

  /** One holder at a time: a save until its attempt is over, and who unloads the document. @returns {Promise<() => void>} gives it back */
  async hold() {
    const before = this.#released;
    const { promise, resolve } = Promise.withResolvers();
    this.#released = promise;
    await before;
    return () => resolve(undefined);
  }

  /**
   * Brings `state` up to date with the changes until now; those that come meanwhile belong to the next time. Held.
   * Fails when neither the encoder nor this thread can encode the document; the next time begins where this one ended.
   *
   * @param {import('./encoder/encoder.js').Encoder} encoder when it cannot do it, it is done here
   */
  async settle(encoder) {
    const { document, state } = this;
    if (!document) return;
    if (this.#away) return this.#settleHere(document);
    if (this.#updates.sizeBytes === 0) return;
    for (const update of waiting(document)) this.#updates.append(update);
    const updates = this.#updates.take();
    Object.assign(this, { state: undefined, sha256: undefined });
    this.#away = true;
    const encoded = await encoder.encode({ state, updates, lean: this.#lean }).catch((error) => {
      this.#lean ||= error.code === OUT_OF_MEMORY;
    });
    // closed meanwhile, against the rules: all that it held is here already
    if (!this.#away) return;
    if (!encoded || (encoded.lean && this.#isBloated(encoded))) return this.#settleHere(document);
    this.#away = false;
    this.#seal(encoded);
    if (!encoded.lean) this.#compactBytes = encoded.bytes.length;
  }

  /** As it is now, whatever becomes of it and of the encoder. @returns {Uint8Array | undefined} */
  copy() {
    return this.document ? Y.encodeStateAsUpdate(this.document) : this.state;
  }

  /** Takes in what another copy of this room holds; before anybody is in it. @param {Uint8Array} update */
  merge(update) {
    const document = new Y.Doc();
    if (this.state) Y.applyUpdate(document, this.state);
    Y.applyUpdate(document, update);
    this.#sealCompact(document);
    document.destroy();
  }

  /** @param {Uint8Array} update */
  #append(update) {
    this.#updates.append(update);
    if (this.#updates.sizeBytes > UPDATES_BYTES && !this.#away) this.#settleHere(/** @type {Y.Doc} */ (this.document));
  }

  /** @param {Y.Doc} document */
  #closed(document) {
    if (this.document !== document) return;
    if (this.#away || this.#updates.sizeBytes > 0) this.#settleHere(document);
    this.document = undefined;
  }

  /** @param {Y.Doc} document */
  #settleHere(document) {
    this.#sealCompact(document);
    this.#away = false;
    this.#updates.clear();
  }

  /** @param {Y.Doc} document */
  #sealCompact(document) {
    const bytes = Y.encodeStateAsUpdate(document);
    this.#seal({ bytes, sha256: sha256(bytes) });
    this.#compactBytes = bytes.length;
  }

  /** @param {{bytes: Uint8Array, sha256: string}} encoded */
  #seal({ bytes, sha256 }) {
    this.state = bytes;
    this.sha256 = sha256;
  }

  /** Whether most of it may be what was deleted. @param {{bytes: Uint8Array}} encoded */
  #isBloated({ bytes }) {
    return bytes.length > 2 * this.#compactBytes + DELETED_BYTES;
  }
}

/** Changes that a document keeps until others arrive on which they build; no update tells of them. @param {Y.Doc} document */
function waiting({ store: { pendingDs, pendingStructs } }) {
  return [pendingDs, pendingStructs?.update].filter((update) => update !== null && update !== undefined)
    .map((update) => Y.convertUpdateFormatV2ToV1(update));
}
