/**
 * After a restore, clients still hold what was undone by it, and would bring it back when they reconnect. So the content
 * of a room belongs to a lineage, the number of restores of its organization: a client is told it when it enters, says it
 * when it comes back, and is refused as `restored` when it is another one. It then has to begin with an empty document.
 *
 * A client says it behind its access token (`<token>;lineage=<n>`), since that is what Hocuspocus sends first for each room.
 */
const SAID = /^([^;]*);lineage=(\d{1,15})$/;
const SYNC_STEP_1 = 0;

/** @param {string} said @returns {{accessToken: string, lineage?: number}} */
export function parseToken(said) {
  const [, accessToken, lineage] = SAID.exec(said) ?? [];
  return accessToken === undefined ? { accessToken: said } : { accessToken, lineage: Number(lineage) };
}

/** Of one client in one room: whether what it sends belongs to the lineage of the room. */
export class Ancestry {
  #proven;

  /** @param {{said: number | undefined, lineage: number}} options `said`: by the client */
  constructor({ said, lineage }) {
    this.refused = said !== undefined && said !== lineage;
    this.#proven = said === lineage || lineage === 0;
  }

  /**
   * Whoever says nothing must begin by showing that its document is empty.
   *
   * @param {number} type of a message of Yjs' sync protocol @param {Uint8Array} payload
   */
  admits(type, payload) {
    this.#proven ||= type === SYNC_STEP_1 && isEmpty(payload);
    return this.#proven;
  }
}

/** @param {Uint8Array} stateVector */
function isEmpty(stateVector) {
  return stateVector.length === 0 || stateVector[0] === 0;
}
