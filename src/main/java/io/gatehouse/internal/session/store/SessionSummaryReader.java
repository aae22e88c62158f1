package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.SessionDetails;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metadata of stored sessions without recording a use. Script: {@code peek.lua} (HLEN, HKEYS, HSTRLEN, HMGET, HGETALL).
 * Thread-safe.
 */
public final class SessionSummaryReader {
    private static final Script PEEK = Script.load(SessionSummaryReader.class, "peek.lua", true);

    private final RecordCodec format;

    public SessionSummaryReader(RecordCodec format) {
        this.format = format;
    }

    /**
     * The metadata of a stored session. Times are milliseconds since 1970.
     *
     * @param now the time of the Redis server
     * @param lastAccess the last use of the session
     */
    public record SessionSummary(SessionKeys keys, SessionMetadata metadata, long now, long lastAccess) {}

    /**
     * The reply of the script.
     *
     * @param now the time of the Redis server
     * @param fields the whole record if it was requested, otherwise empty
     */
    private record Peeked(long now, byte[] metadata, long lastAccess, Map<String, byte[]> fields) {
        static Peeked read(ReplyReader reply) {
            return new Peeked(
                    reply.number(),
                    reply.bytes(),
                    LastUse.parse(reply.text()),
                    reply.hasNext() ? reply.fields() : Map.of());
        }
    }

    /** Returns a call that reads the metadata of a session. Its reply is null if the session does not exist or is invalid. */
    public RedisCall<@Nullable SessionSummary> summary(SessionKeys sessionKeys) {
        return call(sessionKeys.recordKey(), "metadata", peeked -> summary(sessionKeys, peeked));
    }

    /** As {@link #summary}, with the names of the attributes and the size of the record. Reads the whole record. */
    public RedisCall<@Nullable SessionDetails> details(SessionKeys sessionKeys) {
        return call(sessionKeys.recordKey(), "all", peeked -> {
            SessionSummary sessionSummary = summary(sessionKeys, peeked);
            return sessionSummary != null
                            && format.read(sessionKeys, peeked.fields()) instanceof RecordCodec.Valid valid
                    ? SessionInfoFactory.details(sessionSummary, valid.session(), peeked.fields())
                    : null;
        });
    }

    /** As {@link #summary}, for a session that is known by its bucket and lookup. */
    RedisCall<@Nullable SessionSummary> summaryAt(KeyNames keyNames, int bucket, String lookup) {
        return call(keyNames.recordKey(bucket, lookup), "metadata", peeked -> {
            RecordCodec.Identity identity = format.identity(RecordCodec.metadata(peeked.metadata()));
            SessionKeys sessionKeys = identity == null ? null : keyNames.locate(identity.kid(), identity.handle());
            return sessionKeys != null && sessionKeys.lookup().equals(lookup) ? summary(sessionKeys, peeked) : null;
        });
    }

    private <T> RedisCall<@Nullable T> call(byte[] recordKey, String what, Function<Peeked, @Nullable T> decoder) {
        return PEEK.on(RedisPurpose.SESSIONS)
                .keys(recordKey)
                .args(args -> args.text(what).number(format.mostBytes()))
                .reply(reader -> {
                    ReplyReader reply = reader.list();
                    return reply.hasNext() ? decoder.apply(Peeked.read(reply)) : null;
                });
    }

    private @Nullable SessionSummary summary(SessionKeys sessionKeys, Peeked peeked) {
        SessionMetadata sessionMetadata = format.readMetadata(sessionKeys, peeked.metadata());
        return sessionMetadata == null || sessionMetadata.isExpired(peeked.lastAccess(), peeked.now())
                ? null
                : new SessionSummary(sessionKeys, sessionMetadata, peeked.now(), peeked.lastAccess());
    }
}
