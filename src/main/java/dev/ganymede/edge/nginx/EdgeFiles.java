package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The edge's directory as files by relative name. Blocking. Content is staged beside the live files, forced to the disk, and promoted by a rename.
 */
final class EdgeFiles {

    static final String MAIN = "nginx.conf";
    static final String CANDIDATE = "candidate.conf";
    static final String SIGNAL = "signal.conf";
    static final String UPSTREAMS = "upstreams.conf";
    static final String VERSION = "version.conf";
    static final String CERTIFICATES = "certs";
    static final String BASE_CERTIFICATE = CERTIFICATES + "/base.pem";
    static final String STAGING = "staging";
    static final String STATUS_SOCKET = "status.sock";
    static final String PID = "nginx.pid";
    static final String ROUTES_VERSION = "routes.version";
    static final String LUA = "lua";
    static final String CONTROL = "control";
    static final String CONTROL_SOCKET = CONTROL + "/lua.sock";
    static final String LOCK = "lock";

    private static final Logger LOG = Logger.getLogger(EdgeFiles.class);
    /** Far above the largest file of ours: something else is not read into memory. */
    private static final long MAX_SIZE_BYTES = 16 * 1024 * 1024;

    private final Path root;
    private final String workerUser;
    private final Reading reading;

    EdgeFiles(Path root, String workerUser) {
        this(root, workerUser, Files::readString);
    }

    EdgeFiles(Path root, String workerUser, Reading reading) {
        this.root = root;
        this.workerUser = workerUser;
        this.reading = reading;
    }

    Path path(String name) {
        return root.resolve(name);
    }

    /** Makes the directories, and clears what a killed change left in the staging one. */
    void prepare() {
        attempt("prepare", root.toString(), () -> {
            for (String directory : List.of(RouteFile.DIRECTORY, CERTIFICATES, LUA, CONTROL, "logs", "tmp", STAGING)) {
                Files.createDirectories(path(directory));
            }
            for (String directory : List.of(RouteFile.DIRECTORY, CERTIFICATES, LUA)) {
                Files.createDirectories(path(STAGING).resolve(directory));
            }
            clear();
            setPermissions();
        });
    }

    /** Whether the directories for a change of routes stand. */
    boolean arePrepared() {
        return Files.isDirectory(path(staged(RouteFile.DIRECTORY))) && Files.isDirectory(path(RouteFile.DIRECTORY));
    }

    /** Changes whenever a route comes, goes or is replaced by a rename; empty when there is no such directory. */
    Optional<FileTime> routesModified() {
        try {
            return Optional.of(Files.getLastModifiedTime(path(RouteFile.DIRECTORY)));
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    /** Removes what a change that failed left behind; it may have been room on the disk that it failed for. */
    void discardStaged() {
        attempt("clear", STAGING, this::clear);
    }

    private void clear() throws IOException {
        Files.deleteIfExists(path(CANDIDATE));
        try (Stream<Path> leftovers = Files.walk(path(STAGING))) {
            for (Path file : leftovers.filter(file -> !Files.isDirectory(file)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Empty when there is no such file, or none of ours: no regular one, too large, no text. That the disk or the system does not give its content says nothing of
     * the file, and fails.
     */
    Optional<String> read(String name) {
        Path file = path(name);
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile() || found.size() > MAX_SIZE_BYTES) {
                LOG.warnf("edge file %s is no file, or too large to be ours", file);
                return Optional.empty();
            }
            return Optional.of(reading.text(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (CharacterCodingException binary) {
            LOG.warnf("edge file %s is no text", file);
            return Optional.empty();
        } catch (IOException failure) {
            throw new EdgeException("could not read the edge's file " + name, failure);
        }
    }

    /** Names of all route files, {@code routes/<uuid>.map}; others in the directory are left out. */
    List<String> routeNames() {
        try (Stream<Path> files = Files.list(path(RouteFile.DIRECTORY))) {
            return files.map(file -> RouteFile.DIRECTORY + "/" + file.getFileName())
                    .filter(RouteFile::isOurs)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException notPreparedYet) {
            return List.of();
        } catch (IOException e) {
            throw new EdgeException("the edge's routes cannot be listed", e);
        }
    }

    /** Writes the file aside; readers of the live one see nothing. */
    void stage(String name, String content) {
        attempt("stage", name, () -> {
            Path file = path(staged(name));
            boolean secret = name.startsWith(CERTIFICATES + "/");
            DurableFiles.write(file, content.getBytes(StandardCharsets.UTF_8), secret ? "rw-r-----" : "rw-r--r--");
            if (secret) {
                giveToWorkers(file);
            }
        });
    }

    static String staged(String name) {
        return STAGING + "/" + name;
    }

    /** The staged file takes its live name; durable after {@link #force}. */
    void promote(String name) {
        attempt("replace", name, () -> DurableFiles.move(path(staged(name)), path(name)));
    }

    /** Replaces a live file that belongs to no change, in one step. */
    void replace(String name, String content) {
        attempt(
                "replace",
                name,
                () -> DurableFiles.replace(path(name), content.getBytes(StandardCharsets.UTF_8), "rw-r--r--"));
    }

    /** A few bytes over those that stand there: no new file, nothing forced to the disk. */
    void overwrite(String name, String content) {
        attempt("overwrite", name, () -> {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            try (FileChannel file = FileChannel.open(path(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(bytes));
                if (file.size() > bytes.length) {
                    file.truncate(bytes.length);
                }
            }
        });
    }

    /** A file that nothing but the running change reads, and that need not survive a crash. */
    void writeScratch(String name, String content) {
        attempt("write", name, () -> Files.writeString(path(name), content));
    }

    /** Durable after {@link #force}. */
    void remove(String name) {
        attempt("remove", name, () -> Files.deleteIfExists(path(name)));
    }

    /** Makes what was promoted and removed survive a crash of the machine. */
    void force() {
        attempt("force", root.toString(), () -> {
            for (String directory : List.of(RouteFile.DIRECTORY, CERTIFICATES, LUA, "")) {
                DurableFiles.force(path(directory));
            }
        });
    }

    /** The same for the routes alone. */
    void forceRoutes() {
        attempt("force", RouteFile.DIRECTORY, () -> DurableFiles.force(path(RouteFile.DIRECTORY)));
    }

    /** Certificates are read at each handshake by the workers, who are not root: their group may, nobody else. */
    private void setPermissions() throws IOException {
        Path directory = path(CERTIFICATES);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        giveToWorkers(directory);
        Files.setPosixFilePermissions(path(STAGING), PosixFilePermissions.fromString("rwx------"));
        // who can open the socket in it can send anybody's visitors anywhere
        Files.setPosixFilePermissions(path(CONTROL), PosixFilePermissions.fromString("rwx------"));
        // the workers keep bodies in directories of their own below it
        Files.setPosixFilePermissions(path("tmp"), PosixFilePermissions.fromString("rwx--x--x"));
    }

    void giveToWorkers(Path file) throws IOException {
        if (workerUser.isEmpty()) {
            return;
        }
        try {
            GroupPrincipal group =
                    root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(workerUser);
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group);
        } catch (UserPrincipalNotFoundException e) {
            throw new FileSystemException(file.toString(), null, "there is no group " + workerUser);
        }
    }

    /** How a file's text is read; tests fail there as a disk would. */
    @FunctionalInterface
    interface Reading {
        String text(Path file) throws IOException;
    }

    private interface FileWork {
        void run() throws IOException;
    }

    private static void attempt(String verb, String name, FileWork work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new EdgeException("could not " + verb + " the edge's file " + name, e);
        }
    }
}
