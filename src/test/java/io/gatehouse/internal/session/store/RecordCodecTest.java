package io.gatehouse.internal.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.store.RecordCodec.Invalid;
import io.gatehouse.internal.session.store.RecordCodec.Valid;
import io.gatehouse.internal.session.store.RecordCodec.Writing;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Keys;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads signed records, and rejects all others. */
class RecordCodecTest {
    private static final byte[] APPLICATION = "app".getBytes(StandardCharsets.UTF_8);
    private static final String KEY_A = "a:" + App.randomKey();
    private static final String KEY_B = "b:" + App.randomKey();
    private static final KeyRing RING = Keys.ring(KEY_A);
    private static final SessionKeys HERE = locate(RING);
    private static final SessionKeys THERE = locate(RING);
    private static final SessionMetadata METADATA = new SessionMetadata(
            7, 1_000, 2_000, 43_201_000, 1800, 2, 0, "alice", Map.of("device", "browser", "place", "here"));

    private static Map<String, StoredValue> values() {
        Map<String, StoredValue> values = new LinkedHashMap<>();
        values.put("small", StoredValue.inline(new byte[] {1, 10, 1, 65}));
        values.put("", StoredValue.inline(new byte[0]));
        values.put("large", StoredValue.separate(new byte[300], 0));
        values.put("grün 😀", StoredValue.separate("x".repeat(1000).getBytes(StandardCharsets.UTF_8), 5));
        return values;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrittenRecordIsReadBack(boolean encrypt) {
        RecordCodec format = new RecordCodec(RING, APPLICATION, encrypt, new RecordSize(32 << 20));
        Writing writing = format.write(HERE, METADATA, values(), false);
        StoredSession back = intact(format, HERE, writing.fields());
        assertThat(back.metadata()).isEqualTo(METADATA);
        assertThat(back.values()).isEqualTo(values());
        assertThat(back.revisionTag()).isEqualTo(writing.revisionTag());
        assertThat(back.current()).isTrue();
        assertThat(format.readMetadata(HERE, field(writing.fields(), "m"))).isEqualTo(METADATA);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejectsARecordInWhichAnyBitWasFlipped(boolean encrypt) {
        RecordCodec format = new RecordCodec(RING, APPLICATION, encrypt, new RecordSize(32 << 20));
        Map<String, byte[]> fields =
                format.write(HERE, METADATA, values(), false).fields();
        fields.forEach((name, bytes) -> {
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(format.read(HERE, fields))
                        .as("bit %d of %s", bit, name)
                        .isInstanceOf(Invalid.class);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
        });
        assertThat(format.read(HERE, fields)).isInstanceOf(Valid.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejectsARecordInWhichAnyFieldWasRemovedRenamedOrCutShort(boolean encrypt) {
        RecordCodec format = new RecordCodec(RING, APPLICATION, encrypt, new RecordSize(32 << 20));
        Map<String, byte[]> fields =
                format.write(HERE, METADATA, values(), false).fields();
        for (String name : List.copyOf(fields.keySet())) {
            byte[] bytes = field(fields, name);
            Map<String, byte[]> changed = new LinkedHashMap<>(fields);
            changed.remove(name);
            assertThat(format.read(HERE, changed)).as("without %s", name).isInstanceOf(Invalid.class);
            changed.put(name + "x", bytes);
            assertThat(format.read(HERE, changed)).as("%s renamed", name).isInstanceOf(Invalid.class);
            for (int length = 0; length < bytes.length; length += 1 + bytes.length / 50) {
                changed.put(name, java.util.Arrays.copyOf(bytes, length));
                assertThat(format.read(HERE, changed))
                        .as("%d of %s", length, name)
                        .isInstanceOf(Invalid.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rejectsAFieldOfAnotherSessionAndOfAnOlderVersionOfTheSameOne(boolean encrypt) {
        RecordCodec format = new RecordCodec(RING, APPLICATION, encrypt, new RecordSize(32 << 20));
        Map<String, byte[]> now = format.write(HERE, METADATA, values(), false).fields();
        Map<String, StoredValue> olderValues = values();
        olderValues.replaceAll((name, value) -> value.isInline()
                ? StoredValue.inline(new byte[] {1, 1})
                : StoredValue.separate(new byte[301], value.slot()));
        Map<String, byte[]> older =
                format.write(HERE, METADATA.withVersion(6), olderValues, false).fields();
        Map<String, byte[]> others =
                format.write(THERE, METADATA, olderValues, false).fields();
        for (Map<String, byte[]> foreign : List.of(older, others)) {
            foreign.forEach((name, bytes) -> {
                Map<String, byte[]> mixed = new LinkedHashMap<>(now);
                mixed.put(name, bytes);
                assertThat(format.read(HERE, mixed)).as(name).isInstanceOf(Invalid.class);
            });
        }
        assertThat(format.read(HERE, others))
                .as("a whole record under another key")
                .isInstanceOf(Invalid.class);
        Map<String, byte[]> swapped = new LinkedHashMap<>(now);
        swapped.put("v0", field(now, "v5"));
        swapped.put("v5", field(now, "v0"));
        assertThat(format.read(HERE, swapped)).isInstanceOf(Invalid.class);
    }

    @Test
    void aRecordOfAnotherApplicationIsRejected() {
        RecordCodec other =
                new RecordCodec(RING, "other".getBytes(StandardCharsets.UTF_8), false, new RecordSize(32 << 20));
        Map<String, byte[]> fields =
                other.write(HERE, METADATA, values(), false).fields();
        assertThat(new RecordCodec(RING, APPLICATION, false, new RecordSize(32 << 20)).read(HERE, fields))
                .isEqualTo(new Invalid(SessionEvent.RECORD_FORGED));
    }

    @Test
    void rejectsARecordSignedByAForgottenKey() {
        Map<String, byte[]> fields = new RecordCodec(RING, APPLICATION, false, new RecordSize(32 << 20))
                .write(HERE, METADATA, values(), false)
                .fields();
        assertThat(new RecordCodec(Keys.ring(KEY_B), APPLICATION, false, new RecordSize(32 << 20)).read(HERE, fields))
                .isEqualTo(new Invalid(SessionEvent.RECORD_UNKNOWN_KEY));
    }

    @Test
    void aRewrittenRecordIsSignedWithTheCurrentKey() {
        RecordCodec old = new RecordCodec(RING, APPLICATION, false, new RecordSize(32 << 20));
        KeyRing both = Keys.ring(KEY_B + "," + KEY_A);
        RecordCodec today = new RecordCodec(both, APPLICATION, true, new RecordSize(32 << 20));
        StoredSession read =
                intact(today, HERE, old.write(HERE, METADATA, values(), false).fields());
        assertThat(read.current()).isFalse();
        Writing again = today.write(HERE, METADATA, read.values(), true);
        assertThat(again.fields()).containsKeys("m", "a", "v0", "v5");
        StoredSession newest = intact(
                new RecordCodec(Keys.ring(KEY_B), APPLICATION, true, new RecordSize(32 << 20)), HERE, again.fields());
        assertThat(newest.values()).isEqualTo(values());
        assertThat(newest.current()).isTrue();
    }

    @Test
    void unchangedFieldsAreNotWrittenAgain() {
        RecordCodec format = new RecordCodec(RING, APPLICATION, false, new RecordSize(32 << 20));
        Writing first = format.write(HERE, METADATA, values(), false);
        Map<String, StoredValue> changed = new LinkedHashMap<>(first.values());
        changed.put("small", StoredValue.inline(new byte[] {9}));
        assertThat(format.write(HERE, METADATA, changed, false).fields()).containsOnlyKeys("m", "a");
    }

    @Test
    void encryptionHidesAttributeNamesAndValues() {
        Map<String, StoredValue> values = new LinkedHashMap<>();
        values.put("nameOfIt", StoredValue.inline("valueOfIt".getBytes(StandardCharsets.UTF_8)));
        values.put("other", StoredValue.separate("swordfish".repeat(50).getBytes(StandardCharsets.UTF_8), 0));
        StringBuilder all = new StringBuilder();
        new RecordCodec(RING, APPLICATION, true, new RecordSize(32 << 20))
                .write(HERE, METADATA, values, false)
                .fields()
                .forEach((name, bytes) -> all.append(name).append(new String(bytes, StandardCharsets.ISO_8859_1)));
        assertThat(all).doesNotContain("nameOfIt").doesNotContain("valueOfIt").doesNotContain("swordfish");
    }

    @Test
    void aRecordHoldsAThousandAttributes() {
        Map<String, StoredValue> values = new LinkedHashMap<>();
        for (int i = 0; i < 1000; i++) {
            values.put(
                    "n" + i,
                    i % 2 == 0 ? StoredValue.inline(new byte[i % 256]) : StoredValue.separate(new byte[300], i));
        }
        RecordCodec format = new RecordCodec(RING, APPLICATION, false, new RecordSize(32 << 20));
        List<String> names = new ArrayList<>(
                intact(format, HERE, format.write(HERE, METADATA, values, false).fields())
                        .values()
                        .keySet());
        assertThat(names).containsExactlyElementsOf(values.keySet());
    }

    private static StoredSession intact(RecordCodec format, SessionKeys sessionKeys, Map<String, byte[]> fields) {
        RecordCodec.Reading reading = format.read(sessionKeys, fields);
        if (reading instanceof Valid valid) {
            return valid.session();
        }
        throw new AssertionError(reading.toString());
    }

    private static byte[] field(Map<String, byte[]> fields, String name) {
        byte[] field = fields.get(name);
        if (field == null) {
            throw new AssertionError("no field " + name);
        }
        return field;
    }

    private static SessionKeys locate(KeyRing ring) {
        return new KeyNames(ring, "gatehouse", "app").locate("a", SessionId.random(new SecureRandom()));
    }
}
