package io.gatehouse.internal.serialization;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote; anything that does not fit is a {@link Malformed}, never another exception. */
public final class ByteReader {

    /** Thrown for bytes that no writer of ours made. */
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private final byte[] bytes;
    private int position;

    public ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public int octet() {
        if (position >= bytes.length) {
            throw new Malformed("ends too early");
        }
        return bytes[position++] & 0xff;
    }

    public long number() {
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

    public long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A number of things that must at least take a byte each. */
    public int count() {
        long count = number();
        if (count < 0 || count > bytes.length - position) {
            throw new Malformed("a length beyond the end");
        }
        return (int) count;
    }

    public byte[] raw(int length) {
        if (length > bytes.length - position) {
            throw new Malformed("ends too early");
        }
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    public byte[] block() {
        return raw(count());
    }

    public String text() {
        int length = count();
        position += length;
        return new String(bytes, position - length, length, StandardCharsets.UTF_8);
    }

    /** All bytes that are left. */
    public byte[] rest() {
        return raw(bytes.length - position);
    }

    public void expectEnd() {
        if (position != bytes.length) {
            throw new Malformed("goes on after its end");
        }
    }
}
