/** Access tokens of clients, verified offline with the key that came with the organization. */
import { createLocalJWKSet, jwtVerify } from 'jose';

const CLOCK_TOLERANCE_SECONDS = 30;

export class AccessTokens {
  /** @param {import('./ganymede.js').Organization} organization */
  constructor({ access_tokens: { issuer, audience, jwks }, organization_id, gateway_id, generation }) {
    this.keys = createLocalJWKSet(/** @type {any} */ (jwks));
    this.expected = { issuer, audience };
    this.tenancy = { organization_id, gateway_id, generation };
  }

  /**
   * @param {string | null | undefined} token
   * @returns {Promise<{userId: string} | undefined>} undefined for everything but a valid token of this allocation
   */
  async verify(token) {
    if (!token || token.length > 8192) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        ...this.expected,
        algorithms: ['ES256'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub', 'organization_id', 'gateway_id', 'generation'],
      });
      const ours = Object.entries(this.tenancy).every(([claim, value]) => payload[claim] === value);
      return ours && payload.sub ? { userId: payload.sub } : undefined;
    } catch {
      return undefined;
    }
  }
}
