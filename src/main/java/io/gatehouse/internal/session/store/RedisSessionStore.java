package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.store.RecordCodec.Writing;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores sessions in Redis. Each operation is one script and one round trip. Thread-safe.
 *
 * <ul>
 *   <li>{@code load.lua} (HLEN, HKEYS, HSTRLEN, HGETALL, HSET t, PEXPIRE) reads a session and records its use.
 *   <li>{@code save.lua} (HGET, HSET, HDEL, PEXPIREAT, ZADD) writes changes if the stored revision tag is the one that was read.
 *   <li>{@code touch.lua} (HMGET, HSET t, PEXPIRE) records a use.
 *   <li>{@code end.lua} (HEXISTS, HGET, UNLINK, ZREM) removes a session.
 * </ul>
 *
 * <p>{@link EndClaims} ends sessions whose listeners must be notified.
 */
public final class RedisSessionStore {
    private static final Script LOAD = Script.load(RedisSessionStore.class, "load.lua", true);
    private static final Script SAVE = Script.load(RedisSessionStore.class, "save.lua", true);
    private static final Script END = Script.load(RedisSessionStore.class, "end.lua", true);
    private static final Script TOUCH = Script.load(RedisSessionStore.class, "touch.lua", true);

    private final Redis redis;
    private final RecordCodec format;
    private final Duration expiryGrace;
    private final Duration newTimeout;
    private final ReplicaAcknowledgement replicaAcknowledgement;

    /**
     * Creates the store.
     *
     * @param expiryGrace the time for which a record outlives its session
     * @param newTimeout the idle timeout of a session without a user until its client returns; zero for none
     */
    public RedisSessionStore(
            Redis redis,
            RecordCodec format,
            Duration expiryGrace,
            Duration newTimeout,
            ReplicaAcknowledgement replicaAcknowledgement) {
        this.redis = redis;
        this.format = format;
        this.expiryGrace = expiryGrace;
        this.newTimeout = newTimeout;
        this.replicaAcknowledgement = replicaAcknowledgement;
    }

    /** The outcome of loading a session. */
    public sealed interface Loaded {}

    /**
     * The session was loaded. Times are milliseconds since 1970.
     *
     * @param now the time of the Redis server
     * @param lastAccess the previous use of the session
     */
    public record Found(StoredSession session, long now, long lastAccess) implements Loaded {}

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
        Response<Loaded> response = pipeline.add(LOAD.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey())
                .args(args -> args.millis(expiryGrace).number(format.mostBytes()))
                .reply(reader -> loaded(sessionKeys, reader.list())));
        return () -> {
            try {
                return response.get();
            } catch (RedisRejectedException e) {
                if (!e.isWrongType()) {
                    throw e; // the error is not about the record
                }
                return new Untrusted(SessionEvent.RECORD_MALFORMED);
            }
        };
    }

    private Loaded loaded(SessionKeys sessionKeys, ReplyReader reply) {
        if (!reply.hasNext()) {
            return new Missing();
        }
        if (reply.remaining() == 1) {
            return new Untrusted(SessionEvent.RECORD_TOO_LARGE);
        }
        Map<String, byte[]> fields = reply.fieldsBeforeLast(2);
        long now = reply.number();
        long lastAccess = reply.number();
        if (lastAccess < 0) {
            return new Untrusted(SessionEvent.RECORD_MALFORMED);
        }
        Loaded loaded = verified(sessionKeys, now, lastAccess, fields);
        return loaded instanceof Found found && found.session().metadata().isExpired(lastAccess, now)
                ? new Lapsed()
                : loaded;
    }

    private Loaded verified(SessionKeys sessionKeys, long now, long lastAccess, Map<String, byte[]> fields) {
        RecordCodec.Reading reading = format.read(sessionKeys, fields);
        return reading instanceof RecordCodec.Valid valid
                ? new Found(valid.session(), now, lastAccess)
                : new Untrusted(((RecordCodec.Invalid) reading).reason());
    }

    /**
     * Stores a session if its stored revision is still the one that was read.
     *
     * @param knownRevisionTag the revision tag that was read, or null for a new session
     * @param dropped the names of fields to remove
     * @param alongside adds other calls to the same pipeline
     */
    public Saved save(
            SessionKeys sessionKeys,
            byte @Nullable [] knownRevisionTag,
            SessionMetadata sessionMetadata,
            Writing writing,
            Collection<String> dropped,
            Consumer<Pipeline> alongside) {
        Pipeline pipeline = new Pipeline();
        Response<Saved> response = pipeline.add(SAVE.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey(), sessionKeys.indexKey())
                .args(args -> args.bytes(knownRevisionTag == null ? new byte[0] : knownRevisionTag)
                        .number(sessionMetadata.idleSeconds() * 1000)
                        .number(sessionMetadata.expiresAt())
                        .millis(expiryGrace)
                        .text(sessionKeys.lookup())
                        .millis(sessionMetadata.user().isEmpty() ? newTimeout : Duration.ZERO)
                        .number(format.mostBytes())
                        .countedTexts(dropped)
                        .fields(writing.fields()))
                .reply(reader -> saved(sessionKeys, writing.revisionTag(), reader.list())));
        alongside.accept(pipeline);
        replicaAcknowledgement.requestForSave(pipeline);
        redis.send(pipeline);
        Saved saved = response.get();
        if (saved instanceof Stored) {
            replicaAcknowledgement.requireSaved(pipeline);
        }
        return saved;
    }

    private Saved saved(SessionKeys sessionKeys, byte[] revisionTag, ReplyReader reply) {
        return switch (reply.oneOf("saved", "gone", "conflict")) {
            case "saved" -> new Stored(reply.number());
            case "gone" -> new Gone();
            default -> conflict(sessionKeys, revisionTag, reply.number(), reply.fields());
        };
    }

    private Saved conflict(SessionKeys sessionKeys, byte[] revisionTag, long now, Map<String, byte[]> fields) {
        if (fields.isEmpty()) {
            return new Conflict(new Untrusted(SessionEvent.RECORD_TOO_LARGE));
        }
        Loaded other = verified(sessionKeys, now, 0, fields);
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
     * @param alongside other calls for the same pipeline
     */
    public Ended end(SessionKeys sessionKeys, byte[] knownRevisionTag, List<RedisCall<Long>> alongside) {
        Pipeline pipeline = new Pipeline();
        Response<Ended> response = pipeline.add(END.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey(), sessionKeys.indexKey())
                .args(args -> args.text(sessionKeys.lookup()).text("alive").bytes(knownRevisionTag))
                .reply(reader -> ended(sessionKeys, reader)));
        alongside.forEach(pipeline::add);
        replicaAcknowledgement.request(pipeline);
        redis.send(pipeline);
        Ended ended = response.get();
        int unused = replicaAcknowledgement.confirmations(pipeline);
        return ended;
    }

    private Ended ended(SessionKeys sessionKeys, ReplyReader reply) {
        if (reply.isList()) {
            ReplyReader changed = reply.list();
            return new Changed(verified(sessionKeys, changed.number(), 0, changed.fields()));
        }
        return reply.flag() ? new Removed() : new AlreadyGone();
    }

    /** Returns a call that records a use of a session. Its reply is the revision tag, or null if the session has ended. */
    public RedisCall<byte @Nullable []> touch(SessionKeys sessionKeys) {
        return TOUCH.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey())
                .args(args -> args.millis(expiryGrace))
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
