/**
 * Runs the gateway as a child process and starts it again after a reload or a crash. It keeps no state of a tenancy:
 * the gateway finds its own in the session file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '../exit-codes.js';
import { delayMillis } from '../retry.js';

const CRASHES_MAX = 5;
/** A process that lived this long starts the count of crashes anew. */
const HEALTHY_MILLIS = 60_000;
const BACKOFF = { baseMillis: 250, capMillis: 5_000 };
/** A gateway that has not gone by then either refused the reload (and said why) or hangs. */
const RELOAD_MILLIS = 15_000;
/** Before it listens for SIGUSR1 itself, Node.js would open a debugger instead. */
const YOUNG_MILLIS = 1_000;
const FINAL = new Set(Object.values(ExitCode).filter((code) => code !== ExitCode.RELOAD));

export class Supervisor {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #startedAt = 0;
  #reloading = false;
  #stopping = new AbortController();

  /**
   * @param {object} options
   * @param {string[]} options.programs the first one that exists is run
   * @param {import('../log.js').Log} options.log
   * @param {(chunk: Buffer) => void} options.write takes the child's output
   */
  constructor({ programs, log, write }) {
    this.programs = programs;
    this.log = log;
    this.write = write;
  }

  /** @returns {Promise<number>} the code to end with */
  async run() {
    for (let crashes = 0; ; ) {
      const { code, signal } = await this.#runOnce();
      const reload = code === ExitCode.RELOAD || (this.#reloading && signal !== null);
      this.#reloading = false;
      if (code !== null && FINAL.has(code)) return code;
      if (this.#stopping.signal.aborted) return code ?? ExitCode.UNACKNOWLEDGED;
      if (reload) {
        this.log.info('reloading');
        continue;
      }
      crashes = Date.now() - this.#startedAt > HEALTHY_MILLIS ? 1 : crashes + 1;
      this.log.error('the gateway crashed', { code, signal, crashes });
      if (crashes > CRASHES_MAX) return ExitCode.CRASHED;
      await sleep(delayMillis(BACKOFF, crashes), undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return ExitCode.UNACKNOWLEDGED;
    }
  }

  reload() {
    if (!this.#child || this.#reloading) return;
    const child = this.#child;
    this.#reloading = true;
    setTimeout(() => {
      if (this.#child !== child) return;
      this.log.info('asking the gateway to save and make room for a new process');
      child.kill('SIGUSR1');
    }, Math.max(0, this.#startedAt + YOUNG_MILLIS - Date.now()));
    setTimeout(() => {
      if (this.#child !== child) return;
      this.#reloading = false;
      this.log.warn('the gateway did not reload');
    }, RELOAD_MILLIS).unref();
  }

  /** @param {NodeJS.Signals} signal */
  stop(signal) {
    this.#stopping.abort();
    this.#child?.kill(signal);
  }

  async #runOnce() {
    const program = /** @type {string} */ (this.programs.find((candidate) => existsSync(candidate)));
    this.log.info('starting the gateway', { program });
    const child = spawn(process.execPath, ['--enable-source-maps', program], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#startedAt = Date.now();
    child.stdout.on('data', this.write);
    child.stderr.on('data', this.write);
    const [code, signal] = await once(child, 'close');
    this.#child = undefined;
    return { code, signal };
  }
}
