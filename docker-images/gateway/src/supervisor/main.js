/** The container's main process (below the init process): keeps a gateway running, reloads it, keeps its log. */
import { ExitCode } from '../exit-codes.js';
import { createLog } from '../log.js';
import { LogFile } from './log-file.js';
import { Supervisor } from './supervisor.js';
import { watchTrigger } from './trigger.js';

const workspace = process.env.WORKSPACE || '/home/dev/workspace';
const logFile = new LogFile(`${process.env.GATEWAY_LOG_DIRECTORY || '/logs'}/gateway.log`);
const write = (/** @type {Buffer | string} */ chunk) => {
  process.stdout.write(chunk);
  logFile.write(chunk);
};
process.stdout.on('error', () => {});
const log = createLog({ component: 'supervisor', gateway: process.env.GATEWAY_ID, name: process.env.GATEWAY_NAME }, write);

const supervisor = new Supervisor({
  log,
  write,
  programs: [`${workspace}/monorepo/dist/packages/app-gateway/main.js`, new URL('../main.js', import.meta.url).pathname],
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) process.on(signal, () => supervisor.stop(signal));
const trigger = watchTrigger(`${workspace}/monorepo/.gateway-reload-trigger`, () => supervisor.reload());

const code = await supervisor.run().catch((error) => {
  log.error('the supervisor failed', { error: error.stack });
  return ExitCode.CRASHED;
});
trigger.close();
process.exit(code);
