/** How the demo and the load reach the edge: names come from the given name server, and the given authority is trusted. */
import { Resolver } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import tls from 'node:tls';
import WebSocket from 'ws';

/** @param {string} hostname @param {string | undefined} nameServer `address:port` */
export async function resolveAddress(hostname, nameServer) {
  if (isIP(hostname) || !nameServer) return undefined;
  const resolver = new Resolver({ timeout: 2_000, tries: 3 });
  resolver.setServers([nameServer]);
  const [address] = await resolver.resolve4(hostname).catch((error) => {
    throw new Error(`${nameServer} does not resolve ${hostname}: ${error.code}`);
  });
  return address;
}

/**
 * For the `lookup` of connections: asks the name server, and goes on with what it said last while it says nothing.
 *
 * @param {string | undefined} nameServer
 */
export function lookupBy(nameServer) {
  if (!nameServer) return undefined;
  const known = new Map();
  return (/** @type {string} */ name, /** @type {any} */ options, /** @type {any} */ done) => {
    const answer = (/** @type {string} */ address) => {
      known.set(name, address);
      if (options.all) done(null, [{ address, family: isIP(address) }]);
      else done(null, address, isIP(address));
    };
    resolveAddress(name, nameServer).then((address) => answer(/** @type {string} */ (address)),
      (error) => (known.has(name) ? answer(known.get(name)) : done(error)));
  };
}

/** The options of a TLS connection that trusts this authority too; made once, since it takes a while. @param {string | undefined} caPem */
export function trusting(caPem) {
  return { secureContext: tls.createSecureContext(caPem ? { ca: [...tls.rootCertificates, caPem] } : {}) };
}

/** A WebSocket class for such connections. @param {Record<string, unknown>} options `lookup`, `secureContext` */
export function webSocketWith(options) {
  return class extends WebSocket {
    /** @param {string} url */
    constructor(url) {
      super(url, options);
    }
  };
}

/** An agent for such connections. @param {URL} url @param {any} options */
export function agentWith(url, options) {
  const all = { keepAlive: true, timeout: 4_000, ...options };
  return url.protocol === 'https:' ? new https.Agent(all) : new http.Agent(all);
}
