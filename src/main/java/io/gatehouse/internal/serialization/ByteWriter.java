package io.gatehouse.internal.serialization;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds the bytes of a stored format. A number takes seven bits a byte, low bits first; the high bit means that more bytes
 * follow. Not thread-safe.
 */
public final class ByteWriter {
    private final int most;
    private byte[] bytes;
    private int size;

    /** Creates a writer without limit. */
    public ByteWriter() {
        this(Integer.MAX_VALUE);
    }

    /** @param most the maximum number of bytes; see {@link #isFull} */
    ByteWriter(int most) {
        this(most, 128);
    }

    private ByteWriter(int most, int capacity) {
        this.most = most;
        this.bytes = new byte[capacity];
    }

    /** Returns a writer without limit that has room for a number of bytes. */
    public static ByteWriter ofCapacity(int capacity) {
        return new ByteWriter(Integer.MAX_VALUE, capacity);
    }

    int most() {
        return most;
    }

    int size() {
        return size;
    }

    /** Returns whether the content exceeds the maximum. */
    boolean isFull() {
        return size > most;
    }

    /** Appends one byte. */
    public ByteWriter octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** Appends a number that is not negative. */
    public ByteWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            octet((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return octet((int) rest);
    }

    /** Appends a number of either sign; those near 0 take few bytes (zigzag). */
    public ByteWriter signed(long value) {
        return number((value << 1) ^ (value >> 63));
    }

    /** Appends bytes without their length, which the reader knows. */
    public ByteWriter raw(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    /** Appends the length of the bytes, then the bytes. */
    public ByteWriter block(byte[] more) {
        return number(more.length).raw(more);
    }

    /** Appends the length of a text in UTF-8, then the text. */
    public ByteWriter text(String text) {
        return block(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether {@link ByteReader#text} would return a text as it was written: UTF-8 has no form for half of a surrogate pair. */
    public static boolean isExact(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return StandardCharsets.UTF_8.newEncoder().canEncode(text);
            }
        }
        return true;
    }

    /** Returns the bytes written so far. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (more > bytes.length - size) {
            int needed = size + more;
            if (needed < 0) {
                throw new OutOfMemoryError("a value takes more than 2 GB");
            }
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length)); // negative if it overflows
        }
    }
}
