package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.LifeId;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RescueFileTest {

    private static final String ORGANIZATION = "11111111-2222-3333-4444-555555555555";
    private static final String BEGINNING = "unsent-" + ORGANIZATION;
    private static final String NAME = BEGINNING + "-7-2025-01-15T10-30-00-123Z.json";
    private static final LifeId LIFE = new LifeId(UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"));

    @Test
    void saysWhoseItIs() {
        RescueFile file = RescueFile.leftBehind("gw-pool-3", LIFE, NAME).orElseThrow();
        assertThat(file.organization()).hasToString(ORGANIZATION);
        assertThat(file.generation().value()).isEqualTo(7);
        assertThat(file.takenName()).isEqualTo("gw-pool-3." + LIFE + "." + NAME);
        assertThat(RescueFile.taken(file.takenName())).isEqualTo(Optional.of(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                BEGINNING + "-0-2025-01-15T10-30-00Z.json",
                BEGINNING + "-07-2025-01-15T10-30-00Z.json",
                BEGINNING + "-9999999999999999999-2025-01-15T10-30-00Z.json",
                BEGINNING + "-7-2025-01-15T10-30-00Z.json.123.draft",
                BEGINNING + "-7-../../../../etc/passwd.json",
                BEGINNING + "-7-2025-01-15T10-30-00Z.json\n",
                "unsent-../7-2025-01-15T10-30-00Z.json",
                "." + BEGINNING + "-7-2025-01-15T10-30-00Z.json"
            })
    void knowsNoOtherNames(String name) {
        assertThat(RescueFile.leftBehind("gw-pool-3", LIFE, name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a.b", "a/b", "-x"})
    void knowsNoOtherGateways(String gateway) {
        assertThat(RescueFile.leftBehind(gateway, LIFE, NAME)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".imported", ".refused", ".before_20250115_103000"})
    void whatIsDoneIsNotTakenAgain(String ending) {
        assertThat(RescueFile.taken("gw-pool-3." + LIFE + "." + NAME + ending)).isEmpty();
        assertThat(RescueFile.leftBehind("gw-pool-3", LIFE, NAME + ending)).isEmpty();
    }
}
