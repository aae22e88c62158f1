package io.gatehouse.internal.cache;

import io.gatehouse.internal.serialization.ByteReader;
import io.gatehouse.internal.serialization.ByteReader.MalformedException;
import io.gatehouse.internal.serialization.ByteWriter;
import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Encodes cache entries as signed bytes: version, flags, id of the signing key, expiry times, tags, value, and a MAC
 * (HMAC-SHA256, truncated to 16 bytes) over all of these and the application, the region and the key.
 *
 * <p>An attacker who can write to Redis can neither forge a value nor move one to another key. They can replay an old value of
 * the same key until it expires. Thread-safe.
 */
final class EntryCodec {
    /** The length of the MAC at the end, which identifies an entry. */
    static final int IDENTITY = 16;

    private static final int VERSION = 1;
    private static final int ABSENT = 1;
    private static final int DEFLATED = 2;
    private static final int MAX_SIZE = 64 << 20;

    private final KeyRing keys;
    private final ValueCodec codec;
    private final byte[] application;

    EntryCodec(KeyRing keys, ValueCodec codec, String application) {
        this.keys = keys;
        this.codec = codec;
        this.application = application.getBytes(StandardCharsets.UTF_8);
    }

    /** An entry and its encoded form. */
    record Encoded(CacheEntry entry, byte[] bytes) {}

    /**
     * Encodes and signs an entry.
     *
     * @param compressAbove values with more bytes than this are compressed
     * @throws NotStorableException if the value cannot be serialized
     */
    Encoded encode(String region, String key, CacheEntry entry, int compressAbove) throws NotStorableException {
        Object value = entry.value();
        byte[] plain = value == null ? new byte[0] : codec.encode(value);
        boolean deflate = plain.length > compressAbove;
        int flags = (value == null ? ABSENT : 0) | (deflate ? DEFLATED : 0);
        String kid = keys.currentKid();
        ByteWriter out = new ByteWriter()
                .octet(VERSION)
                .octet(flags)
                .text(kid)
                .number(entry.freshUntil())
                .number(entry.usableUntil())
                .number(entry.refreshAt())
                .number(entry.tags().size());
        entry.tags().forEach(out::text);
        if (deflate) {
            out.number(plain.length);
        }
        byte[] signed = out.raw(deflate ? deflated(plain) : plain).toBytes();
        byte[] identity = mac(kid, region, key, signed);
        byte[] bytes = Arrays.copyOf(signed, signed.length + IDENTITY);
        System.arraycopy(identity, 0, bytes, signed.length, IDENTITY);
        return new Encoded(
                new CacheEntry(
                        value,
                        entry.freshUntil(),
                        entry.usableUntil(),
                        entry.refreshAt(),
                        entry.tags(),
                        identity,
                        bytes.length,
                        entry.generation()),
                bytes);
    }

    /** Decodes an entry; returns null if the bytes are invalid, the MAC does not match, or the class of the value is missing. */
    @Nullable
    CacheEntry decode(String region, String key, byte[] bytes, ClassLoader loader) {
        try {
            Header header = header(region, key, bytes);
            if (header == null) {
                return null;
            }
            Object value = null;
            if ((header.flags() & ABSENT) == 0) {
                ByteReader in = header.body();
                byte[] plain = (header.flags() & DEFLATED) == 0 ? in.rest() : inflated(in.number(), in.rest());
                if (!(codec.decode(plain, loader) instanceof ValueCodec.Value decoded)) {
                    return null;
                }
                value = decoded.value();
            }
            byte[] identity = Arrays.copyOfRange(bytes, bytes.length - IDENTITY, bytes.length);
            return new CacheEntry(
                    value,
                    header.freshUntil(),
                    header.usableUntil(),
                    header.refreshAt(),
                    header.tags(),
                    identity,
                    bytes.length,
                    0);
        } catch (MalformedException e) {
            return null;
        }
    }

    /** Returns the tags of an entry without decoding its value; none if the bytes are invalid or the MAC does not match. */
    List<String> tags(String region, String key, byte[] bytes) {
        try {
            Header header = header(region, key, bytes);
            return header == null ? List.of() : header.tags();
        } catch (MalformedException e) {
            return List.of();
        }
    }

    /**
     * The verified beginning of an entry.
     *
     * @param body the rest, which holds the value
     */
    private record Header(
            int flags, long freshUntil, long usableUntil, long refreshAt, List<String> tags, ByteReader body) {}

    private @Nullable Header header(String region, String key, byte[] bytes) {
        if (bytes.length < IDENTITY) {
            return null;
        }
        byte[] signed = Arrays.copyOf(bytes, bytes.length - IDENTITY);
        byte[] identity = Arrays.copyOfRange(bytes, bytes.length - IDENTITY, bytes.length);
        ByteReader in = new ByteReader(signed);
        int version = in.octet();
        int flags = in.octet();
        String kid = in.text();
        if (version != VERSION || !verifies(kid, identity, region, key, signed)) {
            return null;
        }
        long freshUntil = in.number();
        long usableUntil = in.number();
        long refreshAt = in.number();
        List<String> tags = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            tags.add(in.text());
        }
        return new Header(flags, freshUntil, usableUntil, refreshAt, List.copyOf(tags), in);
    }

    private byte[] mac(String kid, String region, String key, byte[] signed) {
        byte[] whole = keys.tag(
                kid,
                KeyPurpose.CACHE,
                application,
                region.getBytes(StandardCharsets.UTF_8),
                key.getBytes(StandardCharsets.UTF_8),
                signed);
        return Arrays.copyOf(whole, IDENTITY);
    }

    private boolean verifies(String kid, byte[] identity, String region, String key, byte[] signed) {
        return keys.verifies(
                kid,
                KeyPurpose.CACHE,
                identity,
                application,
                region.getBytes(StandardCharsets.UTF_8),
                key.getBytes(StandardCharsets.UTF_8),
                signed);
    }

    private static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2);
            byte[] part = new byte[8192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] inflated(long length, byte[] deflated) {
        if (length < 0 || length > MAX_SIZE) {
            throw new MalformedException("too large");
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] plain = new byte[(int) length];
            int count = 0;
            while (count < plain.length) {
                int more = inflater.inflate(plain, count, plain.length - count);
                if (more == 0) {
                    throw new MalformedException("cut short");
                }
                count += more;
            }
            return plain;
        } catch (DataFormatException e) {
            throw new MalformedException("not deflated");
        } finally {
            inflater.end();
        }
    }
}
