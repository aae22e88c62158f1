package io.gatehouse.internal.serialization;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the bytes that {@link ByteWriter} wrote. Throws {@link MalformedException}, and no other exception, for any other bytes. Not
 * thread-safe.
 */
public final class ByteReader {

    /** Thrown for bytes that no {@link ByteWriter} wrote. */
    public static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    private final byte[] bytes;
    private int position;

    /** Creates a reader at the start of the bytes. */
    public ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads one byte, from 0 to 255. */
    public int octet() {
        if (position >= bytes.length) {
            throw new MalformedException("the bytes end too early");
        }
        return bytes[position++] & 0xff;
    }

    /** Reads a number that is not negative. */
    public long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
        throw new MalformedException("a number takes too many bytes");
    }

    /** Reads a number of either sign. */
    public long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Reads a count of items that take at least one byte each. */
    public int count() {
        long count = number();
        if (count < 0 || count > bytes.length - position) {
            throw new MalformedException("a length exceeds the bytes that are left");
        }
        return (int) count;
    }

    /** Reads as many bytes as given. */
    public byte[] raw(int length) {
        if (length > bytes.length - position) {
            throw new MalformedException("the bytes end too early");
        }
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /** Reads a length and as many bytes. */
    public byte[] block() {
        return raw(count());
    }

    /** Reads a length and as many bytes of UTF-8. */
    public String text() {
        int length = count();
        position += length;
        return new String(bytes, position - length, length, StandardCharsets.UTF_8);
    }

    /** Reads the remaining bytes. */
    public byte[] rest() {
        return raw(bytes.length - position);
    }

    /** Throws {@link MalformedException} if bytes are left. */
    public void expectEnd() {
        if (position != bytes.length) {
            throw new MalformedException("bytes follow the end");
        }
    }
}
