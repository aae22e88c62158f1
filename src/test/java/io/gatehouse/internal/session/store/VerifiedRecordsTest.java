package io.gatehouse.internal.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.store.RecordCodec.Invalid;
import io.gatehouse.internal.session.store.RecordCodec.Valid;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Keys;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records that a node has verified: equal bytes are not verified again, all others are. */
class VerifiedRecordsTest {
    private static final byte[] APPLICATION = "app".getBytes(StandardCharsets.UTF_8);
    private static final KeyRing RING = Keys.ring("a:" + App.randomKey());
    private static final SessionMetadata METADATA =
            new SessionMetadata(7, 1_000, 2_000, 43_201_000, 1800, 2, 0, "alice", Map.of());

    private static final Map<String, StoredValue> VALUES = Map.of(
            "small", StoredValue.inline(new byte[] {1, 10, 1, 65}), "large", StoredValue.separate(new byte[300], 0));

    private final AtomicLong nanos = new AtomicLong();
    private final SessionKeys here = locate();
    private final SessionKeys there = locate();

    private static SessionKeys locate() {
        return new KeyNames(RING, "gatehouse", "app").locate("a", SessionId.random(new SecureRandom()));
    }

    private static RecordCodec format(boolean encrypt) {
        return new RecordCodec(RING, APPLICATION, encrypt, new RecordSize(32 << 20));
    }

    private VerifiedRecords records(boolean encrypt) {
        return new VerifiedRecords(format(encrypt), nanos::get);
    }

    private static Map<String, byte[]> written(SessionKeys sessionKeys, boolean encrypt) {
        return format(encrypt).write(sessionKeys, METADATA, VALUES, false).fields();
    }

    private RecordCodec.Writing write(SessionMetadata metadata, Map<String, StoredValue> values, boolean encrypt) {
        return format(encrypt).write(here, metadata, values, false);
    }

