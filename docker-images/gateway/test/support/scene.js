/** The usual beginnings of a test; everything is taken down after it. */
import { FakeGanymede } from './fake-ganymede.js';
import { GatewayProcess } from './gateway-process.js';

export async function ganymedeFor(t) {
  const ganymede = await FakeGanymede.start();
  t.after(() => ganymede.close());
  return ganymede;
}

/** A gateway that Ganymede knows. */
export async function readyGateway(t, options = {}) {
  const ganymede = options.ganymede ?? await ganymedeFor(t);
  const gateway = await GatewayProcess.start(t, ganymede, options);
  await gateway.logged('ready to be allocated');
  return { ganymede, gateway };
}

/** A gateway that serves the organization. */
export async function servingGateway(t, options = {}) {
  const scene = await readyGateway(t, options);
  const answer = await scene.gateway.start();
  if (answer.status !== 200) throw new Error(`the start failed: ${JSON.stringify(answer)}`);
  return scene;
}
