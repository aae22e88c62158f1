package io.gatehouse.internal.cache;

import io.gatehouse.internal.serialization.ByteReader;
import io.gatehouse.internal.serialization.ByteReader.Malformed;
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
 * An entry as bytes: version, flags, id of the signing key, times, tags, the value, and a tag (HMAC-SHA256, 16 bytes) over all
 * of it with the application, the region and the key. Whoever can write to Redis can neither forge a value nor put it under
 * another key; an old one of the same key can be played back until its own time is over. Safe for use by several threads.
 */
final class EntryCodec {
    /** Bytes at the end that tell entries apart. */
    static final int IDENTITY = 16;

    private static final int VERSION = 1;
    private static final int ABSENT = 1;
    private static final int DEFLATED = 2;
    private static final int LARGEST = 64 << 20;

    private final KeyRing keys;
    private final ValueCodec codec;
    private final byte[] application;

    EntryCodec(KeyRing keys, ValueCodec codec, String application) {
        this.keys = keys;
        this.codec = codec;
        this.application = application.getBytes(StandardCharsets.UTF_8);
    }

    /** An entry and its bytes. */
    record Sealed(CacheEntry entry, byte[] bytes) {}

    /** @throws NotStorableException if the value cannot be written */
    Sealed seal(String region, String key, CacheEntry cacheEntry, int compressAbove) throws NotStorableException {
        Object value = cacheEntry.value();
        byte[] plain = value == null ? new byte[0] : codec.encode(value);
        boolean deflate = plain.length > compressAbove;
        int flags = (value == null ? ABSENT : 0) | (deflate ? DEFLATED : 0);
        String kid = keys.currentKid();
        ByteWriter out = new ByteWriter()
                .octet(VERSION)
                .octet(flags)
                .text(kid)
                .number(cacheEntry.freshUntil())
                .number(cacheEntry.keepUntil())
                .number(cacheEntry.refreshAt())
                .number(cacheEntry.tags().size());
        cacheEntry.tags().forEach(out::text);
        if (deflate) {
            out.number(plain.length);
        }
        byte[] signed = out.raw(deflate ? deflated(plain) : plain).toBytes();
        byte[] identity = tag(kid, region, key, signed);
        byte[] bytes = Arrays.copyOf(signed, signed.length + IDENTITY);
        System.arraycopy(identity, 0, bytes, signed.length, IDENTITY);
        return new Sealed(
                new CacheEntry(
                        value,
                        cacheEntry.freshUntil(),
                        cacheEntry.keepUntil(),
                        cacheEntry.refreshAt(),
                        cacheEntry.tags(),
                        identity,
                        bytes.length,
                        cacheEntry.generation()),
                bytes);
    }

    /** The entry in some bytes, or null if they are not as we sealed them or the value is of a class that is gone. */
    @Nullable
    CacheEntry open(String region, String key, byte[] bytes, ClassLoader loader) {
        if (bytes.length < IDENTITY) {
            return null;
        }
        byte[] signed = Arrays.copyOf(bytes, bytes.length - IDENTITY);
        byte[] identity = Arrays.copyOfRange(bytes, bytes.length - IDENTITY, bytes.length);
        try {
            ByteReader in = new ByteReader(signed);
            int version = in.octet();
            int flags = in.octet();
            String kid = in.text();
            if (version != VERSION || !verifies(kid, identity, region, key, signed)) {
                return null;
            }
            long freshUntil = in.number();
            long keepUntil = in.number();
            long refreshAt = in.number();
            List<String> tags = new ArrayList<>();
            for (int left = in.count(); left > 0; left--) {
                tags.add(in.text());
            }
            Object value = null;
            if ((flags & ABSENT) == 0) {
                byte[] plain = (flags & DEFLATED) == 0 ? in.rest() : inflated(in.number(), in.rest());
                if (!(codec.decode(plain, loader) instanceof ValueCodec.Value decoded)) {
                    return null;
                }
                value = decoded.value();
            }
            return new CacheEntry(
                    value, freshUntil, keepUntil, refreshAt, List.copyOf(tags), identity, bytes.length, 0);
        } catch (Malformed e) {
            return null;
        }
    }

    private byte[] tag(String kid, String region, String key, byte[] signed) {
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
        if (length < 0 || length > LARGEST) {
            throw new Malformed("too large");
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] plain = new byte[(int) length];
            int got = 0;
            while (got < plain.length) {
                int more = inflater.inflate(plain, got, plain.length - got);
                if (more == 0) {
                    throw new Malformed("cut short");
                }
                got += more;
            }
            return plain;
        } catch (DataFormatException e) {
            throw new Malformed("not deflated");
        } finally {
            inflater.end();
        }
    }
}
