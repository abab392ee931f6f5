/**
 * Tells Ganymede that it is ready, looks well at /health, and then spoils every start: MANNER=garbage answers with bytes
 * that mean nothing, MANNER=silent never answers.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Ganymede } from './src/ganymede.js';
import { retry } from './src/retry.js';
import { takeSettings } from './src/settings.js';

const settings = takeSettings(process.env);
const health = {
  state: 'ready', gateway_id: settings.gatewayId, gateway_name: settings.gatewayName, organization_id: null, generation: null,
  connections: 0, rooms: 0, dirty: false,
};
const server = createServer((request, response) => {
  if (request.url === '/health') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(health));
  } else if (process.env.MANNER === 'garbage') {
    response.setHeader('content-type', 'application/json').end(randomBytes(4096));
  }
});
process.on('SIGTERM', () => process.exit(0));
server.listen(settings.httpPort, '0.0.0.0');
const ganymede = new Ganymede({ url: settings.ganymedeUrl, caPem: settings.ganymedeCaPem });
await retry(() => ganymede.ready(settings.bootToken), { backoff: settings.backoff, retryable: () => true });
