package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisRejected;
import io.gatehouse.redis.Reply;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import io.gatehouse.session.RecordFormat.Writing;
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
final class SessionStore {
    private static final Script LOAD = Script.beside(SessionStore.class, "load.lua", true);
    private static final Script SAVE = Script.beside(SessionStore.class, "save.lua", true);
    private static final Script END = Script.beside(SessionStore.class, "end.lua", true);
    private static final Script CLAIM = Script.beside(SessionStore.class, "claim.lua", false);
    private static final Script TOUCH = Script.beside(SessionStore.class, "touch.lua", true);

    /** After how long another node may claim an end that this node has claimed and not removed. */
    static final Duration CLAIM_LEASE = Duration.ofMinutes(1);

    /** The field with the last use, which only scripts write. */
    private static final String LAST_USE = "t";

    private final Redis redis;
    private final RecordFormat format;
    private final Duration expiryGrace;
    private final Duration newTimeout;
    private final Durability durability;

    /** @param newTimeout the idle time-out of a session without a user until its client has come back; zero for none */
    SessionStore(Redis redis, RecordFormat format, Duration expiryGrace, Duration newTimeout, Durability durability) {
        this.redis = redis;
        this.format = format;
        this.expiryGrace = expiryGrace;
        this.newTimeout = newTimeout;
        this.durability = durability;
    }

    /** The outcome of loading a session. */
    sealed interface Loaded {}

    /** Times are milliseconds since 1970: the server's now, and when the session was used before. */
    record Found(StoredSession session, long now, long lastAccess) implements Loaded {}

    record Missing() implements Loaded {}

    /** The script returned it as alive, but its signed lifetime has passed. */
    record Lapsed() implements Loaded {}

    /** There is a record, but its signature or its form is invalid. */
    record Untrusted(SessionEvent reason) implements Loaded {}

    /** The outcome of a save. */
    sealed interface Saved {}

    /** With the server's time in milliseconds since 1970. */
    record Stored(long now) implements Saved {}

    /** The session ended meanwhile; nothing was stored. */
    record Gone() implements Saved {}

    /** Another node stored changes first; this is what the session is now. */
    record Conflict(Loaded theirs) implements Saved {}

    /** Puts the reading of a session into a flight; the answer is there once it was sent. */
    Supplier<Loaded> load(Location location, Flight flight) {
        Reply<Loaded> reply = flight.add(LOAD.on(Purpose.SESSIONS)
                .keys(location.recordKey())
                .args(args -> args.millis(expiryGrace).number(format.mostBytes()))
                .reply(reader -> loaded(location, reader.list())));
        return () -> {
            try {
                return reply.value();
            } catch (RedisRejected e) {
                if (!e.isWrongType()) {
                    throw e; // it says nothing of the record
                }
                return new Untrusted(SessionEvent.RECORD_MALFORMED);
            }
        };
    }

    private Loaded loaded(Location location, ReplyReader reply) {
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
        Loaded loaded = verified(location, now, lastAccess, fields);
        return loaded instanceof Found found && found.session().metadata().isOver(lastAccess, now)
                ? new Lapsed()
                : loaded;
    }

    private Loaded verified(Location location, long now, long lastAccess, Map<String, byte[]> fields) {
        RecordFormat.Reading reading = format.read(location, fields);
        return reading instanceof RecordFormat.Intact intact
                ? new Found(intact.session(), now, lastAccess)
                : new Untrusted(((RecordFormat.Damaged) reading).reason());
    }

    /**
     * Stores a session as it now is, if it still is as we knew it.
     *
     * @param knownSeal the seal it had when it was read, or null if it is new
     * @param dropped names of fields that are to go
     * @param alongside adds what else belongs into the same flight
     */
    Saved save(
            Location location,
            byte @Nullable [] knownSeal,
            Metadata metadata,
            Writing writing,
            Collection<String> dropped,
            Consumer<Flight> alongside) {
        Flight flight = new Flight();
        Reply<Saved> reply = flight.add(SAVE.on(Purpose.SESSIONS)
                .keys(location.recordKey(), location.indexKey())
                .args(args -> args.bytes(knownSeal == null ? new byte[0] : knownSeal)
                        .number(metadata.idleSeconds() * 1000)
                        .number(metadata.expiresAt())
                        .millis(expiryGrace)
                        .text(location.lookup())
                        .millis(metadata.user().isEmpty() ? newTimeout : Duration.ZERO)
                        .number(format.mostBytes())
                        .countedTexts(dropped)
                        .fields(writing.fields()))
                .reply(reader -> saved(location, writing.seal(), reader.list())));
        alongside.accept(flight);
        durability.askForSave(flight);
        redis.send(flight);
        Saved saved = reply.value();
        if (saved instanceof Stored) {
            durability.requireSaved(flight);
        }
        return saved;
    }

