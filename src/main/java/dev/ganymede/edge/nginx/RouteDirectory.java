package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directory of routes: what stands in it, and what has no business there. Blocking. */
final class RouteDirectory {

    private final EdgeFiles files;
    private final RejectedFiles rejected;

    RouteDirectory(EdgeFiles files, RejectedFiles rejected) {
        this.files = files;
        this.rejected = rejected;
    }

    /** Contents by file name; what is no route is left out. Fails when one cannot be read, which says nothing of it. */
    Map<String, String> contents() {
        Map<String, String> contents = new LinkedHashMap<>();
        for (String name : files.routeNames()) {
            files.read(name)
                    .filter(content -> RouteFile.parse(name, content).isPresent())
                    .ifPresent(content -> contents.put(name, content));
        }
        return contents;
    }

    /** The routes in these contents. */
    static Map<OrganizationId, Route> routes(Map<String, String> contents) {
        return contents.entrySet().stream()
                .flatMap(file -> RouteFile.parse(file.getKey(), file.getValue()).stream())
                .collect(Collectors.toMap(Route::organization, route -> route, (one, same) -> one, LinkedHashMap::new));
    }

    /** Moves aside what is no route by its name, which costs no reading. */
    void rejectStrangers() {
        reject(file -> !RouteFile.isOurs(RouteFile.DIRECTORY + "/" + file.getFileName()));
    }

    /** Moves aside everything but these files. */
    void rejectAllBut(Map<String, String> contents) {
        reject(file -> !contents.containsKey(RouteFile.DIRECTORY + "/" + file.getFileName()));
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
