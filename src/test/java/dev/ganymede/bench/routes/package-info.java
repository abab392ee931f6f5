/** What a change of one route costs until visitors see it; run by {@code scripts/bench.sh routes}. */
package dev.ganymede.bench.routes;
