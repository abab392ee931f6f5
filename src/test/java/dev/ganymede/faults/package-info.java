/**
 * The fault suite: a whole environment on the real parts (Docker, PowerDNS, nginx, PostgreSQL), whose parts are killed, stopped, filled and altered while
 * it works. Run by {@code scripts/test.sh faults}, never by {@code verify}; docs/reliability.md tells what is proved and with which figures.
 *
 * <p>It knows Ganymede from outside only: its API, its process, and what it leaves in the database, the engine, the zone and the edge's directory.
 */
package dev.ganymede.faults;
