package dev.ganymede.snapshot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Base64 (RFC 4648 §4) by groups of eight characters, from and to the middle of a text. Decoding stops where something else than the alphabet comes, be it the
 * text's end or a mistake; what that is is not its business.
 *
 * <p>Why not the JDK's: for decoding, that one has to be told where the text ends. Looking for the end first, and then decoding, takes twice the time of this (14
 * MB: 13 against 6 ms; Jackson's own takes 29). For encoding it takes twice the time, too (8 MB: 11 against 5 ms).
 */
final class Base64Groups {

    private static final int GROUP_CHARACTERS = 8;
    private static final int GROUP_BYTES = 6;
    // the first character in the low byte, the first bit in the high one
    private static final VarHandle CHARACTERS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BITS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    /** By two characters, the first one in the low byte: their twelve bits; negative for what is not of the alphabet. */
    private static final short[] BITS_OF_PAIR = bitsOfPair();

    /** By twelve bits: their two characters, the first one in the low byte. */
    private static final short[] PAIR_OF_BITS = pairOfBits();

    private Base64Groups() {}

    /** How long the target must be, to decode so many characters: each group is written with two bytes too many. */
    static int targetBytes(int characters) {
        return characters / GROUP_CHARACTERS * GROUP_BYTES + Long.BYTES - GROUP_BYTES;
    }

    /** How many characters it took, a multiple of eight; three bytes for each four of them are at the target's beginning. */
    static int decode(byte[] source, int from, int to, byte[] target) {
        int position = from;
        for (int end = 0; position <= to - GROUP_CHARACTERS; position += GROUP_CHARACTERS, end += GROUP_BYTES) {
            long characters = (long) CHARACTERS.get(source, position);
            int first = BITS_OF_PAIR[(int) characters & 0xffff];
            int second = BITS_OF_PAIR[(int) (characters >>> 16) & 0xffff];
            int third = BITS_OF_PAIR[(int) (characters >>> 32) & 0xffff];
            int fourth = BITS_OF_PAIR[(int) (characters >>> 48)];
            if ((first | second | third | fourth) < 0) {
                break;
            }
            BITS.set(target, end, (long) (first << 12 | second) << 40 | (long) (third << 12 | fourth) << 16);
        }
        return position - from;
    }

    /** How many bytes it took, a multiple of six, up to seven less than there are; four characters for each three of them are at the target's beginning. */
    static int encode(byte[] source, int length, byte[] target) {
        int position = 0;
        for (int end = 0; position <= length - Long.BYTES; position += GROUP_BYTES, end += GROUP_CHARACTERS) {
            long bits = (long) BITS.get(source, position);
            long first = PAIR_OF_BITS[(int) (bits >>> 52)];
            long second = PAIR_OF_BITS[(int) (bits >>> 40) & 0xfff];
            long third = PAIR_OF_BITS[(int) (bits >>> 28) & 0xfff];
            long fourth = PAIR_OF_BITS[(int) (bits >>> 16) & 0xfff];
            CHARACTERS.set(target, end, first | second << 16 | third << 32 | fourth << 48);
        }
        return position;
    }

    private static short[] bitsOfPair() {
        short[] bits = new short[1 << 16];
        Arrays.fill(bits, (short) -1);
        for (int twelve = 0; twelve < 1 << 12; twelve++) {
            bits[pair(twelve)] = (short) twelve;
        }
        return bits;
    }

    private static short[] pairOfBits() {
        short[] pairs = new short[1 << 12];
        for (int twelve = 0; twelve < pairs.length; twelve++) {
            pairs[twelve] = (short) pair(twelve);
        }
        return pairs;
    }

    private static int pair(int twelve) {
        return ALPHABET[twelve >>> 6] | ALPHABET[twelve & 63] << 8;
    }
}
