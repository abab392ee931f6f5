/** Data that Ganymede did not take is written to the log volume, where an operator finds it. */
import path from 'node:path';
import { writeWhole } from './files.js';

/**
 * @param {string} directory
 * @param {{organization_id: string, gateway_id: string, generation: number, timestamp: string, data: unknown}} unsent
 * @returns {Promise<string>} the file
 */
export async function writeUnsent(directory, unsent) {
  const timestamp = unsent.timestamp.replace(/[:.]/g, '-');
  const name = ['unsent', unsent.organization_id, unsent.generation, timestamp].join('-').replace(/[^A-Za-z0-9-]/g, '_');
  const file = path.join(directory, `${name}.json`);
  await writeWhole(file, JSON.stringify(unsent), 0o600);
  return file;
}
