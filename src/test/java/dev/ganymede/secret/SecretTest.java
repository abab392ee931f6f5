package dev.ganymede.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void isNeverShownByAccident() {
        Secret secret = Secret.random();
        assertThat(secret.toString()).doesNotContain(secret.value());
        assertThat(secret.hash().toString()).isEqualTo("SecretHash[hidden]");
    }

    @Test
    void has256RandomBits() {
        assertThat(Secret.random().value())
                .hasSize(43)
                .isNotEqualTo(Secret.random().value());
    }

    @Test
    void isRecognizedByItsHash() {
        Secret secret = Secret.random();
        assertThat(secret.hash().matches(secret.value())).isTrue();
        assertThat(secret.hash().matches(secret.value() + " ")).isFalse();
        assertThat(secret.hash().bytes()).hasSize(32);
    }
}
