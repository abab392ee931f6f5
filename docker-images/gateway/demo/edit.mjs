#!/usr/bin/env node
/**
 * Edits a room as two people would, or reads it.
 *
 *   edit.mjs edit   prints one line of JSON: {ok, text, ...}
 *   edit.mjs read   prints the text
 *
 * Environment: WEBSOCKET_URL, ACCESS_TOKEN_A, ACCESS_TOKEN_B (edit), PROJECT_ID; optional CA_PEM (text), DNS_SERVER
 * (address:port), TEXT. Ends with 1 and a message when something does not work within 20 s.
 */
import { openRoom } from '../client/room.js';
import { lookupBy, resolveAddress, trusting, webSocketWith } from './connection.mjs';

const TIMEOUT_MILLIS = 20_000;
const FIELD = 'content';

let doing = 'reading the environment';
const timer = setTimeout(() => fail(new Error(`no success within ${TIMEOUT_MILLIS / 1000} s`)), TIMEOUT_MILLIS);
try {
  const commands = { edit, read };
  const command = commands[/** @type {keyof commands} */ (process.argv[2])];
  if (!command) throw new Error('usage: edit.mjs edit|read');
  const output = await command(await connect());
  clearTimeout(timer);
  process.stdout.write(`${output}\n`, () => process.exit(0));
} catch (error) {
  fail(/** @type {Error} */ (error));
}

/** @param {Awaited<ReturnType<typeof connect>>} edge */
async function edit({ open, resolvedAddress }) {
  const startedAt = performance.now();
  const first = open('A', required('ACCESS_TOKEN_A'));
  const second = open('B', required('ACCESS_TOKEN_B'));
  await Promise.all([first.synced(), second.synced()]);
  const line = process.env.TEXT || `Hello from A, ${new Date().toISOString()}`;
  append(first, line);
  await seen(second, first, 'B to see what A wrote');
  append(second, `Hello from B, who saw: ${line}`);
  await seen(first, second, 'A to see what B wrote');
  doing = 'waiting for the gateway to acknowledge';
  await Promise.all([first.acknowledged(), second.acknowledged()]);
  const millis = Math.round(performance.now() - startedAt);
  return JSON.stringify({ ok: true, text: text(first), resolved_address: resolvedAddress ?? null, websocket_url: required('WEBSOCKET_URL'), millis });
}

/** @param {Awaited<ReturnType<typeof connect>>} edge */
async function read({ open }) {
  const room = open('A', required('ACCESS_TOKEN_A'));
  await room.synced();
  return text(room);
}

async function connect() {
  const websocketUrl = required('WEBSOCKET_URL');
  const projectId = required('PROJECT_ID');
  const { hostname } = new URL(websocketUrl);
  doing = `resolving ${hostname}`;
  const resolvedAddress = await resolveAddress(hostname, process.env.DNS_SERVER);
  const lookup = resolvedAddress && lookupBy(process.env.DNS_SERVER);
  const WebSocket = webSocketWith({ ...trusting(process.env.CA_PEM), ...(lookup && { lookup }) });
  doing = `connecting to ${websocketUrl}`;
  const open = (/** @type {string} */ name, /** @type {string} */ accessToken) => openRoom({
    websocketUrl,
    accessToken,
    projectId,
    WebSocket: reporting(WebSocket, name),
    onRefused: (reason) => fail(new Error(`client ${name} was refused: ${reason}`)),
  });
  return { open, resolvedAddress };
}

/** Tells why a connection failed: the reason is lost in the attempts of the provider. @param {any} WebSocket @param {string} name */
function reporting(WebSocket, name) {
  return class extends WebSocket {
    /** @param {string} url */
    constructor(url) {
      super(url);
      this.on('error', (/** @type {Error} */ error) => {
        if (error.message.includes('401')) fail(new Error(`the access token of client ${name} was refused`));
        doing = `connecting; the last attempt of client ${name} said: ${error.message}`;
      });
    }
  };
}

/** @param {ReturnType<typeof openRoom>} room @param {string} line */
function append(room, line) {
  const content = room.document.getText(FIELD);
  content.insert(content.length, content.length > 0 ? `\n${line}` : line);
}

/** @param {ReturnType<typeof openRoom>} room */
function text(room) {
  return room.document.getText(FIELD).toString();
}

/** @param {ReturnType<typeof openRoom>} reader @param {ReturnType<typeof openRoom>} writer @param {string} what @returns {Promise<void>} */
function seen(reader, writer, what) {
  doing = `waiting for ${what}`;
  return new Promise((resolve) => {
    const check = () => text(reader) === text(writer) && resolve();
    reader.document.on('update', check);
    check();
  });
}

/** @param {string} name @returns {string} */
function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** @param {Error} error */
function fail(error) {
  process.stderr.write(`error: ${error.message} (while ${doing})\n`, () => process.exit(1));
}