    /** Returns a copy as another reply of Redis would contain it. */
    private static Map<String, byte[]> again(Map<String, byte[]> fields) {
        Map<String, byte[]> copy = new HashMap<>();
        fields.forEach((name, bytes) -> copy.put(name, bytes.clone()));
        return copy;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalBytesAreNotVerifiedAgain(boolean encrypt) {
        VerifiedRecords records = records(encrypt);
        Map<String, byte[]> fields = written(here, encrypt);
        StoredSession first = ((Valid) records.read(here, fields)).session();
        Map<String, byte[]> later = again(fields);
        later.put("t", new byte[] {'1'});
        later.put("other", new byte[] {'x'});
        assertThat(((Valid) records.read(here, later)).session()).isSameAs(first);
        records.forget(here);
        assertThat(((Valid) records.read(here, later)).session()).isNotSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyOtherByteIsVerified(boolean encrypt) {
        VerifiedRecords records = records(encrypt);
        Map<String, byte[]> fields = written(here, encrypt);
        assertThat(records.read(here, fields)).isInstanceOf(Valid.class);
        for (String name : fields.keySet()) {
            for (int i = 0; i < fields.getOrDefault(name, new byte[0]).length; i++) {
                Map<String, byte[]> changed = again(fields);
                changed.getOrDefault(name, new byte[0])[i] ^= 1;
                assertThat(records.read(here, changed))
                        .as("byte %d of %s", i, name)
                        .isInstanceOf(Invalid.class);
            }
            Map<String, byte[]> without = again(fields);
            without.remove(name);
            assertThat(records.read(here, without)).as("without %s", name).isInstanceOf(Invalid.class);
        }
    }

    @Test
    void aVerifiedRecordIsNotValidForAnotherSession() {
        VerifiedRecords records = records(false);
        Map<String, byte[]> fields = written(here, false);
        assertThat(records.read(here, fields)).isInstanceOf(Valid.class);
        assertThat(records.read(there, fields)).isInstanceOf(Invalid.class);
        assertThat(records.read(there, written(there, false))).isInstanceOf(Valid.class);
        assertThat(records.read(there, fields)).isInstanceOf(Invalid.class);
    }

    @Test
    void aPlainReadSufficesForAQuarterOfTheIdleTimeout() {
        VerifiedRecords records = records(false);
        records.useRecorded(here, 0);
        assertThat(records.isUsedRecently(here)).as("an unknown session").isFalse();
        records.read(here, written(here, false));
        assertThat(records.isUsedRecently(here)).as("an unknown use").isFalse();
        records.useRecorded(here, nanos.get());
        nanos.addAndGet(Duration.ofSeconds(449).toNanos());
        assertThat(records.isUsedRecently(here)).isTrue();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(records.isUsedRecently(here)).isFalse();
        records.useRecorded(here, nanos.get());
        records.forget(here);
        assertThat(records.isUsedRecently(here)).isFalse();
    }

    @Test
    void theLastUseIsCheckedUnlessItsFieldIsTheSame() {
        VerifiedRecords records = records(false);
        records.read(here, written(here, false));
        byte[] field = "5/1800000/43201000/3b6c0e92".getBytes(StandardCharsets.US_ASCII);
        LastUse lastUse = LastUse.checked(field);
        if (lastUse == null) {
            throw new AssertionError("the check is that of the scripts");
        }
        assertThat(records.lastUse(here, field)).isEqualTo(lastUse);
        assertThat(records.lastUse(here, field.clone())).isEqualTo(lastUse);
        assertThat(lastUse).isEqualTo(new LastUse(5, 1_800_000, 43_201_000));
        for (int i = 0; i < field.length; i++) {
            byte[] changed = field.clone();
            changed[i] ^= 1;
            assertThat(records.lastUse(here, changed)).as("byte %d", i).isNull();
        }
        assertThat(records.lastUse(here, null)).isNull();
        assertThat(records.lastUse(here, new byte[0])).isNull();
    }

    @Test
    void aUseIsRecentForHalfOfTheIdleTimeoutAndUntilTheAbsoluteEnd() {
        LastUse lastUse = new LastUse(1_000, 600, 2_000);
        assertThat(lastUse.isRecent(900)).as("the clock of another master").isTrue();
        assertThat(lastUse.isRecent(1_299)).isTrue();
        assertThat(lastUse.isRecent(1_300)).isFalse();
        assertThat(new LastUse(1_900, 600, 2_000).isRecent(2_000)).isFalse();
        assertThat(new LastUse(1_000, 0, 0).isRecent(Long.MAX_VALUE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStoredRecordIsNotVerifiedWhenItIsRead(boolean encrypt) {
        VerifiedRecords records = records(encrypt);
        RecordCodec.Writing created = write(METADATA, VALUES, encrypt);
        records.read(here, created.fields());

        Map<String, StoredValue> fewer = Map.of("large", created.values().get("large"));
        RecordCodec.Writing saved = write(METADATA.withVersion(8), fewer, encrypt);
        assertThat(saved.fields()).as("the large value is not written again").doesNotContainKey("v0");
        records.stored(here, created.revisionTag(), METADATA.withVersion(8), saved, List.of(), 0);
        Map<String, byte[]> stored = again(created.fields());
        stored.putAll(again(saved.fields()));
        StoredSession second = ((Valid) records.read(here, stored)).session();
        assertThat(second.revisionTag()).isSameAs(saved.revisionTag());
        assertSameAsDecoded(second, stored, encrypt);

        RecordCodec.Writing emptied = write(METADATA.withVersion(9), Map.of(), encrypt);
        records.stored(here, saved.revisionTag(), METADATA.withVersion(9), emptied, List.of("v0"), 0);
        assertThat(((Valid) records.read(here, emptied.fields())).session().revisionTag())
                .isSameAs(emptied.revisionTag());
    }

    private void assertSameAsDecoded(StoredSession session, Map<String, byte[]> fields, boolean encrypt) {
        StoredSession decoded = ((Valid) format(encrypt).read(here, fields)).session();
        assertThat(session.metadata()).isEqualTo(decoded.metadata());
        assertThat(session.values()).isEqualTo(decoded.values());
        assertThat(session.current()).isEqualTo(decoded.current());
    }

    /** A record of which this node does not know every field must be verified as a whole. */
    @Test
    void aSaveOverAnUnknownRevisionIsVerifiedWhenItIsRead() {
        VerifiedRecords records = records(false);
        RecordCodec.Writing created = write(METADATA, VALUES, false);
        RecordCodec.Writing saved = write(METADATA.withVersion(8), created.values(), false);
        records.stored(here, created.revisionTag(), METADATA.withVersion(8), saved, List.of(), 0);
        Map<String, byte[]> stored = again(created.fields());
        stored.putAll(saved.fields());
        stored.put("v0", new byte[300]);
        stored.getOrDefault("v0", new byte[0])[7] = 1;
        assertThat(records.read(here, stored)).isInstanceOf(Invalid.class);
    }

    @Test
    void aStoredTextThatUtf8CannotEncodeIsReadAsOtherNodesReadIt() {
        VerifiedRecords records = records(false);
        SessionMetadata metadata = METADATA.withUser("half \ud800", 1);
        RecordCodec.Writing created = write(metadata, VALUES, false);
        records.stored(here, null, metadata, created, List.of(), 0);
        assertThat(((Valid) records.read(here, created.fields()))
                        .session()
                        .metadata()
                        .user())
                .isEqualTo("half ?");
    }

    @Test
    void aSaveCountsAsAUseOnlyIfTheClientHasReturnedBefore() {
        VerifiedRecords records = records(false);
        RecordCodec.Writing created = write(METADATA, VALUES, false);
        records.read(here, created.fields());
        records.stored(here, created.revisionTag(), METADATA, created, List.of(), nanos.get());
        assertThat(records.isUsedRecently(here)).as("an unknown use").isFalse();
        records.useRecorded(here, nanos.get());
        nanos.addAndGet(Duration.ofSeconds(440).toNanos());
        RecordCodec.Writing saved = write(METADATA.withVersion(8), created.values(), false);
        records.stored(here, created.revisionTag(), METADATA.withVersion(8), saved, List.of(), nanos.get());
        nanos.addAndGet(Duration.ofSeconds(440).toNanos());
        assertThat(records.isUsedRecently(here)).as("a save since then").isTrue();
    }
}
