package io.gatehouse.internal.session.store;

import io.gatehouse.internal.serialization.ByteReader;
import io.gatehouse.internal.serialization.ByteReader.MalformedException;
import io.gatehouse.internal.serialization.ByteWriter;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes sessions as the fields of a Redis hash, and verifies and decodes them; version 1 of the record format. Thread-safe.
 *
 * <ul>
 *   <li>{@code m}: the metadata, the tag of the pack, and the revision tag: an HMAC over both, the application and the lookup;
 *   <li>{@code a}: the pack: the name of each attribute with either its value (up to 256 bytes) or the number and the tag of its own
 *       field;
 *   <li>{@code v0}, {@code v1}, ...: one larger value each;
 *   <li>{@code t}: the last use, which only scripts write; not signed.
 * </ul>
 *
 * <p>Invariants: the metadata can be verified without the other fields. A save writes only the fields that changed. The revision tag
 * covers the tag of the pack, and the pack contains the tags of all values, so without the signing key no field can be created, moved,
 * removed or rolled back. With encryption, the pack and each value are encrypted separately, and the tags cover the encrypted bytes.
 */
public final class RecordCodec {
    static final String METADATA = "m";
    static final String PACK = "a";
    static final String VALUE_PREFIX = "v";

    private static final int VERSION = 1;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int TAG_LENGTH = 16;
    private static final int INLINE = 0;
    private static final int SEPARATE = 1;

    private final KeyRing keys;
    private final byte[] application;
    private final boolean encrypt;
    private final RecordSize size;

    public RecordCodec(KeyRing keys, byte[] application, boolean encrypt, RecordSize size) {
        this.size = size;
        this.keys = keys;
        this.application = application;
        this.encrypt = encrypt;
    }

    /** Returns the size in bytes up to which scripts read a record. */
    long mostBytes() {
        return size.readable();
    }

    /** The outcome of reading a record. */
    public sealed interface Reading {}

    /** The signature and the format of the record are valid. */
    public record Valid(StoredSession session) implements Reading {}

    /** The record was rejected, for a reason that is counted. */
    public record Invalid(SessionEvent reason) implements Reading {}

    /**
     * The encoded form of a session.
     *
     * @param fields the fields to write
     * @param values all attributes with their new slots and tags
     * @param revisionTag the new revision tag
     */
    public record Writing(Map<String, byte[]> fields, Map<String, StoredValue> values, byte[] revisionTag) {
        /** Returns the size of the whole session, including the fields that are not written again. */
        public long bytes() {
            long bytes = length(METADATA) + length(PACK);
            for (StoredValue value : values.values()) {
                bytes += value.isInline() ? 0 : value.bytes().length;
            }
            return bytes;
        }

        private long length(String field) {
            byte[] bytes = fields.get(field);
            return bytes == null ? 0 : bytes.length;
        }
    }

    /**
     * Encodes and signs a session.
     *
     * @param values all attributes; those with a tag are stored already and are not written again
     * @param rewrite whether stored attributes are written again, because the signing key or the encryption has changed
     */
    public Writing write(
            SessionKeys sessionKeys,
            SessionMetadata sessionMetadata,
            Map<String, StoredValue> values,
            boolean rewrite) {
        String kid = keys.currentKid();
        byte[] lookup = ascii(sessionKeys.lookup());
        Map<String, byte[]> fields = new LinkedHashMap<>();
        Map<String, StoredValue> written = new LinkedHashMap<>(values);
        ByteWriter pack = ByteWriter.ofCapacity(StoredValue.packSize(values)).number(values.size());
        for (Map.Entry<String, StoredValue> entry : written.entrySet()) {
            StoredValue value = entry.getValue();
            pack.text(entry.getKey());
            if (value.isInline()) {
                pack.octet(INLINE).block(value.bytes());
            } else {
                if (rewrite || value.tag().length == 0) {
                    String field = VALUE_PREFIX + value.slot();
                    byte[] bytes = encrypt(kid, lookup, field, value.bytes());
                    fields.put(field, bytes);
                    value = new StoredValue(value.bytes(), value.slot(), tag(kid, lookup, field, bytes));
                    entry.setValue(value);
                }
                pack.octet(SEPARATE).number(value.slot()).raw(value.tag());
            }
        }
        byte[] packed = encrypt(kid, lookup, PACK, pack.toBytes());
        ByteWriter head = new ByteWriter()
                .octet(VERSION)
                .octet(encrypt ? FLAG_ENCRYPTED : 0)
                .text(kid);
        head.text(sessionKeys.handle());
        sessionMetadata.writeTo(head);
        byte[] signed = head.raw(tag(kid, lookup, PACK, packed)).toBytes();
        byte[] revisionTag = keys.tag(kid, KeyPurpose.RECORD, application, lookup, signed);
        fields.put(PACK, packed);
        fields.put(
                METADATA,
                ByteWriter.ofCapacity(signed.length + revisionTag.length)
                        .raw(signed)
                        .raw(revisionTag)
                        .toBytes());
        return new Writing(fields, written, revisionTag);
    }

    /** Verifies and reads a whole record. Verifies the bytes of each attribute; decodes no value. */
    public Reading read(SessionKeys sessionKeys, Map<String, byte[]> fields) {
        try {
            return readVerified(sessionKeys, fields);
        } catch (MalformedException e) {
            return new Invalid(SessionEvent.RECORD_MALFORMED);
        }
    }

    /** Verifies and reads the metadata without the other fields; returns null if it is invalid. */
    @Nullable
    SessionMetadata readMetadata(SessionKeys sessionKeys, byte[] metadataField) {
        try {
            return readHead(ascii(sessionKeys.lookup()), metadataField) instanceof Head head ? head.metadata() : null;
        } catch (MalformedException e) {
            return null;
        }
    }

