package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The organizations' certificates, {@code certs/org-<uuid>.pem}: read by nginx at each handshake, so they need neither staging nor a reload. Blocking, safe for
 * concurrent use, also by several processes.
 *
 * <p>A file's time says when its organization was last seen to have a route.
 */
final class CertificateFiles {

    /** What changes when somebody touches a file. */
    record Stamp(long sizeBytes, FileTime modified, String permissions) {}

    private static final String PERMISSIONS = "rw-r-----";
    private static final Pattern OURS =
            Pattern.compile("org-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\.pem");
    private static final Pattern LEFT_BEHIND = Pattern.compile("\\.org-[0-9a-f-]{36}\\.pem\\.[0-9a-f-]{36}");

    private final EdgeFiles files;
    private final Consumer<OrganizationId> replaced;

    /** For a nginx that reads them at each handshake. */
    CertificateFiles(EdgeFiles files) {
        this(files, organization -> {});
    }

    /** @param replaced told when another certificate takes the place of one */
    CertificateFiles(EdgeFiles files, Consumer<OrganizationId> replaced) {
        this.files = files;
        this.replaced = replaced;
    }

    static String name(OrganizationId organization) {
        return EdgeFiles.CERTIFICATES + "/org-" + organization + ".pem";
    }

    /** Empty when there is none. */
    Optional<Stamp> stamp(OrganizationId organization) {
        try {
            PosixFileAttributes found = Files.readAttributes(path(organization), PosixFileAttributes.class);
            return Optional.of(new Stamp(
                    found.size(), found.lastModifiedTime(), found.permissions().toString()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Puts it there in one step, as of now. */
    Stamp put(OrganizationId organization, String pem, Instant now) {
        Path file = path(organization);
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(file.getParent());
            boolean replaces = Files.exists(file);
            try {
                DurableFiles.write(fresh, pem.getBytes(StandardCharsets.UTF_8), PERMISSIONS);
                files.giveToWorkers(fresh);
                Files.setLastModifiedTime(fresh, FileTime.from(now));
                DurableFiles.move(fresh, file);
            } finally {
                Files.deleteIfExists(fresh);
            }
            DurableFiles.force(file.getParent());
            if (replaces) {
                replaced.accept(organization);
            }
        } catch (IOException e) {
            throw new EdgeException("the certificate of organization " + organization + " cannot be written", e);
        }
        return stamp(organization)
                .orElseThrow(() -> new EdgeException("the certificate of organization " + organization + " vanished"));
    }

    /** Organizations whose certificate nobody has needed since then. */
    List<OrganizationId> unusedSince(Instant then) {
        try (Stream<Path> all = Files.list(files.path(EdgeFiles.CERTIFICATES))) {
            return all.filter(file -> isOlderThan(file, then))
                    .map(file -> OURS.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> OrganizationId.parse(name.group(1)))
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new EdgeException("the edge's certificates cannot be listed", e);
        }
    }

    /** Removes it unless it has been used since then after all. */
    void removeUnused(OrganizationId organization, Instant then) {
        try {
            if (isOlderThan(path(organization), then)) {
                Files.deleteIfExists(path(organization));
            }
        } catch (IOException e) {
            throw new EdgeException("the certificate of organization " + organization + " cannot be removed", e);
        }
    }

    /** Removes what a process that was killed had not given its name yet. */
    void removeLeftBehind(Instant before) {
        try (Stream<Path> all = Files.list(files.path(EdgeFiles.CERTIFICATES))) {
            for (Path file : all.filter(file ->
                            LEFT_BEHIND.matcher(file.getFileName().toString()).matches() && isOlderThan(file, before))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new EdgeException("the edge's certificates cannot be cleared of what was left behind", e);
        }
    }

    private Path path(OrganizationId organization) {
        return files.path(name(organization));
    }

    private static boolean isOlderThan(Path file, Instant then) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(then);
        } catch (IOException gone) {
            return false;
        }
    }
}
