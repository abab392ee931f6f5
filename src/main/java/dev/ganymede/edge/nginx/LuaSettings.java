package dev.ganymede.edge.nginx;

import java.nio.file.Path;
import java.util.List;

/**
 * What the mode {@code lua} needs besides.
 *
 * @param modules nginx's module files to load, in this order; none where they are built in
 * @param routeTableMib memory for all routes, shared by the workers
 * @param certificateCache parsed certificates that each worker keeps
 */
record LuaSettings(List<Path> modules, int routeTableMib, int certificateCache) {

    LuaSettings {
        modules = List.copyOf(modules);
        if (routeTableMib < 1 || certificateCache < 1) {
            throw new IllegalArgumentException(
                    "ganymede.edge.route-table-mib and ganymede.edge.certificate-cache must be positive");
        }
    }
}
