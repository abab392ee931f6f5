/** {@code scripts/bench.sh dns}: Ganymede's zone against one PATCH for each organization, on one PowerDNS. */
package dev.ganymede.bench.dns;
