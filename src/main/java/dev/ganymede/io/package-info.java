/**
 * What blocks: files written so that they survive a crash, and blocking work kept off the event loop.
 *
 * <p>Knows nothing of the rest of the project; everything may import it.
 */
package dev.ganymede.io;
