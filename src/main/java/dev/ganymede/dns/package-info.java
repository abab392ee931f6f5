/**
 * The port to the zone in which an environment's names are published.
 *
 * <p>Must not know which server holds the zone (its adapters do).
 */
package dev.ganymede.dns;
