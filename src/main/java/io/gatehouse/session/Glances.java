package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at stored sessions without using them. Script: {@code peek.lua} (HLEN, HKEYS, HSTRLEN, HMGET, HGETALL). */
final class Glances {
    private static final Script PEEK = Script.beside(Glances.class, "peek.lua", true);

    private final RecordFormat format;

    Glances(RecordFormat format) {
        this.format = format;
    }

    /** Times are milliseconds since 1970: the server's now, and when the session was last used. */
    record Glance(Location location, Metadata metadata, long now, long lastAccess) {}

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
                    SessionStore.lastAccess(reply.text()),
                    reply.hasNext() ? reply.fields() : Map.of());
        }
    }

    /** What is known about a session without reading its attributes, or null if it is not there or not to be believed. */
    Call<@Nullable Glance> at(Location location) {
        return call(location.recordKey(), "metadata", peeked -> glance(location, peeked));
    }

    /** The same with the names of its attributes and its size; reads all of it. */
    Call<@Nullable SessionDetails> closely(Location location) {
        return call(location.recordKey(), "all", peeked -> {
            Glance glance = glance(location, peeked);
            return glance != null && format.read(location, peeked.fields()) instanceof RecordFormat.Intact intact
                    ? SessionViews.details(glance, intact.session(), peeked.fields())
                    : null;
        });
    }

    /** What is known about the session that is filed under a name in a bucket, as {@link #at}. */
    Call<@Nullable Glance> filed(KeySpace keySpace, int bucket, String lookup) {
        return call(keySpace.recordKey(bucket, lookup), "metadata", peeked -> {
            RecordFormat.Identity identity = format.identity(RecordFormat.metadata(peeked.metadata()));
            Location location = identity == null ? null : keySpace.locate(identity.kid(), identity.handle());
            return location != null && location.lookup().equals(lookup) ? glance(location, peeked) : null;
        });
    }

    private <T> Call<@Nullable T> call(byte[] recordKey, String what, Function<Peeked, @Nullable T> decoder) {
        return PEEK.on(Purpose.SESSIONS)
                .keys(recordKey)
                .args(args -> args.text(what).number(format.mostBytes()))
                .reply(reader -> {
                    ReplyReader reply = reader.list();
                    return reply.hasNext() ? decoder.apply(Peeked.read(reply)) : null;
                });
    }

    private @Nullable Glance glance(Location location, Peeked peeked) {
        Metadata metadata = format.readMetadata(location, peeked.metadata());
        return metadata == null || metadata.isOver(peeked.lastAccess(), peeked.now())
                ? null
                : new Glance(location, metadata, peeked.now(), peeked.lastAccess());
    }
}
