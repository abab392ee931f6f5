/** The projects and members of an organization as Ganymede last told them; a refresh replaces it whole. */

const WRITERS = new Set(['owner', 'editor']);

export class Roster {
  #roles;

  /** @param {Pick<import('./ganymede.js').Organization, 'projects' | 'members'>} organization checked */
  constructor({ projects, members }) {
    this.projectIds = new Set(projects.map(({ id }) => id));
    this.#roles = new Map(members.map(({ user_id: userId, role }) => [userId, role]));
  }

  /** @param {string} userId */
  hasMember(userId) {
    return this.#roles.has(userId);
  }

  /** Owners and editors write. Everybody else reads: viewers, roles from the future, and who is no member (any more). @param {string} userId */
  isReadOnly(userId) {
    return !WRITERS.has(this.#roles.get(userId) ?? '');
  }
}

/**
 * Whether an answer of Ganymede tells all that a gateway needs. Nothing is concluded from another: a project that is
 * not in it would count as deleted.
 *
 * @param {any} organization @returns {organization is import('./ganymede.js').Organization}
 */
export function isWhole(organization) {
  const { organization_id, gateway_id, generation, projects, members, access_tokens } = organization ?? {};
  return typeof organization_id === 'string' && typeof gateway_id === 'string' && Number.isInteger(generation)
    && Array.isArray(projects) && projects.every((project) => typeof project?.id === 'string')
    && Array.isArray(members) && members.every((member) => typeof member?.user_id === 'string')
    && typeof access_tokens?.issuer === 'string' && typeof access_tokens.audience === 'string'
    && Array.isArray(access_tokens.jwks?.keys);
}
