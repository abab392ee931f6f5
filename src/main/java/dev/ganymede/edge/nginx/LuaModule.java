package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Asks an nginx whether it has all that the mode {@code lua} needs: nginx itself tries it, since modules of another build, or without their libraries, lie in
 * the same place as good ones. Blocking, some tens of milliseconds.
 */
final class LuaModule {

    private static final Pattern MODULES_PATH = Pattern.compile("--modules-path=(\\S+)");
    private static final List<String> FILES = List.of("ndk_http_module.so", "ngx_http_lua_module.so");
    private static final String TRIAL =
            """
            %spid nginx.pid;
            error_log stderr;
            events {
            }
            http {
                access_log off;
                client_body_temp_path tmp;
                proxy_temp_path tmp;
                fastcgi_temp_path tmp;
                uwsgi_temp_path tmp;
                scgi_temp_path tmp;
                init_by_lua_block {
                    require "resty.core"
                    require "resty.lrucache"
                    require "ngx.balancer"
                    require "ngx.ssl"
                }
            }
            """;

    private final String binary;
    private final Command command;

    LuaModule(String binary, Duration timeout) {
        this.binary = binary;
        this.command = new Command(timeout);
    }

    /** The modules that have to be loaded for it, none where they are built in; empty when it is not to be had. */
    Optional<List<Path>> find() {
        try {
            List<Path> files = files();
            return files.stream().allMatch(Files::exists) && works(files)
                    ? Optional.of(files)
                    : works(List.of()) ? Optional.of(List.of()) : Optional.empty();
        } catch (EdgeException noNginx) {
            return Optional.empty();
        }
    }

    private List<Path> files() {
        Matcher path = MODULES_PATH.matcher(command.run(List.of(binary, "-V")).output());
        Path directory = Path.of(path.find() ? path.group(1) : "/usr/lib/nginx/modules");
        return FILES.stream().map(directory::resolve).toList();
    }

    private boolean works(List<Path> modules) {
        String load =
                modules.stream().map(file -> "load_module " + file + ";\n").collect(Collectors.joining());
        try {
            Path directory = Files.createTempDirectory("ganymede-nginx");
            Path trial = directory.resolve("trial.conf");
            try {
                Files.writeString(trial, TRIAL.formatted(load));
                List<String> line =
                        List.of(binary, "-t", "-q", "-e", "stderr", "-p", directory + "/", "-c", trial.toString());
                return command.run(line).exitCode() == 0;
            } finally {
                Files.deleteIfExists(trial);
                Files.deleteIfExists(directory.resolve("nginx.pid"));
                Files.deleteIfExists(directory.resolve("tmp"));
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("nginx's modules cannot be tried", e);
        }
    }
}
