package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.List;
import java.util.Map;

/**
 * What one batch does to the directory.
 *
 * @param after the routes that stand there then
 * @param current contents, by name, of the files that it looked at
 */
record EdgePlan(Map<OrganizationId, Route> after, Map<String, String> current, List<FileEdit> edits) {}
