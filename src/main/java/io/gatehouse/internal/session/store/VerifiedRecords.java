package io.gatehouse.internal.session.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.serialization.ByteWriter;
import io.gatehouse.internal.session.lease.Lease;
import io.gatehouse.internal.session.store.RecordCodec.Reading;
import io.gatehouse.internal.session.store.RecordCodec.Valid;
import io.gatehouse.internal.session.store.RecordCodec.Writing;
import io.gatehouse.internal.session.token.SessionKeys;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The records that this node has verified or stored recently. A record whose bytes are the same as before is not verified, decrypted or
 * parsed again.
 * A read compares the bytes that Redis has just returned; only while this node has a {@link Lease} on the session, the record
 * answers in place of Redis. Thread-safe.
 *
 * <p>An entry is found by the lookup, which is a keyed hash of the session id, and holds every field that the verification covers. The key
 * ring and the application never change during the life of this object. So equal bytes under the same lookup have the same result. Only
 * valid records are kept, up to {@link #MOST_BYTES} bytes in all, and for {@link #UNUSED} after their last read.
 *
 * <p>Also knows how long ago the use of each session was recorded in Redis at the latest, which decides whether a plain read suffices.
 */
final class VerifiedRecords {
    private static final Duration UNUSED = Duration.ofMinutes(10);
    private static final long MOST_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 32);

    /** The share of the idle timeout within which a recorded use makes a plain read sufficient: a quarter. */
    private static final int RECENT = 4;

    private static final int PER_RECORD = 512;
    private static final int PER_VALUE = 160;

    private final RecordCodec format;
    private final LongSupplier nanoTime;
    private final Cache<String, Entry> entries = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((String lookup, Entry entry) -> entry.weight())
            .expireAfterAccess(UNUSED)
            .executor(Runnable::run)
            .build();

    /** @param nanoTime a monotonic clock, as {@link System#nanoTime()} */
    VerifiedRecords(RecordCodec format, LongSupplier nanoTime) {
        this.format = format;
        this.nanoTime = nanoTime;
    }

    /** A valid record with the bytes that were verified. */
    private static final class Entry {
        final Map<String, byte[]> fields;
        final Valid valid;

        /** When the use was recorded at the latest, by the monotonic clock; null if unknown. */
        volatile @Nullable Long recordedAt;

        /** The lease on the record, or null if requests must ask Redis. */
        volatile @Nullable Lease lease;

        /** The last field {@code t} whose check was right, with its content. */
        volatile @Nullable Use use;

        Entry(Map<String, byte[]> fields, Valid valid) {
            this.fields = fields;
            this.valid = valid;
        }

        boolean hasSame(Map<String, byte[]> others) {
            for (Map.Entry<String, byte[]> field : fields.entrySet()) {
                if (!Arrays.equals(field.getValue(), others.get(field.getKey()))) {
                    return false;
                }
            }
            return true;
        }

        int weight() {
            long bytes =
                    PER_RECORD + (long) PER_VALUE * valid.session().values().size();
            for (byte[] field : fields.values()) {
                bytes += 2L * field.length; // the stored and the decoded bytes
            }
            return (int) Math.min(bytes, Integer.MAX_VALUE);
        }
    }

    /** A record with the lease that allows this node to answer from it. */
    record Copy(StoredSession session, Lease lease) {}

    /** Returns the copy of a session, whether or not its lease is still valid, or null if there is none. */
    @Nullable
    Copy copy(SessionKeys sessionKeys) {
        Entry entry = entries.getIfPresent(sessionKeys.lookup());
        Lease lease = entry == null ? null : entry.lease;
        return entry == null || lease == null ? null : new Copy(entry.valid.session(), lease);
    }

    /** Keeps the lease on a record; has no effect if a later record was read meanwhile. */
    void keep(SessionKeys sessionKeys, Copy copy) {
        Entry entry = entries.getIfPresent(sessionKeys.lookup());
        if (entry != null
                && Arrays.equals(
                        entry.valid.session().revisionTag(), copy.session().revisionTag())) {
            entry.lease = copy.lease();
        }
    }

    private record Use(byte[] field, LastUse lastUse) {}

    /** Verifies and reads a record, as {@link RecordCodec#read}; without verification if its bytes are those of the last valid one. */
    Reading read(SessionKeys sessionKeys, Map<String, byte[]> fields) {
        Entry before = entries.getIfPresent(sessionKeys.lookup());
        if (before != null && before.hasSame(fields)) {
            return before.valid;
        }
        Reading reading = format.read(sessionKeys, fields);
        if (reading instanceof Valid valid) {
            Entry entry = new Entry(covered(fields, valid), valid);
            if (before != null) {
                entry.recordedAt = before.recordedAt;
                entry.use = before.use;
            }
            entries.put(sessionKeys.lookup(), entry);
        }
        return reading;
    }

    /**
     * Keeps a record that this node has just stored over one that it had verified, as if it had been read. Has no effect on a new session,
     * whose client may never return, nor if the record that was replaced is unknown, because a save writes only what has changed.
     *
     * @param known the revision tag that the save has replaced, or null for a new session
     * @param dropped the names of the fields that the save has removed
     * @param asked a time before the save, which counts as a use, by the monotonic clock
     */
    void stored(
            SessionKeys sessionKeys,
            byte @Nullable [] known,
            SessionMetadata metadata,
            Writing writing,
            Collection<String> dropped,
            long asked) {
        Entry before = entries.getIfPresent(sessionKeys.lookup());
        if (before == null
                || !Arrays.equals(before.valid.session().revisionTag(), known)
                || !isReadAsWritten(metadata, writing)) {
            return;
        }
        Map<String, byte[]> fields = new HashMap<>(before.fields);
        fields.keySet().removeAll(dropped);
        fields.putAll(writing.fields());
        Entry entry = new Entry(
                fields, new Valid(new StoredSession(metadata, writing.revisionTag(), writing.values(), true)));
        boolean returned = before.recordedAt != null; // otherwise a script must record that the client has returned
        entry.recordedAt = returned ? asked : null;
        entries.put(sessionKeys.lookup(), entry);
    }

    /** Returns whether every text of a record is read as it was written. UTF-8 has no form for half of a surrogate pair. */
    private static boolean isReadAsWritten(SessionMetadata metadata, Writing writing) {
        boolean exact = ByteWriter.isExact(metadata.user());
        for (Map.Entry<String, String> detail : metadata.details().entrySet()) {
            exact &= ByteWriter.isExact(detail.getKey()) && ByteWriter.isExact(detail.getValue());
        }
        for (String name : writing.values().keySet()) {
            exact &= ByteWriter.isExact(name);
        }
        return exact;
    }

    /** Returns the fields that the verification covers. */
    private static Map<String, byte[]> covered(Map<String, byte[]> fields, Valid valid) {
        Map<String, byte[]> covered = new HashMap<>(fields);
        covered.keySet().retainAll(RecordCodec.allFieldNames(valid.session().values()));
        return covered;
    }

    /**
     * Returns whether a plain read of a session suffices: its record was valid, and its use was recorded within a quarter of the idle
     * timeout, so that the session cannot expire before the use is recorded again.
     */
    boolean isUsedRecently(SessionKeys sessionKeys) {
        Entry entry = entries.getIfPresent(sessionKeys.lookup());
        Long recorded = entry == null ? null : entry.recordedAt;
        if (entry == null || recorded == null) {
            return false;
        }
        long idle = Duration.ofSeconds(entry.valid.session().metadata().idleSeconds())
                .toNanos();
        return idle == 0 || nanoTime.getAsLong() - recorded < idle / RECENT;
    }

    /** Records when the use of a session was recorded in Redis at the latest, by the monotonic clock. */
    void useRecorded(SessionKeys sessionKeys, long nanos) {
        Entry entry = entries.getIfPresent(sessionKeys.lookup());
        if (entry != null) {
            entry.recordedAt = nanos;
        }
    }

    /** Returns the last use that a field contains, or null if it is malformed. Compares a field that was checked before. */
    @Nullable
    LastUse lastUse(SessionKeys sessionKeys, byte @Nullable [] field) {
        if (field == null) {
            return null;
        }
        Entry entry = entries.getIfPresent(sessionKeys.lookup());
        Use known = entry == null ? null : entry.use;
        if (known != null && Arrays.equals(known.field(), field)) {
            return known.lastUse();
        }
        LastUse lastUse = LastUse.checked(field);
        if (entry != null && lastUse != null) {
            entry.use = new Use(field, lastUse);
        }
        return lastUse;
    }

    /** Forgets a record, so that the next read of it is a script. */
    void forget(SessionKeys sessionKeys) {
        entries.invalidate(sessionKeys.lookup());
    }
}
