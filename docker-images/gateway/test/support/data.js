/** The snapshots of the fake Ganymede, with the rules of the real one; and those of one from before there were any rules. */
import { createHash } from 'node:crypto';

const HASH = /^[0-9a-f]{64}$/;

export class Data {
  lineage = 0;
  /** By version: what was rescued from files and waits to be merged; of lineage 0 unless it says another. */
  rescued = new Map();
  /** Versions that a push said it has in it. */
  merged = [];
  #blobs = new Map();
  #head = null;
  #version = 0;
  #fence = { generation: 0, sequence: 0 };

  /** As a push without references would have it. */
  get snapshot() {
    return this.#head;
  }

  set snapshot(snapshot) {
    this.#head = snapshot;
    this.#version += 1;
    for (const state of Object.values(snapshot.yjs_state)) if (typeof state === 'string') this.#keep(state);
  }

  /** An earlier snapshot is the newest again. */
  restore(snapshot) {
    this.snapshot = snapshot;
    this.lineage += 1;
  }

  /** Blobs are lost, or belong to snapshots that are gone. */
  lose() {
    this.#blobs.clear();
  }

  pull({ version }) {
    const common = { success: true, timestamp: this.#head && new Date().toISOString() };
    if (version !== undefined) return this.rescued.has(version) ? ok({ ...common, version, lineage: 0, recoverable: [], ...this.rescued.get(version) }) : problem(404, 'snapshot-not-found');
    const recoverable = [...this.rescued].filter(([one, { lineage = 0 }]) => lineage === this.lineage && !this.merged.includes(one)).map(([one]) => one);
    return ok({ ...common, version: this.#version, lineage: this.lineage, recoverable, data: this.#head });
  }

  push({ data, sequence, recovered = [] }, generation) {
    const fence = this.#fence;
    if (generation === fence.generation && sequence <= fence.sequence) return problem(409, 'stale-push');
    const rooms = Object.entries(data.yjs_state);
    const referred = rooms.flatMap(([, state]) => (typeof state === 'string' ? [] : [state.sha256]));
    if (!referred.every((hash) => HASH.test(hash) && this.#blobs.has(hash))) return problem(422, 'blobs-missing');
    const states = rooms.map(([id, state]) => [id, typeof state === 'string' ? state : this.#blobs.get(state.sha256)]);
    this.#fence = { generation, sequence };
    this.merged.push(...recovered);
    this.snapshot = { yjs_state: Object.fromEntries(states), gateway_state: data.gateway_state };
    const size = JSON.stringify(this.#head).length;
    return ok({ success: true, stored_at: new Date().toISOString(), size_bytes: size, version: this.#version, digest: digestOf(this.#head), unchanged: false });
  }

  known({ sha256 }) {
    return ok({ known: sha256.filter((hash) => this.#blobs.has(hash)) });
  }

  #keep(state) {
    this.#blobs.set(hashOf(Buffer.from(state, 'base64')), state);
  }
}

/** Takes what it gets and gives it back. */
export class OldData {
  snapshot = null;

  pull() {
    return ok({ success: true, timestamp: this.snapshot && new Date().toISOString(), data: this.snapshot });
  }

  push({ data }) {
    this.snapshot = data;
    return ok({ success: true, stored_at: new Date().toISOString(), size_bytes: JSON.stringify(data).length });
  }

  known() {
    return problem(404, 'not-found');
  }
}

/** Its own computation, not that of the gateway. */
export function digestOf({ yjs_state: rooms, gateway_state: gatewayState }) {
  const lines = Object.keys(rooms).sort().map((id) => `${id}:${hashOf(Buffer.from(rooms[id], 'base64'))}\n`);
  return hashOf(`${lines.join('')}gateway_state:${hashOf(JSON.stringify(gatewayState))}\n`);
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

export function ok(answer) {
  return { status: 200, answer };
}

export function problem(status, slug = 'fault') {
  return { status, answer: { type: `https://ganymede.dev/problems/${slug}`, title: slug, status } };
}
