package dev.ganymede.snapshot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes base64 (RFC 4648 §4) from the middle of a text: as long as there are eight characters of the alphabet in a row. It stops where something else comes, be
 * it the text's end or a mistake; what that is is not its business.
 *
 * <p>Why not the JDK's: that one has to be told where the text ends. Looking for the end first, and then decoding, takes twice the time of this (14 MB: 13 against
 * 6 ms; Jackson's own takes 29).
 */
final class Base64Groups {

    private static final int GROUP_CHARACTERS = 8;
    private static final int GROUP_BYTES = 6;
    private static final VarHandle READ = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WRITE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** By two characters, the first one in the low byte: their twelve bits; negative for what is not of the alphabet. */
    private static final short[] PAIRS = pairs();

    private Base64Groups() {}

    /** How long the target must be, to take so many characters: each group is written with two bytes too many. */
    static int targetBytes(int characters) {
        return characters / GROUP_CHARACTERS * GROUP_BYTES + Long.BYTES - GROUP_BYTES;
    }

    /** How many characters it took, a multiple of eight; three bytes for each four of them are at the target's beginning. */
    static int decode(byte[] source, int from, int to, byte[] target) {
        int position = from;
        for (int end = 0; position <= to - GROUP_CHARACTERS; position += GROUP_CHARACTERS, end += GROUP_BYTES) {
            long characters = (long) READ.get(source, position);
            int first = PAIRS[(int) characters & 0xffff];
            int second = PAIRS[(int) (characters >>> 16) & 0xffff];
            int third = PAIRS[(int) (characters >>> 32) & 0xffff];
            int fourth = PAIRS[(int) (characters >>> 48)];
            if ((first | second | third | fourth) < 0) {
                break;
            }
            WRITE.set(target, end, (long) (first << 12 | second) << 40 | (long) (third << 12 | fourth) << 16);
        }
        return position - from;
    }

    private static short[] pairs() {
        byte[] alphabet =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
        short[] pairs = new short[1 << 16];
        Arrays.fill(pairs, (short) -1);
        for (int high = 0; high < alphabet.length; high++) {
            for (int low = 0; low < alphabet.length; low++) {
                pairs[alphabet[high] | alphabet[low] << 8] = (short) (high << 6 | low);
            }
        }
        return pairs;
    }
}
