package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.lease.HeldLeases;
import io.gatehouse.internal.session.lease.Lease;
import io.gatehouse.internal.session.lease.LeaseRequest;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.RedisSessionStore.Found;
import io.gatehouse.internal.session.store.RedisSessionStore.Lapsed;
import io.gatehouse.internal.session.store.RedisSessionStore.Loaded;
import io.gatehouse.internal.session.store.RedisSessionStore.Missing;
import io.gatehouse.internal.session.store.RedisSessionStore.Untrusted;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads sessions for requests. One round trip. Thread-safe.
 *
 * <ul>
 *   <li>{@code HGETALL <record>}, {@code TIME} and {@code HDEL <record> -}, if this node knows that the use of the session was recorded within the last quarter of
 *       its idle timeout. The caller records the use later.
 *   <li>{@code load.lua} (HLEN, HKEYS, HSTRLEN, HGETALL, HSET t, PEXPIRE) otherwise, which records the use.
 *   <li>{@code load.lua} with a lease request (HSET leases) on a node that holds leases; nothing while the lease is valid.
 * </ul>
 *
 * <p>The plain read accepts a session only if everything is in order: no end claim, a recent last use, a valid record. It rejects only a
 * record that does not exist. In every other case the script decides, in a second round trip. {@code HGETALL} is one command, so nothing
 * that happens before {@code TIME} can mix two states of the record, and the time is never earlier than the record. {@code HDEL} removes
 * nothing; it fails, as the script does, on a former master that has become a replica and may miss the end of a session.
 */
final class SessionLoader {
    private static final Script LOAD = Script.load(SessionLeases.FUNCTIONS, SessionLoader.class, "load.lua", true);
    private static final String END_CLAIM = "e";
    private static final String NOT_RETURNED = "i";

    private final Redis redis;
    private final VerifiedRecords records;
    private final HeldLeases leases;
    private final Duration expiryGrace;
    private final long mostBytes;
    private final LongSupplier nanoTime;

    SessionLoader(
            Redis redis,
            VerifiedRecords records,
            HeldLeases leases,
            Duration expiryGrace,
            long mostBytes,
            LongSupplier nanoTime) {
        this.redis = redis;
        this.records = records;
        this.leases = leases;
        this.expiryGrace = expiryGrace;
        this.mostBytes = mostBytes;
        this.nanoTime = nanoTime;
    }

    /** Adds the loading of a session to a pipeline. The supplier returns the outcome once the pipeline was sent. */
    Supplier<Loaded> load(SessionKeys sessionKeys, Pipeline pipeline) {
        return records.isUsedRecently(sessionKeys)
                ? plain(sessionKeys, pipeline)
                : scripted(sessionKeys, null, pipeline);
    }

    /** As {@link #load(SessionKeys, Pipeline)}; also requests a lease. */
    Supplier<Loaded> load(SessionKeys sessionKeys, LeaseRequest request, Pipeline pipeline) {
        return scripted(sessionKeys, request, pipeline);
    }

    /** Returns the copy of a session on which this node has a valid lease; see {@link RedisSessionStore#leased}. */
    @Nullable
    Found leased(SessionKeys sessionKeys, @Nullable String userTag) {
        VerifiedRecords.Copy copy = records.copy(sessionKeys);
        if (copy == null) {
            return null;
        }
        Lease lease = copy.lease();
        if (!Objects.equals(lease.userTag(), userTag) || !leases.isValid(lease) || leases.shouldRenew(lease)) {
            return null;
        }
        long now = leases.redisTime(lease);
        long used = lease.redisTime();
        return copy.session().metadata().isExpired(used, now) ? null : new Found(copy.session(), now, used, used, true);
    }

    /** Keeps a copy; see {@link RedisSessionStore#keep}. */
    void keep(SessionKeys sessionKeys, LeaseRequest request, Found found) {
        long idle = found.session().metadata().idleSeconds();
        records.keep(
                sessionKeys, new VerifiedRecords.Copy(found.session(), leases.granted(request, idle, found.now())));
    }

