/** How a tenancy comes to this gateway: redeemed from a handshake token, or resumed after a reload. */
import { CorruptSnapshot } from './snapshot.js';
import { Problem } from './problem.js';
import { RequestError } from './request.js';
import { retry } from './retry.js';
import { isWhole } from './roster.js';
import { Tenancy } from './tenancy.js';

/** The whole start has 10 s (DESIGN §3); the pull may be repeated inside a part of it. */
const PULL_BUDGET_MILLIS = 6_000;
const PULL_BACKOFF = { baseMillis: 100, capMillis: 1_000 };

/**
 * @param {{ganymede: import('./ganymede.js').Ganymede, bootToken: string, handshakeToken: string, log: import('./log.js').Log}} options
 * @returns {Promise<Tenancy>}
 * @throws {Problem} 502, nothing is kept
 */
export async function allocate({ ganymede, bootToken, handshakeToken, log }) {
  const organization = await ganymede.config(bootToken, handshakeToken).catch((error) => {
    throw new Problem(502, 'handshake-failed', 'The handshake token could not be redeemed', error.message);
  });
  if (!organization.gateway_token) throw new Problem(502, 'handshake-failed', 'The configuration has no gateway token');
  checkOrganization(organization);
  const signal = AbortSignal.timeout(PULL_BUDGET_MILLIS);
  const load = () => Tenancy.load({ ganymede, organization, gatewayToken: organization.gateway_token, log });
  try {
    return await retry(load, { backoff: PULL_BACKOFF, signal, retryable: (error) => error.transient });
  } catch (/** @type {any} */ error) {
    if (error instanceof CorruptSnapshot) {
      throw new Problem(502, 'corrupt-snapshot', 'The stored data cannot be read', error.message);
    }
    throw new Problem(502, 'pull-failed', 'The data could not be pulled', error.message);
  }
}

/**
 * Waits for Ganymede as long as it takes.
 *
 * @param {{ganymede: import('./ganymede.js').Ganymede, session: any, backoff: import('./retry.js').Backoff, signal: AbortSignal, log: import('./log.js').Log}} options
 * @returns {Promise<Tenancy>}
 */
export function resume({ ganymede, session, backoff, signal, log }) {
  const load = async () => {
    const organization = await ganymede.organization(session.gateway_token);
    checkOrganization(organization);
    return Tenancy.load({ ganymede, organization, gatewayToken: session.gateway_token, log, resumed: true });
  };
  const onRetry = (/** @type {Error} */ error, /** @type {number} */ attempt) =>
    log.warn('cannot resume yet', { attempt, error: error.message });
  const retryable = (/** @type {any} */ error) => error instanceof RequestError && !error.refused;
  return retry(load, { backoff, signal, retryable, onRetry });
}

/** @param {any} organization */
function checkOrganization(organization) {
  if (!isWhole(organization)) throw new Problem(502, 'handshake-failed', 'The configuration of the organization is not complete');
}
