package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuaModuleTest {

    @TempDir
    Path directory;

    @Test
    void isNotToBeHadWithoutAnNginx() {
        assertThat(module("/no/such/nginx").find()).isEmpty();
    }

    @Test
    void isNotToBeHadWhenNginxRefusesIt() {
        assertThat(module("/bin/false").find()).isEmpty();
    }

    @Test
    void needsNoFilesWhereItIsBuiltIn() throws IOException {
        Path nginx = Files.writeString(
                directory.resolve("nginx"), "#!/bin/sh\necho 'configure arguments: --modules-path=/no/such/modules'\n");
        Files.setPosixFilePermissions(nginx, PosixFilePermissions.fromString("rwx------"));
        assertThat(module(nginx.toString()).find()).contains(List.of());
    }

    private static LuaModule module(String binary) {
        return new LuaModule(binary, Duration.ofSeconds(10));
    }
}
