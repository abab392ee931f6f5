/** The client of {@code scripts/bench.sh start}; a process of its own, which knows Ganymede by its API and its edge only. */
package dev.ganymede.bench.start;
