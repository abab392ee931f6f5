/** Files that must be whole or absent, even when the machine stops in the middle. */
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';

/** @param {string} file @param {string | Buffer[]} text @param {number} mode */
export async function writeWhole(file, text, mode) {
  const directory = path.dirname(file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.draft`;
  const handle = await open(draft, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncDirectory(directory);
}

/** @param {string} directory */
async function syncDirectory(directory) {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
