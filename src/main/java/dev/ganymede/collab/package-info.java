/**
 * The port to the process inside a gateway's container: its {@code POST /collab/start}.
 *
 * <p>Must not know why it is called.
 */
package dev.ganymede.collab;
