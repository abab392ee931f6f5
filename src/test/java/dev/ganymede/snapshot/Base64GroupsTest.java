package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base64GroupsTest {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final Random random = new Random(1);

    @Test
    void decodesLikeTheJdk() {
        for (int size = 0; size < 2_000; size++) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            byte[] text = Base64.getEncoder().encode(content);
            byte[] target = new byte[Base64Groups.targetBytes(text.length)];
            int taken = Base64Groups.decode(text, 0, text.length, target);
            assertThat(taken).isEqualTo(size % 3 == 0 || text.length % 8 != 0 ? text.length / 8 * 8 : text.length - 8);
            assertThat(Arrays.copyOf(target, taken / 4 * 3)).isEqualTo(Arrays.copyOf(content, taken / 4 * 3));
        }
    }

    @Test
    void encodesLikeTheJdkAllButTheRest() {
        for (int size = 0; size < 2_000; size++) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            byte[] target = new byte[size / 3 * 4];
            int taken = Base64Groups.encode(content, size, target);
            assertThat(taken % 6).isZero();
            assertThat(size - taken).isLessThan(8);
            assertThat(Arrays.copyOf(target, taken / 3 * 4))
                    .isEqualTo(Base64.getEncoder().encode(Arrays.copyOf(content, taken)));
        }
    }

    @Test
    void stopsBeforeTheGroupInWhichAnyOtherCharacterIs() {
        for (int character = 0; character < 256; character++) {
            for (int place = 0; place < 24; place++) {
                byte[] text = "QUJDREVGR0hJSktMTU5PUFFS".getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) character;
                boolean known = character < 128 && ALPHABET.indexOf(character) >= 0;
                int taken = Base64Groups.decode(text, 0, text.length, new byte[Base64Groups.targetBytes(24)]);
                assertThat(taken).as("%d at %d", character, place).isEqualTo(known ? 24 : place / 8 * 8);
            }
        }
    }

    @Test
    void readsNothingOutsideItsPart() {
        byte[] text = "\"\"\"QUJDREVG\"\"\"".getBytes(StandardCharsets.US_ASCII);
        byte[] target = new byte[Base64Groups.targetBytes(8)];
        assertThat(Base64Groups.decode(text, 3, 11, target)).isEqualTo(8);
        assertThat(new String(target, 0, 6, StandardCharsets.US_ASCII)).isEqualTo("ABCDEF");
        assertThat(Base64Groups.decode(text, 3, 10, target)).isZero();
        assertThat(Base64Groups.decode(text, 3, 3, new byte[2])).isZero();
    }
}
