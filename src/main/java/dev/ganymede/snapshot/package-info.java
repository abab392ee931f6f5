/**
 * The organizations' data: pushed by the gateway that serves them, pulled by the next one.
 *
 * <p>Must not know what is in it.
 */
package dev.ganymede.snapshot;
