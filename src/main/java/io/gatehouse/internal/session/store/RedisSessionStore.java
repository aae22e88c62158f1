package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.lease.HeldLeases;
import io.gatehouse.internal.session.lease.LeaseChange;
import io.gatehouse.internal.session.lease.LeaseRequest;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.RecordCodec.Writing;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores sessions in Redis. Each operation is one round trip. Thread-safe.
 *
 * <ul>
 *   <li>{@code HGETALL} and {@code TIME}, or {@code load.lua}, read a session; see {@link SessionLoader}.
 *   <li>{@code save.lua} (HMGET, HSET, HDEL, PEXPIREAT, ZADD) writes changes if the stored revision tag is the one that was read.
 *   <li>{@code touch.lua} (HMGET, HSET t, PEXPIRE) records a use.
 *   <li>{@code end.lua} (HEXISTS, HGET, UNLINK, ZREM) removes a session.
 * </ul>
 *
 * <p>{@code save.lua} and {@code end.lua} also notify the nodes that hold {@linkplain SessionLeases leases} (HGETALL, PUBLISH). The caller
 * closes the {@link LeaseChange} before it answers its client.
 *
 * <p>{@link EndClaims} ends sessions whose listeners must be notified.
 */
public final class RedisSessionStore {
    private static final Script SAVE = Script.load(SessionLeases.FUNCTIONS, RedisSessionStore.class, "save.lua", true);
    private static final Script END = Script.load(SessionLeases.FUNCTIONS, RedisSessionStore.class, "end.lua", true);
    private static final Script TOUCH = Script.load(RedisSessionStore.class, "touch.lua", true);

    private final Redis redis;
    private final RecordCodec format;
    private final VerifiedRecords records;
    private final SessionLoader loader;
    private final Duration expiryGrace;
    private final Duration newTimeout;
    private final ReplicaAcknowledgement replicaAcknowledgement;
    private final LongSupplier nanoTime;

    /**
     * Creates the store.
     *
     * @param expiryGrace the time for which a record outlives its session
     * @param newTimeout the idle timeout of a session without a user until its client returns; zero for none
     * @param leases the leases of this node
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public RedisSessionStore(
            Redis redis,
            RecordCodec format,
            Duration expiryGrace,
            Duration newTimeout,
            ReplicaAcknowledgement replicaAcknowledgement,
            HeldLeases leases,
            LongSupplier nanoTime) {
        this.redis = redis;
        this.format = format;
        this.records = new VerifiedRecords(format, nanoTime);
        this.loader = new SessionLoader(redis, records, leases, expiryGrace, format.mostBytes(), nanoTime);
        this.expiryGrace = expiryGrace;
        this.newTimeout = newTimeout;
        this.replicaAcknowledgement = replicaAcknowledgement;
        this.nanoTime = nanoTime;
    }

    /** The outcome of loading a session. */
    public sealed interface Loaded {}

    /**
     * The session was loaded. Times are milliseconds since 1970.
     *
     * @param now the time of the Redis server
     * @param lastAccess the previous use of the session
     * @param recordedAt the last use that Redis has: this one, or the previous one if the caller must record this one
     * @param leased whether the requested lease was granted
     */
    public record Found(StoredSession session, long now, long lastAccess, long recordedAt, boolean leased)
            implements Loaded {}

    /** The session does not exist or has ended. */
    record Missing() implements Loaded {}

    /** The script returned it as alive, but its signed lifetime has passed. */
    public record Lapsed() implements Loaded {}

    /** The record exists, but its signature or its format is invalid. */
    public record Untrusted(SessionEvent reason) implements Loaded {}

    /** The outcome of a save. */
    public sealed interface Saved {}

    /**
     * The changes were stored.
     *
     * @param now the time of the Redis server, in milliseconds since 1970
     */
    public record Stored(long now) implements Saved {}

    /** The session has ended; nothing was stored. */
    record Gone() implements Saved {}

    /** Another node stored changes first; nothing was stored. */
    public record Conflict(Loaded current) implements Saved {}

    /** Adds the loading of a session to a pipeline. The supplier returns the outcome once the pipeline was sent. */
    public Supplier<Loaded> load(SessionKeys sessionKeys, Pipeline pipeline) {
        return loader.load(sessionKeys, pipeline);
    }

    /** As {@link #load(SessionKeys, Pipeline)}; also requests a lease. {@link Found#leased} says whether it was granted. */
    public Supplier<Loaded> load(SessionKeys sessionKeys, LeaseRequest request, Pipeline pipeline) {
        return loader.load(sessionKeys, request, pipeline);
    }

    /** Returns the copy of a session on which this node has a valid lease, or null if Redis must be asked. Sends nothing. */
    public @Nullable Found leased(SessionKeys sessionKeys, @Nullable String userTag) {
        return loader.leased(sessionKeys, userTag);
    }

    /** Keeps a session that was read with a lease as a copy that requests are answered from. */
    public void keep(SessionKeys sessionKeys, LeaseRequest request, Found found) {
        loader.keep(sessionKeys, request, found);
    }

    private Loaded verified(SessionKeys sessionKeys, long now, Map<String, byte[]> fields) {
        RecordCodec.Reading reading = format.read(sessionKeys, fields);
        return reading instanceof RecordCodec.Valid valid
                ? new Found(valid.session(), now, 0, 0, false)
                : new Untrusted(((RecordCodec.Invalid) reading).reason());
    }

