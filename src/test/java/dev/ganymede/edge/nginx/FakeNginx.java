package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Loads a directory as nginx would: what it serves is what stood in the files at the last reload that worked. */
final class FakeNginx implements NginxControl {

    private final EdgeFiles files;
    private boolean running = true;
    private boolean refuses;
    private int failingReloads;
    private int halfwayReloads;
    private int reloads;
    private int silences;
    private Optional<String> version = Optional.empty();
    private Map<String, String> served = new TreeMap<>();
    private FakeRouteTable table = new FakeRouteTable();

    FakeNginx(EdgeFiles files) {
        this.files = files;
    }

    void stop() {
        running = false;
    }

    /** As a start after it was killed: loads what the directory says. */
    void start() {
        running = true;
        table = new FakeRouteTable();
        load();
    }

    void refuseConfigurations(boolean refuse) {
        refuses = refuse;
    }

    /** The next reloads change nothing: nginx goes on with what it has. */
    void failReloads(int next) {
        failingReloads = next;
    }

    /** The next reloads, before those of {@link #failReloads}, load the configuration, and only their proof fails. */
    void failReloadsHalfway(int next) {
        halfwayReloads = next;
    }

    /** The next questions go to a worker that retires. */
    void staySilent(int questions) {
        silences = questions;
    }

    int reloads() {
        return reloads;
    }

    /** Route files as of the last load: name → content. */
    Map<String, String> served() {
        return served;
    }

    @Override
    public void check(Path configuration) {
        if (!Files.exists(configuration)) {
            throw new EdgeException("nginx finds no configuration " + configuration);
        }
        if (refuses || !includesRoutesOnly()) {
            throw new RefusedByNginx("unknown directive");
        }
    }

    /** What the candidate includes for the map: one line for each file. */
    private boolean includesRoutesOnly() {
        if (!Files.exists(files.path("staging/routes.list"))) {
            return true;
        }
        return text("staging/routes.list")
                .lines()
                .map(line -> line.replaceAll("^include |;$", ""))
                .allMatch(name -> files.read(name)
                        .flatMap(content -> RouteFile.parse(name.replace("staging/", ""), content))
                        .isPresent());
    }

    @Override
    public FakeRouteTable table() {
        return table;
    }

    @Override
    public void tidy() {}

    @Override
    public boolean running() {
        return running;
    }

    @Override
    public boolean listed() {
        return running;
    }

    @Override
    public Optional<String> version() {
        return running && silences-- <= 0 ? version : Optional.empty();
    }

    @Override
    public void reload(String wanted) {
        if (halfwayReloads > 0) {
            halfwayReloads--;
            load();
            throw new EdgeException("nobody knows whether the edge runs version " + wanted);
        }
        if (failingReloads > 0) {
            failingReloads--;
            throw new EdgeException("the edge does not run version " + wanted);
        }
        reloads++;
        load();
        if (!version.equals(Optional.of(wanted))) {
            throw new EdgeException("the files say another version");
        }
    }

    private void load() {
        served = new TreeMap<>();
        for (String name : files.routeNames()) {
            served.put(name, text(name));
        }
        version = EdgeTemplates.versionIn(text(EdgeFiles.VERSION));
        table.load(files);
    }

    private String text(String name) {
        try {
            return Files.readString(files.path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
