package dev.ganymede.gateway;

/** Fired (CDI event) after a commit that gives the pool's reconciler something to do. Losing one costs time only. */
public record PoolChanged(String cause) {}
