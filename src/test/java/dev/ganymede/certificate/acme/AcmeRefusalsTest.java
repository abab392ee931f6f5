package dev.ganymede.certificate.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ganymede.certificate.OrderException;
import dev.ganymede.certificate.OrderException.Kind;
import dev.ganymede.dns.FakeDnsChallenges;
import dev.ganymede.id.Domain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcmeRefusalsTest {

    private static final List<String> NAMES = List.of("domain.local", "*.domain.local");

    @TempDir
    Path directory;

    private RateLimitingServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RateLimitingServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRateLimitSaysWhenToComeBack() {
        OrderException refused = refusal(server.acmeDirectory());

        assertThat(refused.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(refused).hasMessageContaining("too many certificates already issued");
        assertThat(refused.retryAt()).hasValueSatisfying(at -> assertThat(at)
                .isAfter(Clock.systemUTC().instant().plus(Duration.ofMinutes(50))));
    }

    @ParameterizedTest
    @CsvSource({
        "403, rejectedIdentifier, REFUSED",
        "400, malformed, REFUSED",
        "403, unauthorized, ACCOUNT",
        "400, accountDoesNotExist, ACCOUNT",
        "403, externalAccountRequired, ACCOUNT",
        "403, userActionRequired, ACCOUNT",
        "500, serverInternal, UNREACHABLE"
    })
    void everyProblemHasItsKind(int status, String problem, Kind kind) {
        server.refuseWith(status, problem);

        assertThat(refusal(server.acmeDirectory()).kind()).isEqualTo(kind);
    }

    @Test
    void nobodyThereIsUnreachable() {
        URI nowhere = server.acmeDirectory();
        server.close();

        assertThat(refusal(nowhere).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    private OrderException refusal(URI acmeDirectory) {
        AcmeAuthority authority = new AcmeAuthority(
                AcmeSettings.of(acmeDirectory),
                directory,
                Optional.empty(),
                new FakeDnsChallenges(new Domain("domain.local")));
        return catchThrowableOfType(
                OrderException.class, () -> authority.place(NAMES).await().atMost(Duration.ofSeconds(30)));
    }
}
