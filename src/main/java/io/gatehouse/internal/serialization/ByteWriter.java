package io.gatehouse.internal.serialization;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Builds the bytes of a stored format. A number takes seven bits a byte, low bits first; the high bit means that more bytes
 * follow. Not thread-safe.
 */
public final class ByteWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    private final int most;

    /** Creates a writer without limit. */
    public ByteWriter() {
        this(Integer.MAX_VALUE);
    }

    /** @param most the maximum number of bytes; see {@link #isFull} */
    ByteWriter(int most) {
        this.most = most;
    }

    int most() {
        return most;
    }

    int size() {
        return out.size();
    }

    /** Returns whether the content exceeds the maximum. */
    boolean isFull() {
        return out.size() > most;
    }

    /** Appends one byte. */
    public ByteWriter octet(int value) {
        out.write(value);
        return this;
    }

    /** Appends a number that is not negative. */
    public ByteWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /** Appends a number of either sign; those near 0 take few bytes (zigzag). */
    public ByteWriter signed(long value) {
        return number((value << 1) ^ (value >> 63));
    }

    /** Appends bytes without their length, which the reader knows. */
    public ByteWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Appends the length of the bytes, then the bytes. */
    public ByteWriter block(byte[] bytes) {
        return number(bytes.length).raw(bytes);
    }

    /** Appends the length of a text in UTF-8, then the text. */
    public ByteWriter text(String text) {
        return block(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the bytes written so far. */
    public byte[] toBytes() {
        return out.toByteArray();
    }
}
