/**
 * The environment's zone in PowerDNS, through its HTTP API; the only package that knows it.
 *
 * <p>{@link dev.ganymede.dns.powerdns.PowerDnsZone} answers the port, {@link dev.ganymede.dns.powerdns.ZoneWriter} is the zone's one writer, {@link
 * dev.ganymede.dns.powerdns.PowerDnsClient} speaks HTTP; names and their reading are plain values.
 */
package dev.ganymede.dns.powerdns;
