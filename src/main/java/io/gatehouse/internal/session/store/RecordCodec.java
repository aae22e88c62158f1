package io.gatehouse.internal.session.store;

import io.gatehouse.internal.serialization.ByteReader;
import io.gatehouse.internal.serialization.ByteReader.Malformed;
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
 * Turns sessions into the fields of a Redis hash and back, version 1 of the record format.
 *
 * <ul>
 *   <li>{@code m}: the metadata, a tag of the pack, and an HMAC over both, the application and the lookup key;
 *   <li>{@code a}: the pack: every attribute's name with either its value (up to 256 bytes) or the number of its own field
 *       and a tag of it;
 *   <li>{@code v0}, {@code v1}, ...: one larger value each;
 *   <li>{@code t}: last use; written by the scripts only and not signed.
 * </ul>
 *
 * <p>So the metadata can be read alone, a change writes only what changed, and nobody without the key can make, move, drop or
 * roll back a part. With encryption the pack and the values are sealed one by one, and the tags cover the sealed bytes.
 */
public final class RecordCodec {
    static final String METADATA = "m";
    static final String PACK = "a";
    static final String VALUE_PREFIX = "v";

    private static final int VERSION = 1;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int TAG_LENGTH = 16;
    private static final int INLINE = 0;
    private static final int ALONE = 1;

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

    /** How many bytes a record may have for the scripts to read it. */
    long mostBytes() {
        return size.readable();
    }

    /** What reading a record gave. */
    public sealed interface Reading {}

    public record Valid(StoredSession session) implements Reading {}

    public record Invalid(SessionEvent reason) implements Reading {}

    /**
     * What a save writes.
     *
     * @param values every attribute with the place and the tag it has now
     * @param seal the new seal
     */
    public record Writing(Map<String, byte[]> fields, Map<String, StoredValue> values, byte[] seal) {
        /** What the whole session takes, written now or before. */
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
     * Signs a session.
     *
     * @param values all attributes; those with a tag are stored already and not written again
     * @param rewrite whether the stored ones must be written again too, because the key has changed
     */
    public Writing write(
            SessionKeys sessionKeys,
            SessionMetadata sessionMetadata,
            Map<String, StoredValue> values,
            boolean rewrite) {
        String kid = keys.currentKid();
        byte[] lookup = ascii(sessionKeys.lookup());
        Map<String, byte[]> fields = new LinkedHashMap<>();
        Map<String, StoredValue> written = new LinkedHashMap<>();
        ByteWriter pack = new ByteWriter().number(values.size());
        values.forEach((name, value) -> {
            pack.text(name);
            if (value.isInline()) {
                written.put(name, value);
                pack.octet(INLINE).block(value.bytes());
            } else {
                StoredValue stored = value;
                if (rewrite || value.tag().length == 0) {
                    String field = VALUE_PREFIX + value.slot();
                    byte[] bytes = hide(kid, lookup, field, value.bytes());
                    fields.put(field, bytes);
                    stored = new StoredValue(value.bytes(), value.slot(), tag(kid, lookup, field, bytes));
                }
                written.put(name, stored);
                pack.octet(ALONE).number(stored.slot()).raw(stored.tag());
            }
        });
        byte[] packed = hide(kid, lookup, PACK, pack.toBytes());
        ByteWriter head = new ByteWriter()
                .octet(VERSION)
                .octet(encrypt ? FLAG_ENCRYPTED : 0)
                .text(kid);
        head.text(sessionKeys.handle());
        sessionMetadata.writeTo(head);
        byte[] signed = head.raw(tag(kid, lookup, PACK, packed)).toBytes();
        byte[] seal = keys.tag(kid, KeyPurpose.RECORD, application, lookup, signed);
        fields.put(PACK, packed);
        fields.put(METADATA, new ByteWriter().raw(signed).raw(seal).toBytes());
        return new Writing(fields, written, seal);
    }

    /** Verifies and reads a whole record; every attribute's bytes are checked, none is decoded. */
    public Reading read(SessionKeys sessionKeys, Map<String, byte[]> fields) {
        try {
            return readVerified(sessionKeys, fields);
        } catch (Malformed e) {
            return new Invalid(SessionEvent.RECORD_MALFORMED);
        }
    }

