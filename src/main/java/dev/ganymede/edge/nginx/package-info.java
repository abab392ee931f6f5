/**
 * The edge as a stock nginx: renders its configuration, swaps it, and believes a change when the workers that accept connections run it (ADR 3).
 *
 * <p>The only package that knows nginx and Qute. Must not know why a route is published.
 */
package dev.ganymede.edge.nginx;
