/**
 * Gateways and allocations: their states, the legal moves between them, and their rows in PostgreSQL, which are the only truth.
 *
 * <p>Must not know containers, DNS or the edge: those follow from what stands here.
 */
package dev.ganymede.gateway;
