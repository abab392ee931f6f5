/**
 * The edge says with every request for which allocation its route was made. A route may be older than the tenancy of
 * the gateway it leads to: its visitors belong to somebody else, and are told nothing.
 */

const ORGANIZATION = 'x-ganymede-organization';
const GENERATION = 'x-ganymede-generation';

/**
 * Whether the route is another allocation's. Requests without these headers do not come through the edge: Ganymede
 * itself asks, on the node's network.
 *
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {import('./tenancy.js').Tenancy | undefined} tenancy served now
 */
export function isStale(headers, tenancy) {
  const { [ORGANIZATION]: organization, [GENERATION]: generation } = headers;
  if (organization === undefined && generation === undefined) return false;
  return !tenancy || organization !== tenancy.organizationId || generation !== String(tenancy.generation);
}