    /**
     * Stores a session if its stored revision is still the one that was read.
     *
     * @param knownRevisionTag the revision tag that was read, or null for a new session
     * @param dropped the names of fields to remove
     * @param change what waits until no other node has a copy without the change
     * @param alongside adds other calls to the same pipeline
     */
    public Saved save(
            SessionKeys sessionKeys,
            byte @Nullable [] knownRevisionTag,
            SessionMetadata sessionMetadata,
            Writing writing,
            Collection<String> dropped,
            LeaseChange change,
            Consumer<Pipeline> alongside) {
        long asked = nanoTime.getAsLong();
        Pipeline pipeline = new Pipeline();
        Response<Saved> response = pipeline.add(SAVE.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey(), sessionKeys.indexKey(), KeyNames.leasesKey(sessionKeys.recordKey()))
                .args(args -> change.addTo(args.bytes(knownRevisionTag == null ? new byte[0] : knownRevisionTag)
                                .number(sessionMetadata.idleSeconds() * 1000)
                                .number(sessionMetadata.expiresAt())
                                .millis(expiryGrace)
                                .text(sessionKeys.lookup())
                                .millis(sessionMetadata.user().isEmpty() ? newTimeout : Duration.ZERO)
                                .number(format.mostBytes()))
                        .countedTexts(dropped)
                        .fields(writing.fields()))
                .reply(reader -> saved(sessionKeys, writing.revisionTag(), reader.list(), change)));
        alongside.accept(pipeline);
        replicaAcknowledgement.requestForSave(pipeline);
        redis.send(pipeline);
        Saved saved = response.get();
        if (saved instanceof Stored) {
            records.stored(sessionKeys, knownRevisionTag, sessionMetadata, writing, dropped, asked);
            replicaAcknowledgement.requireSaved(pipeline);
        }
        return saved;
    }

    private Saved saved(SessionKeys sessionKeys, byte[] revisionTag, ReplyReader reply, LeaseChange change) {
        Saved saved = switch (reply.oneOf("saved", "gone", "conflict")) {
            case "saved" -> new Stored(reply.number());
            case "gone" -> new Gone();
            default -> conflict(sessionKeys, revisionTag, reply.number(), reply.fields());
        };
        if (!(saved instanceof Conflict)) { // the caller repeats the save
            change.readHolders(reply);
        }
        return saved;
    }

    private Saved conflict(SessionKeys sessionKeys, byte[] revisionTag, long now, Map<String, byte[]> fields) {
        if (fields.isEmpty()) {
            return new Conflict(new Untrusted(SessionEvent.RECORD_TOO_LARGE));
        }
        Loaded other = verified(sessionKeys, now, fields);
        // this revision is stored already if the reply to a first attempt was lost
        boolean alreadyStored =
                other instanceof Found found && Arrays.equals(found.session().revisionTag(), revisionTag);
        return alreadyStored ? new Stored(now) : new Conflict(other);
    }

    /** The outcome of ending a session. */
    public sealed interface Ended {}

    /** This call has ended the session. */
    public record Removed() implements Ended {}

    /** The session had ended before. */
    record AlreadyGone() implements Ended {}

    /** The session was changed after it was read, and has not ended. */
    public record Changed(Loaded current) implements Ended {}

    /**
     * Ends a live session if its stored revision is still the one that was read.
     *
     * @param knownRevisionTag the revision tag that was read
     * @param change what waits until no other node has a copy
     * @param alongside other calls for the same pipeline
     */
    public Ended end(
            SessionKeys sessionKeys, byte[] knownRevisionTag, LeaseChange change, List<RedisCall<Long>> alongside) {
        Pipeline pipeline = new Pipeline();
        Response<Ended> response = pipeline.add(END.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey(), sessionKeys.indexKey(), KeyNames.leasesKey(sessionKeys.recordKey()))
                .args(args -> change.addTo(
                        args.text(sessionKeys.lookup()).text("alive").bytes(knownRevisionTag)))
                .reply(reader -> ended(sessionKeys, reader.list(), change)));
        alongside.forEach(pipeline::add);
        replicaAcknowledgement.request(pipeline);
        redis.send(pipeline);
        Ended ended = response.get();
        int unused = replicaAcknowledgement.confirmations(pipeline);
        return ended;
    }

    private Ended ended(SessionKeys sessionKeys, ReplyReader reply, LeaseChange change) {
        String outcome = reply.oneOf("removed", "gone", "changed");
        if (outcome.equals("changed")) {
            return new Changed(verified(sessionKeys, reply.number(), reply.fields()));
        }
        change.readHolders(reply);
        return outcome.equals("removed") ? new Removed() : new AlreadyGone();
    }

    /**
     * Returns a call that records a use of a session. Its reply is the revision tag, or null if the session has ended.
     *
     * @param ago the time that has passed since the use
     */
    public RedisCall<byte @Nullable []> touch(SessionKeys sessionKeys, Duration ago) {
        return TOUCH.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey())
                .args(args -> args.millis(expiryGrace).millis(ago))
                .reply(RedisSessionStore::touched);
    }

    private static byte @Nullable [] touched(ReplyReader reply) {
        if (reply.isText()) {
            return reply.bytes();
        }
        long unused = reply.number();
        return null;
    }
}
