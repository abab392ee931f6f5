/** Which thread of a gateway does the work on whole documents; that of the encoder can be made to wait, or to die. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const LEDGER = new URL('./ledger.js', import.meta.url);

export class Threads {
  /** @param {import('node:test').TestContext} t */
  constructor(t) {
    this.directory = mkdtempSync(path.join(os.tmpdir(), 'threads-'));
    t.after(() => rmSync(this.directory, { recursive: true, force: true }));
    const ledger = new URL(LEDGER);
    ledger.searchParams.set('directory', this.directory);
    /** For the gateway's process; its threads inherit it. */
    this.execArgv = ['--import', ledger.href];
  }

  /** From now on what the encoder makes of a large document waits, its thread standing still. */
  hold() {
    this.#order('hold');
  }

  /** From now on the encoder's thread ends when it is to make something of a large document. */
  die() {
    this.#order('die');
  }

  /** Ends what was ordered, for those too who wait already. */
  relent() {
    for (const order of ['hold', 'die']) rmSync(path.join(this.directory, order), { force: true });
  }

  /** What was done so far, and where: `encodeStateAsUpdate on main`. @param {import('./gateway-process.js').GatewayProcess} gateway */
  static work(gateway) {
    return gateway.lines.map(({ message }) => message).filter((message) => / on (main|encoder)$/.test(message));
  }

  /** @param {string} order */
  #order(order) {
    writeFileSync(path.join(this.directory, order), '');
  }
}
