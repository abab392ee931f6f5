/**
 * What the container was told at its creation.
 *
 * @typedef {object} Settings
 * @property {string} gatewayId
 * @property {string} gatewayName
 * @property {number} httpPort
 * @property {URL} ganymedeUrl
 * @property {string | undefined} ganymedeCaPem an extra certificate authority for Ganymede's certificate
 * @property {string} bootToken
 * @property {number} autosaveSeconds
 * @property {number} pingSeconds
 * @property {number} inactivityShutdownSeconds
 * @property {boolean} disableShutdown
 * @property {number} stopGraceSeconds how long Docker waits between SIGTERM and SIGKILL
 * @property {string} sessionFile
 * @property {string} logDirectory
 * @property {number} maxConnections
 * @property {number} maxPayloadBytes
 * @property {import('./retry.js').Backoff} backoff
 */

export class SettingsError extends Error {}

/**
 * Reads the settings and takes the boot token out of the environment, where child processes and dumps would show it.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Settings}
 */
export function takeSettings(environment) {
  const bootToken = required(environment, 'GATEWAY_BOOT_TOKEN');
  delete environment.GATEWAY_BOOT_TOKEN;
  return {
    gatewayId: required(environment, 'GATEWAY_ID'),
    gatewayName: environment.GATEWAY_NAME || required(environment, 'GATEWAY_ID'),
    httpPort: number(environment, 'GATEWAY_HTTP_PORT', 7100, 0),
    ganymedeUrl: url(environment),
    ganymedeCaPem: environment.GANYMEDE_CA_PEM || undefined,
    bootToken,
    autosaveSeconds: number(environment, 'GATEWAY_AUTOSAVE_SECONDS', 30),
    pingSeconds: number(environment, 'GATEWAY_PING_SECONDS', 60),
    inactivityShutdownSeconds: number(environment, 'GATEWAY_INACTIVITY_SHUTDOWN_SECONDS', 300),
    disableShutdown: environment.GATEWAY_DISABLE_SHUTDOWN === 'true',
    stopGraceSeconds: number(environment, 'GATEWAY_STOP_GRACE_SECONDS', 30),
    sessionFile: environment.GATEWAY_SESSION_FILE || '/run/gateway/session.json',
    logDirectory: environment.GATEWAY_LOG_DIRECTORY || '/logs',
    maxConnections: number(environment, 'GATEWAY_MAX_CONNECTIONS', 1000),
    maxPayloadBytes: number(environment, 'GATEWAY_MAX_PAYLOAD_BYTES', 16 * 1024 * 1024),
    backoff: {
      baseMillis: number(environment, 'GATEWAY_RETRY_BASE_MILLIS', 250),
      capMillis: number(environment, 'GATEWAY_RETRY_CAP_MILLIS', 10_000),
    },
  };
}

/** @param {NodeJS.ProcessEnv} environment @param {string} name */
function required(environment, name) {
  const value = environment[name];
  if (!value) throw new SettingsError(`${name} is not set`);
  return value;
}

/** @param {NodeJS.ProcessEnv} environment @param {string} name @param {number} fallback @param {number} [least] */
function number(environment, name, fallback, least = 0.001) {
  const text = environment[name];
  const value = text ? Number(text) : fallback;
  if (!Number.isFinite(value) || value < least) throw new SettingsError(`${name} is not a usable number: ${text}`);
  return value;
}

/** @param {NodeJS.ProcessEnv} environment */
function url(environment) {
  const text = environment.GANYMEDE_URL || `https://${required(environment, 'GANYMEDE_FQDN')}`;
  if (!URL.canParse(text) || !/^https?:/.test(text)) throw new SettingsError(`GANYMEDE_URL is not a URL: ${text}`);
  return new URL(text);
}
