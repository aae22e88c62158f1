package io.gatehouse.internal.session.store;

import io.gatehouse.RedisRejectedException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.store.RecordCodec.Writing;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.EndReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores sessions in Redis. Each step is one script in one round trip: {@code load.lua} (HLEN, HKEYS, HSTRLEN, HGETALL, HSET t,
 * PEXPIRE), {@code save.lua} (HGET, HSET, HDEL, PEXPIREAT, ZADD), {@code end.lua} (HEXISTS, UNLINK, ZREM) and {@code claim.lua} (HGETALL, HSET
 * e, ZADD) for ends that listeners are notified of. Thread-safe.
 */
public final class RedisSessionStore {
    private static final Script LOAD = Script.load(RedisSessionStore.class, "load.lua", true);
    private static final Script SAVE = Script.load(RedisSessionStore.class, "save.lua", true);
    private static final Script END = Script.load(RedisSessionStore.class, "end.lua", true);
    private static final Script CLAIM = Script.load(RedisSessionStore.class, "claim.lua", false);
    private static final Script TOUCH = Script.load(RedisSessionStore.class, "touch.lua", true);

    /** After how long another node may claim an end that this node has claimed and not removed. */
    static final Duration CLAIM_LEASE = Duration.ofMinutes(1);

    /** The field with the last use, which only scripts write. */
    private static final String LAST_USE = "t";

    private final Redis redis;
    private final RecordCodec format;
    private final Duration expiryGrace;
    private final Duration newTimeout;
    private final ReplicaAcknowledgement replicaAcknowledgement;

    /** @param newTimeout the idle time-out of a session without a user until its client has come back; zero for none */
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

    /** Times are milliseconds since 1970: the server's now, and when the session was used before. */
    public record Found(StoredSession session, long now, long lastAccess) implements Loaded {}

    record Missing() implements Loaded {}

    /** The script returned it as alive, but its signed lifetime has passed. */
    public record Lapsed() implements Loaded {}

    /** There is a record, but its signature or its form is invalid. */
    public record Untrusted(SessionEvent reason) implements Loaded {}

    /** The outcome of a save. */
    public sealed interface Saved {}

    /** With the server's time in milliseconds since 1970. */
    public record Stored(long now) implements Saved {}

    /** The session ended meanwhile; nothing was stored. */
    record Gone() implements Saved {}

    /** Another node stored changes first; this is what the session is now. */
    public record Conflict(Loaded theirs) implements Saved {}

