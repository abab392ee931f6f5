package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The directory of routes: what stands in it, and what has no business there. Blocking. */
final class RouteDirectory {

    private final EdgeFiles files;
    private final RejectedFiles rejected;
    private final SeenFiles<Optional<FoundRoute>> seen;

    RouteDirectory(EdgeFiles files, RejectedFiles rejected, Clock clock) {
        this.files = files;
        this.seen = new SeenFiles<>(clock);
        this.rejected = rejected;
    }

    /** Routes by file name; what is no route is left out. Fails when one cannot be read, which says nothing of it. */
    Map<String, FoundRoute> found() {
        Map<String, FoundRoute> found = new LinkedHashMap<>();
        List<String> names = files.routeNames();
        for (String name : names) {
            seen.of(name, files.path(name), this::route).ifPresent(route -> found.put(name, route));
        }
        seen.keep(Set.copyOf(names));
        return found;
    }

    private Optional<FoundRoute> route(String name) {
        return files.read(name)
                .flatMap(content -> RouteFile.parse(name, content).map(route -> new FoundRoute(content, route)));
    }

    static Map<OrganizationId, Route> routes(Map<String, FoundRoute> found) {
        Map<OrganizationId, Route> routes = new LinkedHashMap<>();
        found.values().forEach(each -> routes.put(each.route().organization(), each.route()));
        return routes;
    }

    /** Moves aside what is no route by its name, which costs no reading. */
    void rejectStrangers() {
        reject(file -> !RouteFile.isOurs(RouteFile.DIRECTORY + "/" + file.getFileName()));
    }

    /** Moves aside everything but these files. */
    void rejectAllBut(Set<String> names) {
        reject(file -> !names.contains(RouteFile.DIRECTORY + "/" + file.getFileName()));
    }

    private void reject(Predicate<Path> stranger) {
        try {
            for (Path file : list()) {
                if (stranger.test(file)) {
                    rejected.take(file);
                }
            }
        } catch (IOException e) {
            throw new EdgeException("the edge's routes cannot be cleared of what is none", e);
        }
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> all = Files.list(files.path(RouteFile.DIRECTORY))) {
            return all.toList();
        } catch (NoSuchFileException notPreparedYet) {
            return List.of();
        }
    }
}
