#!/usr/bin/env node
/**
 * Plays organizations with two editors each, through the edge, until it is told to finish.
 *
 * Standard input: first one line of JSON: {ganymede_url, api_key, organizations: [{id, project_id, user_ids: [a, b]}],
 * ca_pem (text) or ca_pem_file, dns_server (address:port), edits_per_second (2, of each editor), seconds, convergence_seconds
 * (60)}; then `finish`. It also finishes after `seconds`, on SIGTERM, and without `seconds` at the end of the input.
 *
 * Standard output, JSON lines: {at, organization, client, event: connected|disconnected|acknowledged|error, generation, …};
 * {at, event: ready} when everybody is in; at the end {event: summary, …} for each organization.
 *
 * Ends with 0; 1: something that was acknowledged is missing, or is there twice; 2: the editors did not come together in
 * time; 64: the input makes no sense; 70: this program is broken.
 */
import { randomBytes } from 'node:crypto';
import readline from 'node:readline';
import { lookupBy, trusting, webSocketWith } from './connection.mjs';
import { readConfig } from './load/config.mjs';
import { Frontend } from './load/frontend.mjs';
import { Organization } from './load/organization.mjs';

const MISUSED = 64;
const BROKEN = 70;
const input = readline.createInterface({ input: process.stdin });
const finishing = new AbortController();
const finish = () => finishing.abort();
process.on('SIGTERM', finish);
process.on('SIGINT', finish);
input.once('line', (line) => {
  input.on('line', (command) => command.trim() === 'finish' && finish());
  play(configured(line)).then((code) => process.exit(code), (error) => fail(BROKEN, error.stack));
});

/** @param {string} line */
function configured(line) {
  try {
    return readConfig(line);
  } catch (error) {
    return fail(MISUSED, /** @type {Error} */ (error).message);
  }
}

/** @param {number} code @param {string} message @returns {never} */
function fail(code, message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(code);
}

/** @param {ReturnType<typeof readConfig>} config @returns {Promise<number>} */
async function play({ ganymedeUrl, apiKey, caPem, dnsServer, organizations, editMillis, seconds, convergenceMillis }) {
  if (seconds) setTimeout(finish, seconds * 1_000);
  else input.on('close', finish);
  const lookup = lookupBy(dnsServer);
  const connection = { ...trusting(caPem), ...(lookup && { lookup }) };
  const frontend = new Frontend({ ganymedeUrl, apiKey, connection });
  const WebSocket = webSocketWith(connection);
  const shared = { run: randomBytes(4).toString('hex'), editMillis, print, frontend, WebSocket };
  const all = organizations.map((organization) => new Organization({ organization, ...shared }));
  const ended = new Promise((resolve) => finishing.signal.addEventListener('abort', resolve, { once: true }));
  Promise.all(all.map((one) => one.open(finishing.signal))).then(() => print({ event: 'ready' }), () => {});
  await ended;
  const results = await Promise.all(all.map((one) => one.finish(convergenceMillis)));
  if (results.some(({ lost_count: lost, duplicates }) => lost + duplicates > 0)) return 1;
  return results.every(({ converged }) => converged) ? 0 : 2;
}

/** @param {Record<string, unknown>} fields */
function print(fields) {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...fields })}\n`);
}
