package io.gatehouse.internal.serialization;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds the bytes of a stored format. Numbers are variable-length, seven bits a byte, low bits first, high bit: more follow. */
public final class ByteWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    private final int most;

    public ByteWriter() {
        this(Integer.MAX_VALUE);
    }

    /** @param most how many bytes the content should have at the most; see {@link #isFull} */
    ByteWriter(int most) {
        this.most = most;
    }

    int most() {
        return most;
    }

    int size() {
        return out.size();
    }

    /** Whether there is more than should be. */
    boolean isFull() {
        return out.size() > most;
    }

    public ByteWriter octet(int value) {
        out.write(value);
        return this;
    }

    /** A number that is not negative. */
    public ByteWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /** A number of either sign, small ones in few bytes (zigzag). */
    public ByteWriter signed(long value) {
        return number((value << 1) ^ (value >> 63));
    }

    /** Bytes whose number the reader knows. */
    public ByteWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Bytes after their number. */
    public ByteWriter block(byte[] bytes) {
        return number(bytes.length).raw(bytes);
    }

    public ByteWriter text(String text) {
        return block(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
