/**
 * The body of a push, made piece by piece as it is sent: of a large snapshot no second form is ever whole in memory.
 *
 * @typedef {{projectId: string, sha256: string, state?: Uint8Array}} Sent without a state it is a reference to what
 *   Ganymede has
 */
import { base64Bytes } from './manifest.js';

/** Whole groups of three bytes, so that the base64 of slices can be joined. */
const SLICE_BYTES = 3 * 256 * 1024;
const PIECE_LENGTH = 64 * 1024;

/**
 * @param {{fields: Record<string, unknown>, sent: Sent[], gatewayState: string, encoder: import('./encoder/encoder.js').Encoder}} push
 *   `gatewayState`: JSON
 * @returns {import('./request.js').Body}
 */
export function pushBody({ fields, sent, gatewayState, encoder }) {
  const head = `${JSON.stringify(fields).slice(0, -1)},"data":{"yjs_state":{`;
  const tail = `},"gateway_state":${gatewayState}}}`;
  const rooms = sent.map((room, index) => ({ ...around(room, index === 0), state: room.state }));
  const texts = [head, ...rooms.map(({ before, after }) => before + after), tail];
  const sizeBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    + sent.reduce((sum, { state }) => sum + (state ? base64Bytes(state.length) : 0), 0);
  return { sizeBytes, pieces: () => pieces(head, rooms, tail, encoder) };
}

/** @param {Sent} room @param {boolean} first */
function around({ projectId, sha256, state }, first) {
  const name = `${first ? '' : ','}${JSON.stringify(projectId)}:`;
  return state ? { before: `${name}"`, after: '"' } : { before: `${name}{"sha256":"${sha256}"}`, after: '' };
}

/**
 * @param {string} head @param {{before: string, after: string, state?: Uint8Array}[]} rooms @param {string} tail
 * @param {import('./encoder/encoder.js').Encoder} encoder
 */
async function* pieces(head, rooms, tail, encoder) {
  let text = head;
  for (const { before, after, state } of rooms) {
    text += before;
    for (let start = 0; state && start < state.length; start += SLICE_BYTES) {
      const slice = await encoder.base64(state.subarray(start, start + SLICE_BYTES));
      yield Buffer.from(text);
      yield slice;
      text = '';
    }
    text += after;
    if (text.length < PIECE_LENGTH) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text + tail);
}
