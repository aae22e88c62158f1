package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisRejected;
import io.gatehouse.redis.Reply;
import io.gatehouse.redis.Script;
import io.gatehouse.session.RecordFormat.Writing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where sessions are kept. Each step is one script in one round trip: {@code load.lua} (HLEN, HKEYS, HSTRLEN, HGETALL, HSET t,
 * PEXPIRE), {@code save.lua} (HGET, HSET, HDEL, PEXPIREAT, ZADD), {@code end.lua} (HEXISTS, UNLINK, ZREM) and {@code claim.lua} (HGETALL, HSET
 * e, ZADD) for ends that listeners are told of. Safe for use by several threads.
 */
final class SessionStore {
    private static final Script LOAD = Script.beside(SessionStore.class, "load.lua", true);
    private static final Script SAVE = Script.beside(SessionStore.class, "save.lua", true);
    private static final Script END = Script.beside(SessionStore.class, "end.lua", true);
    private static final Script CLAIM = Script.beside(SessionStore.class, "claim.lua", false);

    private static final Script TOUCH_SCRIPT = Script.beside(SessionStore.class, "touch.lua", true);

    /** After how long another node tells of an end that we have claimed and not removed. */
    static final Duration CLAIM_LEASE = Duration.ofMinutes(1);

    /** The field with the last use, which only scripts write. */
    private static final String TOUCH = "t";

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

    /** What looking for a session gave. */
    sealed interface Loaded {}

    /** Times are milliseconds since 1970: the server's now, and when the session was used before. */
    record Found(StoredSession session, long now, long lastAccess) implements Loaded {}

    record Missing() implements Loaded {}

    /** The script took it for alive, but by its signed lifetime it is not. */
    record Lapsed() implements Loaded {}

    /** There is a record, but not one to be believed. */
    record Untrusted(SessionEvent reason) implements Loaded {}

    /** What storing changes gave. */
    sealed interface Saved {}

    /** With the server's time in milliseconds since 1970. */
    record Stored(long now) implements Saved {}

    /** The session ended meanwhile; nothing was stored. */
    record Gone() implements Saved {}

    /** Another node stored changes first; this is what the session is now. */
    record Conflict(Loaded theirs) implements Saved {}

    /** Puts the reading of a session into a flight; the answer is there once it was sent. */
    Supplier<Loaded> load(Location location, Flight flight) {
        Reply<Loaded> reply = flight.add(LOAD.call(
                Purpose.SESSIONS,
                List.of(location.recordKey()),
                List.of(Replies.number(expiryGrace.toMillis()), Replies.number(format.mostBytes())),
                raw -> loaded(location, (List<?>) raw)));
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

    private Loaded loaded(Location location, @Nullable List<?> reply) {
        if (reply == null || reply.isEmpty()) {
            return new Missing();
        }
        if (reply.size() == 1) {
            return new Untrusted(SessionEvent.RECORD_TOO_LARGE);
        }
        int length = reply.size() - 2;
        long now = Replies.longAt(reply, length);
        long lastAccess = Replies.longAt(reply, length + 1);
        if (lastAccess < 0) {
            return new Untrusted(SessionEvent.RECORD_MALFORMED);
        }
        Loaded loaded = verified(location, now, lastAccess, reply.subList(0, length));
        return loaded instanceof Found found && found.session().metadata().isOver(lastAccess, now)
                ? new Lapsed()
                : loaded;
    }

    private Loaded verified(Location location, long now, long lastAccess, @Nullable Object fields) {
        RecordFormat.Reading reading = format.read(location, Replies.fields((List<?>) fields));
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
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(knownSeal == null ? new byte[0] : knownSeal);
        arguments.add(Replies.number(metadata.idleSeconds() * 1000));
        arguments.add(Replies.number(metadata.expiresAt()));
        arguments.add(Replies.number(expiryGrace.toMillis()));
        arguments.add(Replies.ascii(location.lookup()));
        arguments.add(Replies.number(metadata.user().isEmpty() ? newTimeout.toMillis() : 0));
        arguments.add(Replies.number(format.mostBytes()));
        arguments.add(Replies.number(dropped.size()));
        dropped.forEach(name -> arguments.add(Replies.ascii(name)));
        writing.fields().forEach((name, value) -> {
            arguments.add(Replies.ascii(name));
            arguments.add(value);
        });
        Flight flight = new Flight();
        Reply<Saved> reply = flight.add(SAVE.call(
                Purpose.SESSIONS, keys(location), arguments, raw -> saved(location, writing.seal(), (List<?>) raw)));
        alongside.accept(flight);
        durability.askForSave(flight);
        redis.send(flight);
        Saved saved = reply.value();
        if (saved instanceof Stored) {
            durability.requireSaved(flight);
        }
        return saved;
    }

    private Saved saved(Location location, byte[] seal, @Nullable List<?> reply) {
        if (reply == null) {
            return new Gone();
        }
        String outcome = Replies.text(reply.get(0));
        if (outcome.equals("saved")) {
            return new Stored(Replies.longAt(reply, 1));
        }
        if (outcome.equals("gone")) {
            return new Gone();
        }
        if (((List<?>) reply.get(2)).isEmpty()) {
            return new Conflict(new Untrusted(SessionEvent.RECORD_TOO_LARGE));
        }
        Loaded theirs = verified(location, Replies.longAt(reply, 1), 0, reply.get(2));
        boolean ours =
                theirs instanceof Found found && Arrays.equals(found.session().seal(), seal);
        // the answer to our first attempt was lost on its way
        return ours ? new Stored(Replies.longAt(reply, 1)) : new Conflict(theirs);
    }

    /** What ending a session gave. */
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
        Reply<Ended> reply = flight.add(END.call(
                Purpose.SESSIONS,
                List.of(location.recordKey(), location.indexKey()),
                List.of(Replies.ascii(location.lookup()), Replies.ascii("alive"), knownSeal),
                raw -> ended(location, raw)));
        alongside.forEach(flight::add);
        durability.ask(flight);
        redis.send(flight);
        Ended ended = reply.value();
        int unused = durability.confirmations(flight);
        return ended;
    }

