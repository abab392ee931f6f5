/** The gateway process: wires the parts, listens, and turns signals into ways of leaving. */
import { Collab } from './collab.js';
import { ExitCode } from './exit-codes.js';
import { Ganymede } from './ganymede.js';
import { Gateway } from './gateway.js';
import { createHttpServer } from './http.js';
import { captureConsole, createLog } from './log.js';
import { SessionFile } from './session.js';
import { SettingsError, takeSettings } from './settings.js';

const log = createLog({ component: 'gateway' });
captureConsole(log);
process.stdout.on('error', () => {});

try {
  await run(takeSettings(process.env));
} catch (error) {
  log.error('cannot start', { error: /** @type {Error} */ (error).stack });
  process.exit(error instanceof SettingsError ? ExitCode.MISCONFIGURED : 1);
}

/** @param {import('./settings.js').Settings} settings */
async function run(settings) {
  Object.assign(log.context, { gateway: settings.gatewayId, name: settings.gatewayName });
  const ganymede = new Ganymede({ url: settings.ganymedeUrl, caPem: settings.ganymedeCaPem });
  const session = new SessionFile(settings.sessionFile);
  const gateway = new Gateway({ settings, ganymede, session, log, exit: (code) => process.exit(code) });
  const { maxConnections, maxPayloadBytes } = settings;
  const collab = new Collab({ host: gateway, log, maxConnections, maxPayloadBytes });
  gateway.collab = collab;

  const crash = (/** @type {Error} */ error) => gateway.leaving.crash(error);
  process.on('uncaughtException', crash);
  const leave = (/** @type {string} */ signal) => {
    log.info('told to stop', { signal });
    gateway.leaving.stop().catch(crash);
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
  // Nobody reads the log any more: whoever should watch over this process is gone.
  process.stdout.once('error', (/** @type {NodeJS.ErrnoException} */ error) => leave(error.code ?? error.message));
  process.on('SIGUSR1', () => gateway.leaving.reload().catch(crash));

  const server = createHttpServer({ gateway, collab, log });
  server.maxConnections = maxConnections + 100;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.httpPort, '0.0.0.0', () => resolve(undefined));
  });
  log.info('listening', { pid: process.pid, port: /** @type {import('node:net').AddressInfo} */ (server.address()).port });
  await gateway.boot();
}
