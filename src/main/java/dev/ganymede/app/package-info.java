/**
 * Wiring: start-up and shutdown, the loops, health, and what HTTP lets in.
 *
 * <p>May know everything; nobody may know it.
 */
package dev.ganymede.app;
