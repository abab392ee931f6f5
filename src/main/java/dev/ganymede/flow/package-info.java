/**
 * How work is queued: small, bounded helpers over {@code Uni}, and the way back to the caller's Vert.x context.
 *
 * <p>Knows nothing of gateways or organizations; everything may import it.
 */
package dev.ganymede.flow;
