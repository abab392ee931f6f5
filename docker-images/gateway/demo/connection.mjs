/** How the demo reaches the edge: the name is resolved by the given name server and the given authority is trusted. */
import { Resolver } from 'node:dns/promises';
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
 * A WebSocket class that connects to the address; the name stays in SNI and in the Host header.
 *
 * @param {{address: string | undefined, caPem: string | undefined}} options
 */
export function webSocketThrough({ address, caPem }) {
  const lookup = address && ((/** @type {string} */ _name, /** @type {any} */ options, /** @type {any} */ done) =>
    options.all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address)));
  const ca = caPem ? [...tls.rootCertificates, caPem] : undefined;
  return class extends WebSocket {
    /** @param {string} url */
    constructor(url) {
      super(url, { ca, ...(lookup && { lookup }) });
    }
  };
}
