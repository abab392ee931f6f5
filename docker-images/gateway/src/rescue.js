/** Data that Ganymede did not take is written to the log volume, where an operator finds it. */
import path from 'node:path';
import { writeWhole } from './files.js';
import { withField } from './json-parts.js';

/**
 * @param {string} directory
 * @param {{organization_id: string, gateway_id: string, generation: number, lineage: number, timestamp: string}} fields
 *   `lineage`: of the data, which may be older than the allocation's by the time the file is found
 * @param {import('./json-parts.js').JsonText} data
 * @returns {Promise<string>} the file
 */
export async function writeUnsent(directory, fields, data) {
  const timestamp = fields.timestamp.replace(/[:.]/g, '-');
  const name = ['unsent', fields.organization_id, fields.generation, timestamp].join('-').replace(/[^A-Za-z0-9-]/g, '_');
  const file = path.join(directory, `${name}.json`);
  await writeWhole(file, withField(fields, 'data', data), 0o600);
  return file;
}
