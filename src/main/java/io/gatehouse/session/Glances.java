package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Script;
import java.util.List;
import java.util.Map;
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

    /** What is known about a session without reading its attributes, or null if it is not there or not to be believed. */
    Call<@Nullable Glance> at(Location location) {
        return call(location.recordKey(), "metadata", reply -> glance(location, reply));
    }

    /** The same with the names of its attributes and its size; reads all of it. */
    Call<@Nullable SessionDetails> closely(Location location) {
        return call(location.recordKey(), "all", reply -> {
            Glance glance = glance(location, reply);
            Map<String, byte[]> fields = glance == null ? Map.of() : Replies.fields((List<?>) reply.get(3));
            return glance != null && format.read(location, fields) instanceof RecordFormat.Intact intact
                    ? SessionDetails.of(SessionInfo.of(glance), intact.session(), fields)
                    : null;
        });
    }

    /** What is known about the session that is filed under a name in a bucket, as {@link #at}. */
    Call<@Nullable Glance> filed(KeySpace keySpace, int bucket, String lookup) {
        return call(keySpace.recordKey(bucket, lookup), "metadata", reply -> {
            RecordFormat.Identity identity = format.identity(RecordFormat.metadata((byte[]) reply.get(1)));
            Location location = identity == null ? null : keySpace.locate(identity.kid(), identity.handle());
            return location != null && location.lookup().equals(lookup) ? glance(location, reply) : null;
        });
    }

    private interface Decoder<T> {
        @Nullable
        T decode(List<?> reply);
    }

    private <T> Call<@Nullable T> call(byte[] recordKey, String what, Decoder<T> decoder) {
        return PEEK.call(
                Purpose.SESSIONS,
                List.of(recordKey),
                List.of(Replies.ascii(what), Replies.number(format.mostBytes())),
                raw -> raw instanceof List<?> reply && !reply.isEmpty() ? decoder.decode(reply) : null);
    }

    private @Nullable Glance glance(Location location, List<?> reply) {
        Metadata metadata = format.readMetadata(location, (byte[]) reply.get(1));
        long now = Replies.longAt(reply, 0);
        long lastAccess = SessionStore.lastAccess(Replies.text(reply.get(2)));
        return metadata == null || metadata.isOver(lastAccess, now)
                ? null
                : new Glance(location, metadata, now, lastAccess);
    }
}
