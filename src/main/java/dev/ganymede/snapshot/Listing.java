package dev.ganymede.snapshot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** What is in a directory that somebody else may fill with what he likes: so much of it at most. Links are not followed. */
final class Listing {

    private static final Logger LOG = Logger.getLogger(Listing.class);
    private static final int MAX_ENTRIES = 10_000;

    private Listing() {}

    /** The directories in a directory. */
    static List<Path> directories(Path parent) throws IOException {
        return entries(parent).stream()
                .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** All that is in it; nothing, if it is no directory. */
    static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return entries;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path entry : all) {
                if (entries.size() == MAX_ENTRIES) {
                    LOG.warnf("%s has more than %d entries; the rest is not looked at", directory, MAX_ENTRIES);
                    break;
                }
                entries.add(entry);
            }
        }
        return entries;
    }

    static String name(Path file) {
        return file.getFileName().toString();
    }
}