    /** Puts the reading of a session into a flight; the answer is there once it was sent. */
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
                    throw e; // it says nothing of the record
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
     * Stores a session as it now is, if it still is as we knew it.
     *
     * @param knownSeal the seal it had when it was read, or null if it is new
     * @param dropped names of fields that are to go
     * @param alongside adds what else belongs into the same flight
     */
    public Saved save(
            SessionKeys sessionKeys,
            byte @Nullable [] knownSeal,
            SessionMetadata sessionMetadata,
            Writing writing,
            Collection<String> dropped,
            Consumer<Pipeline> alongside) {
        Pipeline pipeline = new Pipeline();
        Response<Saved> response = pipeline.add(SAVE.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey(), sessionKeys.indexKey())
                .args(args -> args.bytes(knownSeal == null ? new byte[0] : knownSeal)
                        .number(sessionMetadata.idleSeconds() * 1000)
                        .number(sessionMetadata.expiresAt())
                        .millis(expiryGrace)
                        .text(sessionKeys.lookup())
                        .millis(sessionMetadata.user().isEmpty() ? newTimeout : Duration.ZERO)
                        .number(format.mostBytes())
                        .countedTexts(dropped)
                        .fields(writing.fields()))
                .reply(reader -> saved(sessionKeys, writing.seal(), reader.list())));
        alongside.accept(pipeline);
        replicaAcknowledgement.askForSave(pipeline);
        redis.send(pipeline);
        Saved saved = response.get();
        if (saved instanceof Stored) {
            replicaAcknowledgement.requireSaved(pipeline);
        }
        return saved;
    }

    private Saved saved(SessionKeys sessionKeys, byte[] seal, ReplyReader reply) {
        return switch (reply.oneOf("saved", "gone", "conflict")) {
            case "saved" -> new Stored(reply.number());
            case "gone" -> new Gone();
            default -> conflict(sessionKeys, seal, reply.number(), reply.fields());
        };
    }

    private Saved conflict(SessionKeys sessionKeys, byte[] seal, long now, Map<String, byte[]> fields) {
        if (fields.isEmpty()) {
            return new Conflict(new Untrusted(SessionEvent.RECORD_TOO_LARGE));
        }
        Loaded theirs = verified(sessionKeys, now, 0, fields);
        boolean ours =
                theirs instanceof Found found && Arrays.equals(found.session().seal(), seal);
        // the reply to our first attempt was lost on its way
        return ours ? new Stored(now) : new Conflict(theirs);
    }

    /** The outcome of ending a session. */
    public sealed interface Ended {}

    /** It was there and has ended. */
    public record Removed() implements Ended {}

    /** It had ended before. */
    record AlreadyGone() implements Ended {}

    /** It was changed since it was read; this is what it is now, and it has not ended. */
    public record Changed(Loaded theirs) implements Ended {}

    /**
     * Ends a session that is alive, if it still is as it was read.
     *
     * @param knownSeal the seal it had when it was read
     */
    public Ended end(SessionKeys sessionKeys, byte[] knownSeal, List<RedisCall<Long>> alongside) {
        Pipeline pipeline = new Pipeline();
        Response<Ended> response = pipeline.add(END.on(RedisPurpose.SESSIONS)
                .keys(sessionKeys.recordKey(), sessionKeys.indexKey())
                .args(args -> args.text(sessionKeys.lookup()).text("alive").bytes(knownSeal))
                .reply(reader -> ended(sessionKeys, reader)));
        alongside.forEach(pipeline::add);
        replicaAcknowledgement.ask(pipeline);
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

    /** Removes a session whose end was claimed, after its listeners were notified. */
    public RedisCall<Long> removeClaimed(byte[] recordKey, byte[] indexKey, String lookup) {
        return END.on(RedisPurpose.SESSIONS)
                .keys(recordKey, indexKey)
                .args(args -> args.text(lookup).text("claimed").empty())
                .reply(ReplyReader::number);
    }

    /** Returns the last use of a record, or 0 if it is unknown. */
    public static long lastAccess(Map<String, byte[]> fields) {
        byte[] touch = fields.get(LAST_USE);
        return touch == null ? 0 : lastAccess(new String(touch, StandardCharsets.UTF_8));
    }

    static long lastAccess(String touch) {
        int slash = touch.indexOf('/');
        try {
            return slash < 0 ? 0 : Long.parseLong(touch.substring(0, slash));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Notes that a session is in use; the reply is its seal, or null if it is not alive. */
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

    /** The outcome of claiming an end. */
    public sealed interface EndClaim {}

    /** This node notifies the listeners; the record stays until then, and no other node can read it. */
    public record Claimed(EndReason reason, Map<String, byte[]> fields) implements EndClaim {}

    /** It is not there, is still alive, or another node notifies the listeners. */
    record NotClaimed() implements EndClaim {}

    /**
     * Claims the end of a session.
     *
     * @param reason why it is to end, or null to end it only if it has expired
     * @param notifies whether this node notifies the listeners next; if not, another node may claim it at once
     */
    public RedisCall<EndClaim> claim(
            byte[] recordKey, byte[] indexKey, String lookup, @Nullable EndReason reason, boolean notifies) {
        return CLAIM.on(RedisPurpose.SESSIONS)
                .keys(recordKey, indexKey)
                .args(args -> args.text(lookup)
                        .text(reason == null ? "" : reason.label())
                        .millis(notifies ? CLAIM_LEASE : Duration.ZERO)
                        .number(format.mostBytes()))
                .reply(reader -> claimed(reader.list()));
    }

    private static EndClaim claimed(ReplyReader reply) {
        return reply.oneOf("claimed", "missing", "alive", "claimed elsewhere").equals("claimed")
                ? new Claimed(SessionInfoFactory.reason(reply.text()), reply.fields())
                : new NotClaimed();
    }
}