    private Supplier<Loaded> plain(SessionKeys sessionKeys, Pipeline pipeline) {
        long asked = nanoTime.getAsLong();
        Response<@Nullable Map<String, byte[]>> record = pipeline.add(RedisCall.hgetall(
                RedisPurpose.SESSIONS,
                sessionKeys.recordKey(),
                mostBytes,
                reply -> reply.isList() ? reply.fields() : null));
        Response<Long> time = pipeline.add(RedisCall.time(RedisPurpose.SESSIONS, sessionKeys.recordKey()));
        Response<Long> writable = // last, so that the server was still the master after the read
                pipeline.add(RedisCall.requireWritable(RedisPurpose.SESSIONS, sessionKeys.recordKey()));
        return () -> {
            Loaded loaded;
            try {
                writable.get();
                loaded = judge(sessionKeys, time.get(), record.get());
            } catch (RedisRejectedException e) {
                loaded = null; // such as a key of another type
            }
            if (loaded instanceof Found found) {
                long sinceUse = Duration.ofMillis(Math.max(0, found.now() - found.recordedAt()))
                        .toNanos();
                records.useRecorded(sessionKeys, asked - sinceUse);
                return loaded;
            }
            records.forget(sessionKeys);
            return loaded == null ? loadByScript(sessionKeys) : loaded;
        };
    }

    /** Returns the session, {@link Missing}, or null if the script must decide. */
    private @Nullable Loaded judge(SessionKeys sessionKeys, long now, @Nullable Map<String, byte[]> fields) {
        if (fields == null) {
            return null;
        }
        if (fields.isEmpty()) {
            return new Missing();
        }
        LastUse lastUse = records.lastUse(sessionKeys, fields.get(LastUse.FIELD));
        if (lastUse == null
                || !lastUse.isRecent(now)
                || fields.containsKey(END_CLAIM)
                || fields.containsKey(NOT_RETURNED)) {
            return null;
        }
        return read(sessionKeys, now, lastUse.at(), lastUse.at(), false, fields) instanceof Found found ? found : null;
    }

    private Loaded loadByScript(SessionKeys sessionKeys) {
        Pipeline pipeline = new Pipeline();
        Supplier<Loaded> loaded = scripted(sessionKeys, null, pipeline);
        redis.send(pipeline);
        return loaded.get();
    }

    private Supplier<Loaded> scripted(SessionKeys sessionKeys, @Nullable LeaseRequest request, Pipeline pipeline) {
        long asked = nanoTime.getAsLong();
        Response<Loaded> response = pipeline.add(LeaseRequest.on(
                LOAD.on(RedisPurpose.SESSIONS),
                sessionKeys.recordKey(),
                KeyNames.leasesKey(sessionKeys.recordKey()),
                request,
                args -> args.millis(expiryGrace).number(mostBytes),
                reader -> loaded(sessionKeys, reader.list())));
        return () -> {
            Loaded loaded;
            try {
                loaded = response.get();
            } catch (RedisRejectedException e) {
                if (!e.isWrongType()) {
                    throw e; // the error is not about the record
                }
                loaded = new Untrusted(SessionEvent.RECORD_MALFORMED);
            }
            if (loaded instanceof Found) {
                records.useRecorded(sessionKeys, asked);
            } else {
                records.forget(sessionKeys);
            }
            return loaded;
        };
    }

    private Loaded loaded(SessionKeys sessionKeys, ReplyReader reply) {
        if (!reply.hasNext()) {
            return new Missing();
        }
        if (reply.remaining() == 1) {
            return new Untrusted(SessionEvent.RECORD_TOO_LARGE);
        }
        Map<String, byte[]> fields = reply.fieldsBeforeLast(3);
        long now = reply.number();
        long lastAccess = reply.number();
        boolean leased = reply.flag();
        return lastAccess < 0
                ? new Untrusted(SessionEvent.RECORD_MALFORMED)
                : read(sessionKeys, now, lastAccess, now, leased, fields);
    }

    private Loaded read(
            SessionKeys sessionKeys,
            long now,
            long lastAccess,
            long recordedAt,
            boolean leased,
            Map<String, byte[]> fields) {
        RecordCodec.Reading reading = records.read(sessionKeys, fields);
        if (!(reading instanceof RecordCodec.Valid valid)) {
            return new Untrusted(((RecordCodec.Invalid) reading).reason());
        }
        return valid.session().metadata().isExpired(lastAccess, now)
                ? new Lapsed()
                : new Found(valid.session(), now, lastAccess, recordedAt, leased);
    }
}