    /** The signed metadata alone, or null if it is not as we signed it. */
    @Nullable
    SessionMetadata readMetadata(SessionKeys sessionKeys, byte[] metadataField) {
        try {
            return readHead(ascii(sessionKeys.lookup()), metadataField) instanceof Head head ? head.metadata() : null;
        } catch (Malformed e) {
            return null;
        }
    }

    /** Which session a record says it is; not verified. */
    public record Identity(String kid, String handle) {}

    /** A record of which only the metadata was read. */
    static Map<String, byte[]> metadata(byte @Nullable [] metadata) {
        return metadata == null ? Map.of() : Map.of(METADATA, metadata);
    }

    /** Which session a record says it is, or null if it says nothing; to be believed only after {@link #read}. */
    @Nullable
    public Identity identity(Map<String, byte[]> fields) {
        try {
            ByteReader in = new ByteReader(field(fields, METADATA));
            int version = in.octet();
            int flags = in.octet();
            Identity identity = new Identity(in.text(), in.text());
            return version == VERSION && flags <= FLAG_ENCRYPTED && keys.knows(identity.kid()) ? identity : null;
        } catch (Malformed e) {
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
        ByteReader pack = new ByteReader(head.encrypted ? show(head.kid, lookup, PACK, packed) : packed);
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
            byte[] bytes = head.encrypted ? show(head.kid, lookup, fieldName, stored) : stored;
            values.put(name, new StoredValue(bytes, slot, tag));
        }
        pack.expectEnd();
        boolean current = head.encrypted == encrypt && head.kid.equals(keys.currentKid());
        return new Valid(new StoredSession(head.metadata, head.seal, values, current));
    }

    /** What the metadata field says, once its seal is verified. */
    private record Head(String kid, boolean encrypted, SessionMetadata metadata, byte[] packTag, byte[] seal)
            implements Reading {}

    /** A {@link Head}, or {@link Invalid}. */
    private Reading readHead(byte[] lookup, byte[] field) {
        if (field.length <= KeyRing.TAG_LENGTH) {
            throw new Malformed("too short");
        }
        byte[] signed = Arrays.copyOf(field, field.length - KeyRing.TAG_LENGTH);
        byte[] seal = Arrays.copyOfRange(field, signed.length, field.length);
        ByteReader in = new ByteReader(signed);
        if (in.octet() != VERSION) {
            throw new Malformed("another version");
        }
        boolean encrypted = (in.octet() & FLAG_ENCRYPTED) != 0;
        String kid = in.text();
        if (!keys.knows(kid)) {
            return new Invalid(SessionEvent.RECORD_UNKNOWN_KEY);
        }
        if (!keys.verifies(kid, KeyPurpose.RECORD, seal, application, lookup, signed)) {
            return new Invalid(SessionEvent.RECORD_FORGED);
        }
        in.text(); // the handle
        SessionMetadata sessionMetadata = SessionMetadata.readFrom(in);
        byte[] packTag = in.raw(TAG_LENGTH);
        in.expectEnd();
        return new Head(kid, encrypted, sessionMetadata, packTag, seal);
    }

    /** The names of the fields that hold values of their own. */
    public static List<String> fieldNames(Map<String, StoredValue> values) {
        List<String> names = new ArrayList<>();
        values.values().stream()
                .filter(value -> !value.isInline())
                .forEach(value -> names.add(VALUE_PREFIX + value.slot()));
        return names;
    }

    private byte[] tag(String kid, byte[] lookup, String field, byte[] bytes) {
        return Arrays.copyOf(keys.tag(kid, KeyPurpose.VALUE, application, lookup, ascii(field), bytes), TAG_LENGTH);
    }

    private byte[] hide(String kid, byte[] lookup, String field, byte[] bytes) {
        return encrypt ? keys.seal(kid, lookup, ascii(field), bytes) : bytes;
    }

    private byte[] show(String kid, byte[] lookup, String field, byte[] bytes) {
        byte[] plain = keys.open(kid, lookup, ascii(field), bytes);
        if (plain == null) {
            throw new Malformed("sealed for something else");
        }
        return plain;
    }

    private static byte[] field(Map<String, byte[]> fields, String name) {
        byte[] field = fields.get(name);
        if (field == null) {
            throw new Malformed("a field is missing");
        }
        return field;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