    /** The names that a record claims to have; not verified. */
    public record Identity(String kid, String handle) {}

    /** Returns the fields of a record of which only the metadata was read. */
    static Map<String, byte[]> metadata(byte @Nullable [] metadata) {
        return metadata == null ? Map.of() : Map.of(METADATA, metadata);
    }

    /** Returns the names that a record claims to have, or null if it is malformed. They can be trusted only after {@link #read}. */
    @Nullable
    public Identity identity(Map<String, byte[]> fields) {
        try {
            ByteReader in = new ByteReader(field(fields, METADATA));
            int version = in.octet();
            int flags = in.octet();
            Identity identity = new Identity(in.text(), in.text());
            return version == VERSION && flags <= FLAG_ENCRYPTED && keys.knows(identity.kid()) ? identity : null;
        } catch (MalformedException e) {
            return null;
        }
    }

    private Reading readVerified(SessionKeys sessionKeys, Map<String, byte[]> fields) {
        byte[] lookup = ascii(sessionKeys.lookup());
        Reading verified = readHead(lookup, field(fields, METADATA));
        if (!(verified instanceof Head head)) {
            return verified;
        }
        byte[] packed = field(fields, PACK);
        if (!keys.verifies(head.kid, KeyPurpose.VALUE, head.packTag, application, lookup, ascii(PACK), packed)) {
            return new Invalid(SessionEvent.RECORD_FORGED);
        }
        ByteReader pack = new ByteReader(head.encrypted ? decrypt(head.kid, lookup, PACK, packed) : packed);
        Map<String, StoredValue> values = new LinkedHashMap<>();
        for (int left = pack.count(); left > 0; left--) {
            String name = pack.text();
            if (pack.octet() == INLINE) {
                values.put(name, StoredValue.inline(pack.block()));
                continue;
            }
            int slot = (int) pack.number();
            byte[] tag = pack.raw(TAG_LENGTH);
            String fieldName = VALUE_PREFIX + slot;
            byte[] stored = field(fields, fieldName);
            if (!keys.verifies(head.kid, KeyPurpose.VALUE, tag, application, lookup, ascii(fieldName), stored)) {
                return new Invalid(SessionEvent.RECORD_FORGED);
            }
            byte[] bytes = head.encrypted ? decrypt(head.kid, lookup, fieldName, stored) : stored;
            values.put(name, new StoredValue(bytes, slot, tag));
        }
        pack.expectEnd();
        boolean current = head.encrypted == encrypt && head.kid.equals(keys.currentKid());
        return new Valid(new StoredSession(head.metadata, head.revisionTag, values, current));
    }

    /** The content of the metadata field, after its revision tag was verified. */
    private record Head(String kid, boolean encrypted, SessionMetadata metadata, byte[] packTag, byte[] revisionTag)
            implements Reading {}

    /** Returns a {@link Head}, or {@link Invalid}. */
    private Reading readHead(byte[] lookup, byte[] field) {
        if (field.length <= KeyRing.TAG_LENGTH) {
            throw new MalformedException("too short");
        }
        byte[] signed = Arrays.copyOf(field, field.length - KeyRing.TAG_LENGTH);
        byte[] revisionTag = Arrays.copyOfRange(field, signed.length, field.length);
        ByteReader in = new ByteReader(signed);
        if (in.octet() != VERSION) {
            throw new MalformedException("unsupported version");
        }
        boolean encrypted = (in.octet() & FLAG_ENCRYPTED) != 0;
        String kid = in.text();
        if (!keys.knows(kid)) {
            return new Invalid(SessionEvent.RECORD_UNKNOWN_KEY);
        }
        if (!keys.verifies(kid, KeyPurpose.RECORD, revisionTag, application, lookup, signed)) {
            return new Invalid(SessionEvent.RECORD_FORGED);
        }
        in.text(); // the handle
        SessionMetadata sessionMetadata = SessionMetadata.readFrom(in);
        byte[] packTag = in.raw(TAG_LENGTH);
        in.expectEnd();
        return new Head(kid, encrypted, sessionMetadata, packTag, revisionTag);
    }

    /** Returns the names of all fields that the revision tag covers. */
    static List<String> allFieldNames(Map<String, StoredValue> values) {
        List<String> names = fieldNames(values);
        names.add(METADATA);
        names.add(PACK);
        return names;
    }

    /** Returns the names of the fields that hold separate values. */
    public static List<String> fieldNames(Map<String, StoredValue> values) {
        List<String> names = new ArrayList<>();
        for (StoredValue value : values.values()) {
            if (!value.isInline()) {
                names.add(VALUE_PREFIX + value.slot());
            }
        }
        return names;
    }

    private byte[] tag(String kid, byte[] lookup, String field, byte[] bytes) {
        return Arrays.copyOf(keys.tag(kid, KeyPurpose.VALUE, application, lookup, ascii(field), bytes), TAG_LENGTH);
    }

    private byte[] encrypt(String kid, byte[] lookup, String field, byte[] bytes) {
        return encrypt ? keys.seal(kid, lookup, ascii(field), bytes) : bytes;
    }

    private byte[] decrypt(String kid, byte[] lookup, String field, byte[] bytes) {
        byte[] plain = keys.open(kid, lookup, ascii(field), bytes);
        if (plain == null) {
            throw new MalformedException("decryption failed");
        }
        return plain;
    }

    private static byte[] field(Map<String, byte[]> fields, String name) {
        byte[] field = fields.get(name);
        if (field == null) {
            throw new MalformedException("a field is missing");
        }
        return field;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
