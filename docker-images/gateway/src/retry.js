/**
 * Waiting between attempts: exponential, capped, with full jitter, so that many gateways do not knock in step.
 *
 * @typedef {{baseMillis: number, capMillis: number}} Backoff
 */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param {Backoff} backoff
 * @param {number} attempt counted from 1
 * @param {() => number} [random]
 */
export function delayMillis(backoff, attempt, random = Math.random) {
  const ceiling = Math.min(backoff.capMillis, backoff.baseMillis * 2 ** Math.min(attempt - 1, 30));
  return Math.ceil(ceiling * (0.5 + random() / 2));
}

/**
 * Repeats an operation until it succeeds, until an error is not worth repeating, or until the signal aborts (then the
 * signal's reason is thrown).
 *
 * @template T
 * @param {() => Promise<T>} operation
 * @param {{backoff: Backoff, signal?: AbortSignal, retryable: (error: any) => boolean, onRetry?: (error: any, attempt: number) => void}} options
 * @returns {Promise<T>}
 */
export async function retry(operation, { backoff, signal, retryable, onRetry }) {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      if (!retryable(error)) throw error;
      onRetry?.(error, attempt);
      await sleep(delayMillis(backoff, attempt), undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}
