package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renders nginx's files from {@code templates/nginx}. Pure: the same input gives the same text.
 *
 * <p>An engine of its own, without reflection (data is maps and strings), so that tests render what production renders.
 */
final class EdgeTemplates {

    /** Which files the main configuration reads; the staged ones while it is being tested. */
    record Includes(String pidFile, String routes, String upstreams, String version, String baseCertificate) {

        static final Includes LIVE = new Includes(
                EdgeFiles.PID, RouteFile.GLOB, EdgeFiles.UPSTREAMS, EdgeFiles.VERSION, EdgeFiles.BASE_CERTIFICATE);

        boolean live() {
            return equals(LIVE);
        }
    }

    /** Lua's part of the configuration; the same everywhere, so no templates. */
    static final List<String> LUA_FILES =
            List.of("lua/edge_certificates.lua", "lua/edge_control.lua", "lua/edge_files.lua", "lua/edge_routes.lua");

    private static final String UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    private static final Pattern VERSION = Pattern.compile("return 200 \"([^\"]+)\";\\s*");

    private final Engine engine = Engine.builder().addDefaults().build();
    private final Template main = parse("nginx.conf");
    private final Template upstreams = parse("upstreams.conf");
    private final Template version = parse("version.conf");
    private final Template signal = parse("signal.conf");

    String main(EdgeSettings settings, Includes includes) {
        String domain = settings.domain().name();
        String domainPattern = domain.replace(".", "\\.");
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("domain", domain);
        data.put("domainPattern", domainPattern);
        data.put("uuidPattern", UUID_PATTERN);
        data.put("addresses", settings.addresses());
        data.put("httpPort", settings.httpPort());
        data.put("httpsPort", settings.httpsPort());
        data.put("publicPort", settings.httpsPort() == 443 ? "" : ":" + settings.httpsPort());
        data.put("frontendDirectory", settings.frontendDirectory().toString());
        data.put(
                "replicas",
                settings.replicas().stream().map(Endpoint::authority).toList());
        data.put("workerUser", settings.workerUser());
        data.put("workerShutdownSeconds", settings.workerShutdownTimeout().toSeconds());
        data.put("bodyLimitMib", settings.limits().bodyMib());
        data.put("headerLimitKib", settings.limits().headerKib());
        data.put("requestsPerSecond", settings.limits().requestsPerSecond());
        data.put("connections", settings.limits().connections());
        data.put("hstsSeconds", settings.limits().hstsMaxAge().toSeconds());
        data.put(
                "statusSocket",
                settings.directory().resolve(EdgeFiles.STATUS_SOCKET).toString());
        data.put("pidFile", includes.pidFile());
        data.putAll(lua(settings, includes));
        data.put("routesInclude", includes.routes());
        data.put("upstreamsInclude", includes.upstreams());
        data.put("versionInclude", includes.version());
        data.put("baseCertificate", includes.baseCertificate());
        data.put("organizationServers", organizationServers(settings, includes.baseCertificate()));
        return main.data(data).render();
    }

    private static Map<String, Object> lua(EdgeSettings settings, Includes includes) {
        Map<String, Object> data = new LinkedHashMap<>();
        Path directory = settings.directory();
        String live = directory.resolve(EdgeFiles.LUA) + "/?.lua";
        String staged = directory.resolve(EdgeFiles.staged(EdgeFiles.LUA)) + "/?.lua";
        data.put("lua", settings.lua().isPresent());
        data.put(
                "modules",
                settings.lua().map(LuaSettings::modules).orElse(List.of()).stream()
                        .map(Path::toString)
                        .toList());
        data.put("routeTableMib", settings.lua().map(LuaSettings::routeTableMib).orElse(0));
        data.put(
                "certificateCache",
                settings.lua().map(LuaSettings::certificateCache).orElse(0));
        data.put("directory", directory.toString());
        data.put("luaPath", includes.live() ? live : staged + ";" + live);
        data.put("loadRoutes", includes.live());
        data.put("controlSocket", directory.resolve(EdgeFiles.CONTROL_SOCKET).toString());
        return data;
    }

    /** The text of one of {@link #LUA_FILES}. */
    String lua(String name) {
        return text(name);
    }

    /** One server for the organizations' own names, one for the names of user containers below them; they differ in the certificate. */
    private static List<Map<String, Object>> organizationServers(EdgeSettings settings, String baseCertificate) {
        boolean lua = settings.lua().isPresent();
        String organization =
                "org-" + UUID_PATTERN + "\\." + settings.domain().name().replace(".", "\\.") + "$";
        return List.of(
                Map.of(
                        "title",
                        "Organizations: one label below the domain, so the wildcard certificate covers them.",
                        "namePattern",
                        "~^" + organization,
                        "certificate",
                        baseCertificate,
                        "chosen",
                        false),
                Map.of(
                        "title",
                        "User containers: two labels below it; each organization has a certificate for them.",
                        "namePattern",
                        "~^[^.]+\\." + organization,
                        "certificate",
                        lua ? baseCertificate : "$edge_certificate",
                        "chosen",
                        lua));
    }

    /** One block for each distinct gateway, in order of their names. */
    String upstreams(Collection<Route> routes) {
        List<Map<String, String>> gateways = routes.stream()
                .map(Route::gateway)
                .distinct()
                .sorted(Comparator.comparing(Endpoint::host).thenComparing(Endpoint::port))
                .map(gateway -> Map.of("name", Gateways.upstream(gateway), "address", gateway.authority()))
                .toList();
        return upstreams.data("gateways", gateways).render();
    }

    String version(String name) {
        return version.data("version", name).render();
    }

    /** The name that {@link #version} was rendered with; empty when it is anything else. */
    static Optional<String> versionIn(String text) {
        Matcher matcher = VERSION.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    String signal() {
        return signal.render();
    }

    private Template parse(String name) {
        return engine.parse(text(name));
    }

    private static String text(String name) {
        String resource = "/templates/nginx/" + name;
        try (InputStream text = EdgeTemplates.class.getResourceAsStream(resource)) {
            if (text == null) {
                throw new IllegalStateException("template " + resource + " is missing");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("template " + resource + " cannot be read", e);
        }
    }
}
