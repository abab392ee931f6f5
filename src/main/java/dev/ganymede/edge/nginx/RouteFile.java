package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One organization's file, {@code routes/<uuid>.map}: an entry of nginx's map, and the durable form of a {@link Route}. */
final class RouteFile {

    static final String DIRECTORY = "routes";

    /** Matches our own file names only: whatever else lies in the directory is neither loaded nor removed. */
    static final String GLOB = DIRECTORY + "/????????-????-????-????-????????????.map";

    private static final Pattern NAME =
            Pattern.compile("routes/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\.map");
    private static final Pattern ENTRY = Pattern.compile("(\\S+) (\\S+)@(\\d{1,18});\\s*");

    private RouteFile() {}

    static String name(OrganizationId organization) {
        return DIRECTORY + "/" + organization + ".map";
    }

    static boolean isOurs(String name) {
        return NAME.matcher(name).matches();
    }

    /** The whole file. */
    static String text(Route route) {
        return entry(route) + ";\n";
    }

    /** What the file says, without the semicolon. */
    static String entry(Route route) {
        return route.organization() + " " + Gateways.upstream(route.gateway()) + "@" + route.generation();
    }

    /** The route in a file of this name; empty when it is not one that we would have written. */
    static Optional<Route> parse(String name, String content) {
        Matcher file = NAME.matcher(name);
        Matcher entry = ENTRY.matcher(content);
        if (!file.matches() || !entry.matches() || !file.group(1).equals(entry.group(1))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Route(
                    OrganizationId.parse(entry.group(1)),
                    Gateways.endpoint(entry.group(2)),
                    new Generation(Long.parseLong(entry.group(3)))));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
