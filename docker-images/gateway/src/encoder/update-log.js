/**
 * The changes of a document since its last encoding, in one piece of memory: each as its length (32 bits) and its bytes.
 * As single arrays they would take longer to hand over than it takes to collect them.
 */
const FIRST_BYTES = 4 * 1024;
const LENGTH_BYTES = 4;

export class UpdateLog {
  #bytes = new Uint8Array(0);
  #used = 0;

  get sizeBytes() {
    return this.#used;
  }

  /** @param {Uint8Array} update of Yjs, version 1 */
  append(update) {
    this.#makeRoom(LENGTH_BYTES + update.length);
    new DataView(this.#bytes.buffer).setUint32(this.#used, update.length);
    this.#bytes.set(update, this.#used + LENGTH_BYTES);
    this.#used += LENGTH_BYTES + update.length;
  }

  /** All of it, which is the caller's from here on; the log begins anew. */
  take() {
    const taken = this.#bytes.slice(0, this.#used);
    this.clear();
    return taken;
  }

  clear() {
    this.#bytes = new Uint8Array(0);
    this.#used = 0;
  }

  /** @param {number} sizeBytes */
  #makeRoom(sizeBytes) {
    if (this.#used + sizeBytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(FIRST_BYTES, 2 * this.#bytes.length, this.#used + sizeBytes));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
  }
}

/** The changes in a log that was taken. @param {Uint8Array} taken */
export function* updatesIn(taken) {
  const view = new DataView(taken.buffer, taken.byteOffset, taken.byteLength);
  for (let at = 0; at < taken.length;) {
    const start = at + LENGTH_BYTES;
    at = start + view.getUint32(at);
    yield taken.subarray(start, at);
  }
}
