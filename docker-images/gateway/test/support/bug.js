/** Imported before a program: at SIGUSR2 it has an exception that nobody catches. */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('SIGUSR2', () => {
    throw new Error('a bug');
  });
}
