/**
 * Giving an organization a gateway and taking it back: start, handshake, ready, stop, and the names that follow.
 *
 * <p>Must not know how containers, DNS, the edge or the pool's size are managed; it talks to their ports.
 */
package dev.ganymede.allocation;
