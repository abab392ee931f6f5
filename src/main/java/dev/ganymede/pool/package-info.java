/**
 * Keeps the pool as it should be: observe → plan → execute (DESIGN §5).
 *
 * <p>Must not know which organization uses a gateway, nor how it is handed over.
 */
package dev.ganymede.pool;
