/**
 * How work is queued: small, bounded, technology-free helpers over {@code Uni}.
 *
 * <p>Knows nothing of gateways or organizations; everything may import it.
 */
package dev.ganymede.flow;
