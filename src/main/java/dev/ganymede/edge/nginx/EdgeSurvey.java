package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares the directory with what a batch wants there. What does not belong there is moved aside on the way: nothing of it may reach nginx.
 *
 * <p>Moved aside is only what was seen to be wrong: what cannot be read, as when files or disks run out, fails the batch and stays.
 *
 * <p>Blocking; only under the directory's lock.
 */
final class EdgeSurvey {

    private static final List<String> NO_ROUTES = List.of(
            EdgeFiles.MAIN, EdgeFiles.SIGNAL, EdgeFiles.UPSTREAMS, EdgeFiles.VERSION, EdgeFiles.BASE_CERTIFICATE);

    private static final List<String> LUA_ONLY = Stream.concat(
                    Stream.of(EdgeFiles.ROUTES_VERSION), EdgeTemplates.LUA_FILES.stream())
            .toList();

    private final EdgeSettings settings;
    private final EdgeTemplates templates;
    private final EdgeFiles files;
    private final RouteDirectory routes;
    private final RejectedFiles rejected;

    EdgeSurvey(EdgeSettings settings, EdgeTemplates templates, EdgeFiles files, RejectedFiles rejected, Clock clock) {
        this.settings = settings;
        this.templates = templates;
        this.files = files;
        this.routes = new RouteDirectory(files, rejected, clock);
        this.rejected = rejected;
    }

    /** The routes as the files say; what is none is left out. */
    Map<OrganizationId, Route> published() {
        return RouteDirectory.routes(routes.found());
    }

    /** Reads the files of these organizations only. */
    FileEdits edits(Map<OrganizationId, Optional<Route>> changes) {
        Map<String, Optional<String>> wanted = new LinkedHashMap<>();
        changes.forEach((organization, route) -> wanted.put(RouteFile.name(organization), route.map(RouteFile::text)));
        return FileEdits.between(read(wanted), wanted);
    }

    /** Reads only what the batch is about; for the rest, what is remembered stands. */
    EdgePlan quick(Batch batch, Map<OrganizationId, Route> remembered) {
        routes.rejectStrangers();
        Map<OrganizationId, Route> after = batch.appliedTo(remembered);
        Map<String, Optional<String>> wanted = wanted(batch, after);
        batch.routes()
                .forEach((organization, route) -> wanted.put(RouteFile.name(organization), route.map(RouteFile::text)));
        return plan(after, read(wanted), wanted);
    }

    /** Reads everything, so that whatever was altered by hand becomes what is remembered, or without a memory what can be read. */
    EdgePlan thorough(Batch batch, Optional<Map<OrganizationId, Route>> remembered) {
        rejectWhatIsNoFile();
        Map<String, FoundRoute> found = routes.found();
        routes.rejectAllBut(found.keySet());
        Map<OrganizationId, Route> after = batch.appliedTo(remembered.orElseGet(() -> RouteDirectory.routes(found)));
        Map<String, Optional<String>> wanted = wanted(batch, after);
        Map<String, String> current = read(wanted);
        found.forEach((name, route) -> {
            current.put(name, route.content());
            wanted.put(name, Optional.empty());
        });
        after.forEach(
                (organization, route) -> wanted.put(RouteFile.name(organization), Optional.of(RouteFile.text(route))));
        return plan(after, current, wanted);
    }

    private static EdgePlan plan(
            Map<OrganizationId, Route> after, Map<String, String> current, Map<String, Optional<String>> wanted) {
        return new EdgePlan(Map.copyOf(after), FileEdits.between(current, wanted));
    }

    /** Everything but the routes, in the order of writing. */
    private Map<String, Optional<String>> wanted(Batch batch, Map<OrganizationId, Route> after) {
        Map<String, Optional<String>> wanted = new LinkedHashMap<>();
        // in mode lua the routes say it themselves
        wanted.put(
                EdgeFiles.UPSTREAMS,
                settings.lua().isPresent() ? Optional.empty() : Optional.of(templates.upstreams(after.values())));
        batch.basePem().ifPresent(pem -> {
            if (settings.lua().isPresent()) {
                EdgeTemplates.LUA_FILES.forEach(name -> wanted.put(name, Optional.of(templates.lua(name))));
            }
            wanted.put(EdgeFiles.BASE_CERTIFICATE, Optional.of(pem));
            wanted.put(EdgeFiles.SIGNAL, Optional.of(templates.signal()));
            wanted.put(EdgeFiles.MAIN, Optional.of(templates.main(settings, EdgeTemplates.Includes.LIVE)));
        });
        return wanted;
    }

    private Map<String, String> read(Map<String, Optional<String>> wanted) {
        Map<String, String> current = new LinkedHashMap<>();
        for (String name : wanted.keySet()) {
            files.read(name).ifPresent(content -> current.put(name, content));
        }
        return current;
    }

    private List<String> noRoutes() {
        return settings.lua().isPresent()
                ? Stream.concat(LUA_ONLY.stream(), NO_ROUTES.stream()).toList()
                : NO_ROUTES;
    }

    /** A directory, say, in the place of one of our files: no rename could replace it. */
    private void rejectWhatIsNoFile() {
        try {
            for (String name : noRoutes()) {
                Path file = files.path(name);
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    rejected.take(file);
                }
            }
        } catch (IOException e) {
            throw new EdgeException("the edge's directory cannot be cleared of what is no file", e);
        }
    }
}
