package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.ganymede.container.CreateResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "driver failed programming external connectivity on endpoint gw-pool-0 (8c…): Bind for 127.0.0.1:7100 failed: port is already allocated",
                "driver failed programming external connectivity on endpoint gw-pool-0: Error starting userland proxy: listen tcp4 127.0.0.1:7100: bind: address already in use",
                "failed to set up container networking: failed to bind host port for 0.0.0.0:49100:172.17.0.2:49100/udp: Address already in use"
            })
    void aPortInUseIsToldByTheEnginesWords(String message) {
        assertThat(Refusal.ofStart(new InternalServerErrorException(json(message))))
                .isEqualTo(new CreateResult.PortTaken(message));
    }

    @Test
    void aNameInUseIsAConflictOfNames() {
        String message = "Conflict. The container name \\\"/gw-pool-0\\\" is already in use by container \\\"3f\\\".";

        assertThat(Refusal.ofCreate(new ConflictException(json(message)), "gw-pool-0"))
                .isEqualTo(new CreateResult.NameTaken("gw-pool-0"));
    }

    @Test
    void aMissingImageIsRefusedInOneLine() {
        assertThat(Refusal.ofCreate(new NotFoundException(json("No such image: gateway:latest")), "gw-pool-0"))
                .isEqualTo(new CreateResult.Refused("No such image: gateway:latest"));
    }

    @Test
    void aReasonIsOneBoundedLine() {
        String reason = Refusal.reason(new InternalServerErrorException("<html>\n" + "x".repeat(1_000)));

        assertThat(reason).hasSizeLessThan(320).doesNotContain("\n");
    }

    private static String json(String message) {
        return "{\"message\":\"" + message + "\"}\n";
    }
}
