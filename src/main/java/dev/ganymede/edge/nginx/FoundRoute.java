package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;

/** A route as its file says it. */
record FoundRoute(String content, Route route) {}
