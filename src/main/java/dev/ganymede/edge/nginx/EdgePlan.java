package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.Map;

/**
 * What one batch does to the directory.
 *
 * @param after the routes that stand there then
 */
record EdgePlan(Map<OrganizationId, Route> after, FileEdits files) {}
