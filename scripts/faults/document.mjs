#!/usr/bin/env node
/**
 * One person at a document, for the fault suite: appends lines to it, or reads it. Runs in the gateway's image.
 *
 *   document.mjs append <text> [<KiB>]   appends the text, after a line of so much noise; ends when the gateway has it
 *   document.mjs read                    prints {length, last}: its characters, and its last line
 *
 * Environment: WEBSOCKET_URL, ACCESS_TOKEN, PROJECT_ID, CA_PEM, DNS_SERVER (address:port). Ends with 1 and a message when
 * something does not work within 30 s.
 */
import { randomBytes } from 'node:crypto';
import { openRoom } from '/opt/gateway/client/room.js';
import { lookupBy, trusting, webSocketWith } from '/opt/gateway/demo/connection.mjs';

const FIELD = 'content';
const PIECE_KIBIBYTES = 512;

const fail = (/** @type {unknown} */ message) => {
  console.error(String(message));
  process.exit(1);
};
setTimeout(() => fail('no success within 30 s'), 30_000).unref();
process.on('unhandledRejection', fail);

const { WEBSOCKET_URL: websocketUrl, ACCESS_TOKEN: accessToken, PROJECT_ID: projectId, CA_PEM: caPem, DNS_SERVER: dnsServer } = process.env;
const WebSocket = webSocketWith({ ...trusting(caPem), lookup: lookupBy(dnsServer) });
const room = openRoom({ websocketUrl, accessToken, projectId, WebSocket, onRefused: fail });
await room.synced();
const text = room.document.getText(FIELD);
const [verb, line, kibibytes = '0'] = process.argv.slice(2);
if (verb === 'append') {
  for (let left = Number(kibibytes); left > 0; left -= PIECE_KIBIBYTES) {
    text.insert(text.length, randomBytes(Math.min(left, PIECE_KIBIBYTES) * 768).toString('base64'));
    await room.acknowledged();
  }
  text.insert(text.length, `\n${line}\n`);
  await room.acknowledged();
}
const last = text.toString().trimEnd().split('\n').at(-1);
process.stdout.write(`${JSON.stringify({ length: text.length, last })}\n`, () => process.exit(0));
