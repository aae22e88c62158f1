package io.gatehouse.internal.session.store;

import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.SessionDetails;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at stored sessions without using them. Script: {@code peek.lua} (HLEN, HKEYS, HSTRLEN, HMGET, HGETALL). */
public final class SessionSummaryReader {
    private static final Script PEEK = Script.load(SessionSummaryReader.class, "peek.lua", true);

    private final RecordCodec format;

    public SessionSummaryReader(RecordCodec format) {
        this.format = format;
    }

    /** Times are milliseconds since 1970: the server's now, and when the session was last used. */
    public record SessionSummary(SessionKeys location, SessionMetadata metadata, long now, long lastAccess) {}

    /**
     * The reply of the script.
     *
     * @param now the server's time
     * @param fields the whole record if it was asked for
     */
    private record Peeked(long now, byte[] metadata, long lastAccess, Map<String, byte[]> fields) {
        static Peeked read(ReplyReader reply) {
            return new Peeked(
                    reply.number(),
                    reply.bytes(),
                    RedisSessionStore.lastAccess(reply.text()),
                    reply.hasNext() ? reply.fields() : Map.of());
        }
    }

    /** What is known about a session without reading its attributes, or null if it is not there or not to be believed. */
    public RedisCall<@Nullable SessionSummary> summary(SessionKeys sessionKeys) {
        return call(sessionKeys.recordKey(), "metadata", peeked -> glance(sessionKeys, peeked));
    }

    /** The same with the names of its attributes and its size; reads all of it. */
    public RedisCall<@Nullable SessionDetails> details(SessionKeys sessionKeys) {
        return call(sessionKeys.recordKey(), "all", peeked -> {
            SessionSummary sessionSummary = glance(sessionKeys, peeked);
            return sessionSummary != null
                            && format.read(sessionKeys, peeked.fields()) instanceof RecordCodec.Valid valid
                    ? SessionInfoFactory.details(sessionSummary, valid.session(), peeked.fields())
                    : null;
        });
    }

    /** What is known about the session that is filed under a name in a bucket, as {@link #summary}. */
    RedisCall<@Nullable SessionSummary> summaryAt(KeyNames keyNames, int bucket, String lookup) {
        return call(keyNames.recordKey(bucket, lookup), "metadata", peeked -> {
            RecordCodec.Identity identity = format.identity(RecordCodec.metadata(peeked.metadata()));
            SessionKeys sessionKeys = identity == null ? null : keyNames.locate(identity.kid(), identity.handle());
            return sessionKeys != null && sessionKeys.lookup().equals(lookup) ? glance(sessionKeys, peeked) : null;
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

    private @Nullable SessionSummary glance(SessionKeys sessionKeys, Peeked peeked) {
        SessionMetadata sessionMetadata = format.readMetadata(sessionKeys, peeked.metadata());
        return sessionMetadata == null || sessionMetadata.isExpired(peeked.lastAccess(), peeked.now())
                ? null
                : new SessionSummary(sessionKeys, sessionMetadata, peeked.now(), peeked.lastAccess());
    }
}
