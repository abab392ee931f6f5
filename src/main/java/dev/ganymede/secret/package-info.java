/**
 * Secrets that callers prove themselves with: made here, shown once, kept as SHA-256 (invariant 11).
 *
 * <p>Knows nothing of what they open.
 */
package dev.ganymede.secret;
