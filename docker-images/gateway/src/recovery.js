/**
 * Takes in what gateways before this one could not push and left in a file: Ganymede offers it as versions of its own.
 * Merging is idempotent, so nothing depends on whether it happened before; one that is damaged is left where it is.
 */
import { decodeSnapshot } from './snapshot.js';

/** Somebody waits for the start; what is not there by then is offered again at the next one. */
const BUDGET_MILLIS = 3_000;

/**
 * @param {object} options
 * @param {number[]} options.versions
 * @param {(version: number, timeoutMillis: number) => Promise<import('./ganymede.js').Pulled>} options.pull
 * @param {import('./tenancy.js').Tenancy} options.tenancy before anybody is in its rooms
 * @param {import('./log.js').Log} options.log
 * @returns {Promise<number[]>} those that are merged
 */
export async function recover({ versions, pull, tenancy, log }) {
  const deadline = Date.now() + BUDGET_MILLIS;
  const merged = [];
  for (const version of versions) {
    try {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error('there is no time left');
      merge(await pull(version, left), tenancy);
      merged.push(version);
      log.info('unsaved data of an earlier gateway was recovered', { version });
    } catch (/** @type {any} */ error) {
      if (error.refused) throw error;
      log.error('unsaved data of an earlier gateway could not be recovered, and stays where it is', { version, error: error.message });
    }
  }
  return merged;
}

/**
 * Checked as a whole before any of it is taken. Permissions and tokens are not: they may have been revoked since.
 *
 * @param {import('./ganymede.js').Pulled} pulled @param {import('./tenancy.js').Tenancy} tenancy
 */
function merge({ data, lineage }, tenancy) {
  const { rooms, roster } = tenancy;
  if (lineage !== undefined && lineage !== tenancy.lineage) throw new Error('the organization was restored after it was written');
  const rescued = decodeSnapshot(data).rooms;
  for (const [projectId, state] of rescued) if (roster.projectIds.has(projectId)) rooms.merge(projectId, state);
  rooms.changed();
}
