/**
 * Encodes documents beside the event loop, in one thread that lives while it is needed. Whatever goes wrong with it is
 * an error of the job, never of the process; the next job has a new thread.
 */
import { Worker } from 'node:worker_threads';
import { base64 } from './encode.js';

const PROGRAM = new URL('./worker.js', import.meta.url);
const JOB_MILLIS = 20_000;
/** Longer than the pause between two saves while somebody works. */
const IDLE_MILLIS = 60_000;
const WAITING_MAX = 256;
/** After a job like this one the thread is ended: its memory is free at once, and not whenever the collector comes by. */
const LARGE_BYTES = 8 * 1024 * 1024;
/** Below it, handing the work over takes longer than the work. */
const SMALL_BYTES = 32 * 1024;
const MIB = 1024 * 1024;
/** What a document of many small items takes in memory, compared to its state; near its limit a thread does nothing but collect. */
const DOCUMENT_FACTOR = 8;

export class Encoder {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {NodeJS.Timeout | undefined} */
  #idle;
  /** The end of the last job that was accepted; never rejected. */
  #last = Promise.resolve();
  #waiting = 0;
  #id = 0;
  /** Whether the last job failed. */
  #failing = false;

  /**
   * @param {object} [options]
   * @param {number} [options.heapMib] of the thread
   * @param {URL} [options.program]
   * @param {(error: Error) => void} [options.onFailing] told once, however many jobs fail in a row
   * @param {() => void} [options.onWorking] told of the first job that succeeds after that
   */
  constructor({ heapMib = heapFor(process.constrainedMemory()), program = PROGRAM, onFailing = () => {}, onWorking = () => {} } = {}) {
    this.heapMib = heapMib;
    this.program = program;
    this.onFailing = onFailing;
    this.onWorking = onWorking;
  }

  /**
   * The state of a room after these updates, and its hash. Both arrays have memory of their own, which this takes away:
   * when the job fails they are gone.
   *
   * @param {{state: Uint8Array | undefined, updates: Uint8Array, lean: boolean}} job
   *   `lean`: with little memory, leaving in what was deleted
   * @returns {Promise<{bytes: Uint8Array, sha256: string, lean: boolean}>} `lean`: also when nobody asked for it
   */
  encode({ state, updates, lean }) {
    const memory = [updates.buffer, ...(state ? [state.buffer] : [])];
    const sizeBytes = updates.length + (state?.length ?? 0);
    const fits = !lean && sizeBytes * DOCUMENT_FACTOR <= this.heapMib * MIB;
    return this.#enqueue({ work: 'encode', state, updates, lean: !fits }, /** @type {ArrayBuffer[]} */ (memory), sizeBytes);
  }

  /**
   * Never fails because of the thread: a push needs it. While jobs fail, nobody waits for that once more.
   *
   * @param {Uint8Array} bytes of a slice; stay the caller's @returns {Promise<Uint8Array>} ASCII
   */
  async base64(bytes) {
    if (bytes.length <= SMALL_BYTES || this.#failing) return base64(bytes);
    const copy = bytes.slice();
    const encoded = await this.#enqueue({ work: 'base64', bytes: copy }, [copy.buffer], bytes.length).catch(() => undefined);
    return encoded?.bytes ?? base64(bytes);
  }

  /** @param {Record<string, unknown>} job @param {ArrayBuffer[]} memory that is handed over @param {number} sizeBytes @returns {Promise<any>} */
  #enqueue(job, memory, sizeBytes) {
    if (this.#waiting >= WAITING_MAX) return Promise.reject(new Error('too much waits for the encoder'));
    this.#waiting += 1;
    const result = this.#last.then(() => this.#run(job, memory));
    this.#last = result.catch(() => {}).then(() => {
      this.#waiting -= 1;
      if (sizeBytes >= LARGE_BYTES) this.#end();
    });
    return result;
  }

  /** @param {Record<string, unknown>} job @param {ArrayBuffer[]} memory */
  async #run(job, memory) {
    const id = this.#id += 1;
    const over = new AbortController();
    try {
      const worker = this.#ready();
      const result = await new Promise((resolve, reject) => {
        const { signal } = over;
        const timer = setTimeout(() => reject(new Error('the encoder took too long')), JOB_MILLIS);
        signal.addEventListener('abort', () => clearTimeout(timer));
        listen(worker, 'error', reject, signal);
        listen(worker, 'exit', (code) => reject(new Error(`the encoder ended with ${code}`)), signal);
        listen(worker, 'message', (answer) => {
          if (answer.id === id && answer.error === undefined) resolve(answer);
          else reject(new Error(answer.error ?? 'the encoder is out of step'));
        }, signal);
        worker.postMessage({ id, ...job }, memory);
      });
      this.#works();
      return result;
    } catch (error) {
      this.#end();
      this.#fails(/** @type {Error} */ (error));
      throw error;
    } finally {
      over.abort();
      this.#idle = setTimeout(() => this.#end(), IDLE_MILLIS).unref();
    }
  }

  #works() {
    if (this.#failing) this.onWorking();
    this.#failing = false;
  }

  /** @param {Error} error */
  #fails(error) {
    if (!this.#failing) this.onFailing(error);
    this.#failing = true;
  }

  #ready() {
    clearTimeout(this.#idle);
    if (!this.#worker) {
      const resourceLimits = { maxOldGenerationSizeMb: this.heapMib };
      const worker = new Worker(this.program, { name: 'encoder', env: {}, argv: [], resourceLimits });
      worker.unref();
      worker.on('error', () => {});
      worker.on('exit', () => {
        if (this.#worker === worker) this.#worker = undefined;
      });
      this.#worker = worker;
    }
    return this.#worker;
  }

  #end() {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** A quarter of what the container has: the same document is in the main thread too. @param {number | undefined} bytes */
function heapFor(bytes) {
  const mib = bytes ? Math.floor(bytes / MIB) : Infinity;
  return Math.min(512, Math.max(64, Math.floor(mib / 4)));
}

/** @param {Worker} worker @param {string} event @param {(value: any) => void} listener @param {AbortSignal} signal ends it */
function listen(worker, event, listener, signal) {
  worker.on(event, listener);
  signal.addEventListener('abort', () => worker.off(event, listener));
}
