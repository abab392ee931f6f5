/**
 * The port to the edge, the stage-1 proxy where all TLS ends.
 *
 * <p>Must not know which proxy that is (its adapters do).
 */
package dev.ganymede.edge;