    private Saved saved(Location location, byte[] seal, ReplyReader reply) {
        return switch (reply.oneOf("saved", "gone", "conflict")) {
            case "saved" -> new Stored(reply.number());
            case "gone" -> new Gone();
            default -> conflict(location, seal, reply.number(), reply.fields());
        };
    }

    private Saved conflict(Location location, byte[] seal, long now, Map<String, byte[]> fields) {
        if (fields.isEmpty()) {
            return new Conflict(new Untrusted(SessionEvent.RECORD_TOO_LARGE));
        }
        Loaded theirs = verified(location, now, 0, fields);
        boolean ours =
                theirs instanceof Found found && Arrays.equals(found.session().seal(), seal);
        // the reply to our first attempt was lost on its way
        return ours ? new Stored(now) : new Conflict(theirs);
    }

    /** The outcome of ending a session. */
    sealed interface Ended {}

    /** It was there and has ended. */
    record Removed() implements Ended {}

    /** It had ended before. */
    record AlreadyGone() implements Ended {}

    /** It was changed since it was read; this is what it is now, and it has not ended. */
    record Changed(Loaded theirs) implements Ended {}

    /**
     * Ends a session that is alive, if it still is as it was read.
     *
     * @param knownSeal the seal it had when it was read
     */
    Ended end(Location location, byte[] knownSeal, List<Call<Long>> alongside) {
        Flight flight = new Flight();
        Reply<Ended> reply = flight.add(END.on(Purpose.SESSIONS)
                .keys(location.recordKey(), location.indexKey())
                .args(args -> args.text(location.lookup()).text("alive").bytes(knownSeal))
                .reply(reader -> ended(location, reader)));
        alongside.forEach(flight::add);
        durability.ask(flight);
        redis.send(flight);
        Ended ended = reply.value();
        int unused = durability.confirmations(flight);
        return ended;
    }

    private Ended ended(Location location, ReplyReader reply) {
        if (reply.isList()) {
            ReplyReader changed = reply.list();
            return new Changed(verified(location, changed.number(), 0, changed.fields()));
        }
        return reply.flag() ? new Removed() : new AlreadyGone();
    }

    /** Removes a session whose end was claimed, after its listeners were notified. */
    Call<Long> removeClaimed(byte[] recordKey, byte[] indexKey, String lookup) {
        return END.on(Purpose.SESSIONS)
                .keys(recordKey, indexKey)
                .args(args -> args.text(lookup).text("claimed").empty())
                .reply(ReplyReader::number);
    }

    /** Returns the last use of a record, or 0 if it is unknown. */
    static long lastAccess(Map<String, byte[]> fields) {
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
    Call<byte @Nullable []> touch(Location location) {
        return TOUCH.on(Purpose.SESSIONS)
                .keys(location.recordKey())
                .args(args -> args.millis(expiryGrace))
                .reply(SessionStore::touched);
    }

    private static byte @Nullable [] touched(ReplyReader reply) {
        if (reply.isText()) {
            return reply.bytes();
        }
        long unused = reply.number();
        return null;
    }

    /** The outcome of claiming an end. */
    sealed interface Claim {}

    /** This node notifies the listeners; the record stays until then, and no other node can read it. */
    record Claimed(EndReason reason, Map<String, byte[]> fields) implements Claim {}

    /** It is not there, is still alive, or another node notifies the listeners. */
    record NotClaimed() implements Claim {}

    /**
     * Claims the end of a session.
     *
     * @param reason why it is to end, or null to end it only if it has expired
     * @param notifies whether this node notifies the listeners next; if not, another node may claim it at once
     */
    Call<Claim> claim(byte[] recordKey, byte[] indexKey, String lookup, @Nullable EndReason reason, boolean notifies) {
        return CLAIM.on(Purpose.SESSIONS)
                .keys(recordKey, indexKey)
                .args(args -> args.text(lookup)
                        .text(reason == null ? "" : reason.label())
                        .millis(notifies ? CLAIM_LEASE : Duration.ZERO)
                        .number(format.mostBytes()))
                .reply(reader -> claimed(reader.list()));
    }

    private static Claim claimed(ReplyReader reply) {
        return reply.oneOf("claimed", "missing", "alive", "claimed elsewhere").equals("claimed")
                ? new Claimed(SessionViews.reason(reply.text()), reply.fields())
                : new NotClaimed();
    }
}
