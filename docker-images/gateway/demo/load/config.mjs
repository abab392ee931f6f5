/**
 * What is to be played, as one line of JSON.
 *
 * @typedef {{id: string, project_id: string, user_ids: string[]}} Played
 */
import { readFileSync } from 'node:fs';

/** @param {string} line */
export function readConfig(line) {
  const given = JSON.parse(line);
  if (!URL.canParse(given.ganymede_url)) throw new Error('ganymede_url is missing');
  if (!given.api_key) throw new Error('api_key is missing');
  const organizations = /** @type {Played[]} */ (given.organizations ?? []);
  if (!organizations.length || !organizations.every(isWhole)) {
    throw new Error('organizations: a list of {id, project_id, user_ids: [two]} is needed');
  }
  return {
    ganymedeUrl: new URL(given.ganymede_url),
    apiKey: String(given.api_key),
    caPem: given.ca_pem ?? (given.ca_pem_file && readFileSync(given.ca_pem_file, 'utf8')),
    dnsServer: given.dns_server,
    organizations,
    editMillis: 1_000 / positive(given, 'edits_per_second', 2),
    seconds: given.seconds === undefined ? undefined : positive(given, 'seconds', 0),
    convergenceMillis: positive(given, 'convergence_seconds', 60) * 1_000,
  };
}

/** @param {any} organization */
function isWhole(organization) {
  return organization?.id && organization.project_id && organization.user_ids?.length === 2;
}

/** @param {any} given @param {string} name @param {number} fallback */
function positive(given, name, fallback) {
  const value = given[name] ?? fallback;
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} is not a positive number`);
  return value;
}
