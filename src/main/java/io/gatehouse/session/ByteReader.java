package io.gatehouse.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote; anything that does not fit is a {@link Malformed}, never another exception. */
final class ByteReader {

    /** Thrown for bytes that no writer of ours made. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private final byte[] bytes;
    private int position;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    int octet() {
        if (position >= bytes.length) {
            throw new Malformed("ends too early");
        }
        return bytes[position++] & 0xff;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
        throw new Malformed("a number that is too long");
    }

    long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A number of things that must at least take a byte each. */
    int count() {
        long count = number();
        if (count < 0 || count > bytes.length - position) {
            throw new Malformed("a length beyond the end");
        }
        return (int) count;
    }

    byte[] raw(int length) {
        if (length > bytes.length - position) {
            throw new Malformed("ends too early");
        }
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    byte[] block() {
        return raw(count());
    }

    String text() {
        int length = count();
        position += length;
        return new String(bytes, position - length, length, StandardCharsets.UTF_8);
    }

    /** All bytes that are left. */
    byte[] rest() {
        return raw(bytes.length - position);
    }

    void expectEnd() {
        if (position != bytes.length) {
            throw new Malformed("goes on after its end");
        }
    }
}
