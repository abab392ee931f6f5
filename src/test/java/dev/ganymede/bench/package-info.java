/**
 * Benchmarks: Ganymede as its packaged jar, in a process of its own, against the simplest ways to do the same. Run by {@code scripts/bench.sh}, never by
 * {@code verify}; docs/performance.md shows the figures and says what bounds them.
 *
 * <p>It knows Ganymede from outside only, and needs nothing but the libraries that Ganymede itself runs with.
 */
package dev.ganymede.bench;
