package dev.ganymede.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The certificates in an operator's directory: {@code <any>.pem} holds key and chain, {@code <any>.crt} the chain of the key in {@code <any>.key}. Blocking; one call
 * at a time. A file is read again when its size or time has changed.
 */
final class SuppliedDirectory {

    private static final int MAX_FILES = 50_000;

    /** What is in it. */
    record Reading(List<SuppliedCertificate> certificates, Map<String, String> problems) {}

    private record Stamp(long sizeBytes, FileTime modified) {}

    private record Seen(List<Stamp> stamps, Optional<SuppliedCertificate> certificate, Optional<String> problem) {}

    private final Path directory;
    private Map<Path, Seen> seen = Map.of();

    SuppliedDirectory(Path directory) {
        this.directory = directory;
    }

    Reading read() {
        Map<Path, Seen> now = new HashMap<>();
        Map<String, String> problems = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(SuppliedDirectory::holdsChain)
                    .limit(MAX_FILES)
                    .forEach(file -> now.put(file, look(file, keyFile(file))));
        } catch (NoSuchFileException absent) {
            problems.put(directory.toString(), "there is no such directory");
        } catch (IOException e) {
            problems.put(directory.toString(), "it cannot be listed: " + e.getMessage());
            return new Reading(certificates(seen), problems);
        }
        seen = now;
        now.forEach((file, found) -> found.problem()
                .ifPresent(problem -> problems.put(file.getFileName().toString(), problem)));
        return new Reading(certificates(now), problems);
    }

    private Seen look(Path chainFile, Path keyFile) {
        try {
            List<Stamp> stamps = List.of(stamp(chainFile), stamp(keyFile));
            Seen before = seen.get(chainFile);
            return before != null && before.stamps().equals(stamps)
                    ? before
                    : new Seen(stamps, Optional.of(SuppliedCertificate.read(keyFile, chainFile)), Optional.empty());
        } catch (NoSuchFileException absent) {
            return unusable("there is no " + keyFile.getFileName());
        } catch (IOException | CertificateException unreadable) {
            return unusable(unreadable.getMessage());
        }
    }

    /** Without stamps: it is looked at again, in case it was being written. */
    private static Seen unusable(String problem) {
        return new Seen(List.of(), Optional.empty(), Optional.of(problem));
    }

    private static List<SuppliedCertificate> certificates(Map<Path, Seen> files) {
        return files.values().stream()
                .flatMap(file -> file.certificate().stream())
                .toList();
    }

    private static boolean holdsChain(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".pem") || name.endsWith(".crt")) && !Files.isDirectory(file);
    }

    private static Path keyFile(Path chainFile) {
        String name = chainFile.getFileName().toString();
        return name.endsWith(".crt") ? chainFile.resolveSibling(name.replaceAll("crt$", "key")) : chainFile;
    }

    private static Stamp stamp(Path file) throws IOException {
        return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
    }
}