    private Ended ended(Location location, @Nullable Object reply) {
        if (reply instanceof List<?> changed) {
            return new Changed(verified(location, Replies.longAt(changed, 0), 0, changed.get(1)));
        }
        return Replies.count(reply) > 0 ? new Removed() : new AlreadyGone();
    }

    /** Removes a session whose end was claimed, after its listeners were notified. */
    Call<Long> removeClaimed(byte[] recordKey, byte[] indexKey, String lookup) {
        return END.call(
                Purpose.SESSIONS,
                List.of(recordKey, indexKey),
                List.of(Replies.ascii(lookup), Replies.ascii("claimed"), new byte[0]),
                Replies::count);
    }

    /** The last use of a record, or 0 if it cannot be told. */
    static long lastAccess(Map<String, byte[]> fields) {
        byte[] touch = fields.get(TOUCH);
        return touch == null ? 0 : lastAccess(Replies.text(touch));
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
        return TOUCH_SCRIPT.call(
                Purpose.SESSIONS,
                List.of(location.recordKey()),
                List.of(Replies.number(expiryGrace.toMillis())),
                raw -> raw instanceof byte[] seal ? seal : null);
    }

    /** What trying to end a session gave. */
    sealed interface Claim {}

    /** This node is the one to tell of it; the record is still there, for nobody else. */
    record Claimed(EndReason reason, Map<String, byte[]> fields) implements Claim {}

    /** It is not there, is still alive, or another node tells of it. */
    record NotClaimed() implements Claim {}

    /**
     * Claims the end of a session.
     *
     * @param reason why it is to end, or null to end it only if its time is over
     * @param telling whether we are about to tell of it; if not, another node may claim it at once
     */
    Call<Claim> claim(byte[] recordKey, byte[] indexKey, String lookup, @Nullable EndReason reason, boolean telling) {
        return CLAIM.call(
                Purpose.SESSIONS,
                List.of(recordKey, indexKey),
                List.of(
                        Replies.ascii(lookup),
                        Replies.ascii(reason == null ? "" : reason.label()),
                        Replies.number(telling ? CLAIM_LEASE.toMillis() : 0),
                        Replies.number(format.mostBytes())),
                raw -> claimed((List<?>) raw));
    }

    private static Claim claimed(@Nullable List<?> reply) {
        if (reply == null || !Replies.text(reply.get(0)).equals("claimed")) {
            return new NotClaimed();
        }
        return new Claimed(EndReason.of(Replies.text(reply.get(1))), Replies.fields((List<?>) reply.get(2)));
    }

    private static List<byte[]> keys(Location location) {
        return List.of(location.recordKey(), location.indexKey());
    }
}
