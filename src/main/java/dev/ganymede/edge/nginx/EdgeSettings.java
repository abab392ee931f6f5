package dev.ganymede.edge.nginx;

import dev.ganymede.id.Domain;
import dev.ganymede.id.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the configuration is rendered from, checked: all of it is written into nginx's files, where a quote or a semicolon would be a directive.
 *
 * @param addresses IP addresses to listen on, as nginx writes them (IPv6 in brackets)
 * @param replicas where the HTTP ports of Ganymede's processes are reached from the edge
 * @param workerUser empty when nginx is not started by root, who alone can change users
 * @param lua without it, nginx is reloaded for each change of a route
 */
record EdgeSettings(
        Domain domain,
        Path directory,
        Path frontendDirectory,
        List<String> addresses,
        int httpPort,
        int httpsPort,
        List<Endpoint> replicas,
        String workerUser,
        EdgeLimits limits,
        Duration workerShutdownTimeout,
        Optional<LuaSettings> lua) {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[(?=.*:.*:)[0-9a-f:.]+]");
    private static final Pattern AUTHORITY = Pattern.compile("(?:\\[([0-9a-f:.]+)]|([0-9a-zA-Z.-]+)):([0-9]{1,5})");
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]*|");
    // nginx has no way to escape a dollar sign
    private static final Pattern PATH = Pattern.compile("/[^\"\\\\$;{}\\p{Cntrl}]*");
    /** {@code sun_path} of a unix socket has 108 bytes. */
    private static final int MAX_DIRECTORY_LENGTH = 90;

    private static final int MAX_REPLICAS = 64;

    EdgeSettings {
        directory = directory.toAbsolutePath().normalize();
        frontendDirectory = frontendDirectory.toAbsolutePath().normalize();
        addresses = addresses.stream().map(EdgeSettings::bracketed).distinct().toList();
        require(!addresses.isEmpty(), "ganymede.edge.listen-addresses is empty");
        addresses.forEach(address -> require(
                ADDRESS.matcher(address).matches(), "ganymede.edge.listen-addresses: not an address: " + address));
        replicas = replicas.stream().distinct().toList();
        require(
                !replicas.isEmpty() && replicas.size() <= MAX_REPLICAS,
                "ganymede.edge.ganymede-addresses has 1 to " + MAX_REPLICAS + " addresses");
        require(USER.matcher(workerUser).matches(), "ganymede.edge.worker-user is not a user: " + workerUser);
        require(isUsable(frontendDirectory), "nginx cannot quote the path " + frontendDirectory);
        require(isUsable(directory), "nginx cannot quote the path " + directory);
        require(
                directory.toString().length() <= MAX_DIRECTORY_LENGTH,
                "ganymede.edge.directory has more than " + MAX_DIRECTORY_LENGTH
                        + " characters, too many for a socket in it");
    }

    /** Where the first listening address is reached from this machine. */
    String reachableAddress() {
        return switch (addresses.get(0)) {
            case "0.0.0.0" -> "127.0.0.1";
            case "[::]" -> "::1";
            default -> addresses.get(0).replace("[", "").replace("]", "");
        };
    }

    /** {@code host:port}, an IPv6 address in brackets; refused when it is anything else. */
    static Endpoint replica(String address) {
        Matcher parts = AUTHORITY.matcher(address.trim());
        require(parts.matches(), "ganymede.edge.ganymede-addresses: not host:port: " + address);
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        try {
            return new Endpoint(host, Integer.parseInt(parts.group(3)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("ganymede.edge.ganymede-addresses: " + e.getMessage(), e);
        }
    }

    private static String bracketed(String address) {
        String trimmed = address.trim();
        return trimmed.indexOf(':') >= 0 && !trimmed.startsWith("[") ? "[" + trimmed + "]" : trimmed;
    }

    private static boolean isUsable(Path path) {
        return PATH.matcher(path.toString()).matches();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
