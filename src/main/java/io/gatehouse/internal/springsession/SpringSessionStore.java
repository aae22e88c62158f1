package io.gatehouse.internal.springsession;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import java.time.Duration;
import java.util.Map;

/**
 * The records of Spring Session in the Redis of Gatehouse's sessions, and the claims of requests that import them. Thread-safe.
 *
 * <ul>
 *   <li>{@code <namespace>:sessions:<uuid>}: the record (hash), as Spring Session has written it
 *   <li>{@code <prefix>:import:{<key of the record>}}: the claim, in the slot of the record. Its value is {@code <kid>.<random>} of the
 *       request that imports the session, and {@code done <kid>.<random>} after the import. It always has a time to live
 * </ul>
 *
 * <p>Scripts: {@code take.lua} (GET, TYPE, HLEN, HKEYS, HSTRLEN, HGETALL, SET), {@code settle.lua} (GET, SET, UNLINK).
 */
final class SpringSessionStore {
    private static final Script TAKE = Script.load(SpringSessionStore.class, "take.lua", true);
    private static final Script SETTLE = Script.load(SpringSessionStore.class, "settle.lua", true);

    /** How long a claim lasts if its node dies. */
    private static final Duration CLAIM = Duration.ofSeconds(10);

    /** How long parallel requests that have only the old cookie find the imported session. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Redis redis;
    private final String keyPrefix;
    private final String namespace;
    private final int mostBytes;

    SpringSessionStore(Redis redis, String keyPrefix, String namespace, int mostBytes) {
        this.redis = redis;
        this.keyPrefix = keyPrefix;
        this.namespace = namespace;
        this.mostBytes = mostBytes;
    }

    /** The outcome of {@link #take}. */
    sealed interface Taken {}

    /** This request may import the record. */
    record Claimed(Map<String, byte[]> fields) implements Taken {}

    /** Another request imports the record now. */
    record Busy() implements Taken {}

    /**
     * A request has imported the record a moment ago.
     *
     * @param claim its key id and its random text
     */
    record Imported(String claim) implements Taken {}

    record Missing() implements Taken {}

    /** The record is no hash, or too large. */
    record Unreadable() implements Taken {}

    /** Reads and claims a record. One round trip. */
    Taken take(String uuid, String claim) {
        return redis.send(TAKE.on(RedisPurpose.SESSIONS)
                .keys(record(uuid), claim(uuid))
                .args(args -> args.text(claim).millis(CLAIM).number(mostBytes))
                .reply(reader -> taken(reader.list())));
    }

    private static Taken taken(ReplyReader reply) {
        return switch (reply.oneOf("claimed", "busy", "imported", "missing", "unreadable")) {
            case "claimed" -> new Claimed(reply.fieldsBeforeLast(0));
            case "busy" -> new Busy();
            case "imported" -> new Imported(reply.text());
            case "missing" -> new Missing();
            default -> new Unreadable();
        };
    }

    /** Removes the record, because its session is imported; returns false if the claim was lost before. One round trip. */
    boolean finish(String uuid, String claim) {
        return settle(uuid, claim, GRACE);
    }

    /** Leaves the record as it was. One round trip. */
    void release(String uuid, String claim) {
        boolean unused = settle(uuid, claim, Duration.ZERO);
    }

    private boolean settle(String uuid, String claim, Duration grace) {
        return redis.send(SETTLE.on(RedisPurpose.SESSIONS)
                .keys(record(uuid), claim(uuid))
                .args(args -> args.text(claim).millis(grace))
                .reply(ReplyReader::flag));
    }

    private byte[] record(String uuid) {
        return ScriptArgs.encode(namespace + ":sessions:" + uuid);
    }

    /** A hash tag in the namespace determines the slot of both keys; otherwise the key of the record becomes the hash tag. */
    private byte[] claim(String uuid) {
        String record = namespace + ":sessions:" + uuid;
        return ScriptArgs.encode(keyPrefix + ":import:" + (namespace.contains("{") ? record : '{' + record + '}'));
    }
}
