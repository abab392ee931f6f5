/**
 * Somebody on the gateways' network who is no gateway: guesses handshake tokens for some seconds and prints, as JSON, how
 * often each status was the answer. Arguments: URL of /gateway/config, seconds.
 */
import { randomBytes } from 'node:crypto';
import https from 'node:https';

const [url, seconds] = process.argv.slice(2);
const answers = {};
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
const end = Date.now() + Number(seconds) * 1000;
while (Date.now() < end) {
  const status = await guess();
  answers[status] = (answers[status] ?? 0) + 1;
}
console.log(JSON.stringify(answers));
process.exit(0);

function guess() {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${randomBytes(32).toString('base64url')}` };
  return new Promise((resolve) => {
    const request = https.request(url, { method: 'POST', agent, headers, timeout: 5000 }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    // a reload of the edge closes idle connections, perhaps just now: nobody has seen this request
    request.on('error', (error) => resolve(request.reusedSocket && error.code === 'ECONNRESET' ? guess() : error.code));
    request.end(JSON.stringify({ tmp_handshake_token: randomBytes(32).toString('base64url') }));
  });
}
