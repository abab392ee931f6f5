/**
 * The identities that every package speaks of: small validated values, no behaviour beyond parsing and naming.
 *
 * <p>Knows nothing of the rest of the project; everything may import it (ADR 2).
 */
package dev.ganymede.id;
