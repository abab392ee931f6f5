package dev.ganymede.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With OpenSSL as the verifier, and with several processes at once. */
class LocalCertificateAuthorityIT {

    @TempDir
    Path directory;

    @Test
    void opensslBelievesTheWildcardBelowAnOrganization() throws Exception {
        issue(directory);
        String organization = "org-0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11.domain.local";
        Path leaf = leafOf(directory);
        String verified =
                run("openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", root(), leaf.toString());
        assertThat(verified).endsWith(": OK");
        for (String name : List.of(organization, "uc-1." + organization)) {
            assertThat(run("openssl", "x509", "-in", leaf.toString(), "-noout", "-checkhost", name))
                    .contains("does match");
        }
        assertThat(run("openssl", "x509", "-in", leaf.toString(), "-noout", "-checkhost", "a.b." + organization))
                .contains("does NOT match");
    }

    @Test
    void processesThatStartTogetherShareOneAuthority() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LocalCertificateAuthorityIT.class.getName(),
                            directory.toString()))
                    .redirectErrorStream(true)
                    .start());
        }
        List<String> roots = new ArrayList<>();
        for (Process process : processes) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("-----BEGIN CERTIFICATE-----");
            roots.add(output.substring(output.indexOf("-----BEGIN CERTIFICATE-----")));
        }
        assertThat(roots).containsOnly(Files.readString(directory.resolve("rootCA.pem")));
    }

    /** One process of the test above. */
    public static void main(String[] arguments) {
        System.out.print(authority(Path.of(arguments[0])).rootPem().await().indefinitely());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void issue(Path directory) {
        String organization = "org-0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11.domain.local";
        authority(directory)
                .issue(List.of(organization, "*." + organization))
                .await()
                .indefinitely();
    }

    private static LocalCertificateAuthority authority(Path directory) {
        return new LocalCertificateAuthority(directory, Duration.ofDays(397), Duration.ofDays(30), Clock.systemUTC());
    }

    private static Path leafOf(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("org-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String root() {
        return directory.resolve("rootCA.pem").toString();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }
}
