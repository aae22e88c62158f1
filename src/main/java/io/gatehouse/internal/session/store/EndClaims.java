package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.lease.LeaseChange;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.session.EndReason;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claims the ends of sessions, so that one node of the cluster notifies the listeners. Scripts: {@code claim.lua} (HGETALL, HSET e, ZADD),
 * {@code end.lua} (HEXISTS, UNLINK, ZREM). Thread-safe.
 *
 * <p>A claim is the field {@code e} of the record. While it exists, no node can load, change or use the session. The node with the claim
 * notifies the listeners and removes the record. If it does not do so within {@link #LEASE}, another node may claim the end again.
 */
public final class EndClaims {
    private static final Script CLAIM = Script.load(SessionLeases.FUNCTIONS, EndClaims.class, "claim.lua", false);
    private static final Script END = Script.load(SessionLeases.FUNCTIONS, EndClaims.class, "end.lua", true);

    /** The time after which another node may claim an end that this node has claimed and not removed. */
    static final Duration LEASE = Duration.ofMinutes(1);

    private final RecordCodec format;

    public EndClaims(RecordCodec format) {
        this.format = format;
    }

    /** The outcome of claiming an end. */
    public sealed interface EndClaim {}

    /** This node notifies the listeners. The record is kept until then, and no node can load it. */
    public record Claimed(EndReason reason, Map<String, byte[]> fields) implements EndClaim {}

    /** The session does not exist. */
    public record Missing() implements EndClaim {}

    /** The session is still alive, or another node notifies the listeners. */
    record NotClaimed() implements EndClaim {}

    /**
     * Returns a call that claims the end of a session.
     *
     * @param reason the reason of the end, or null to end the session only if it has expired
     * @param notifies whether this node notifies the listeners; if not, another node may claim the end immediately
     * @param change what waits until no other node has a copy; null if the session ends only if it has expired, because no node has a
     *     lease then
     */
    public RedisCall<EndClaim> claim(
            byte[] recordKey,
            byte[] indexKey,
            String lookup,
            @Nullable EndReason reason,
            boolean notifies,
            @Nullable LeaseChange change) {
        return CLAIM.on(RedisPurpose.SESSIONS)
                .keys(recordKey, indexKey, KeyNames.leasesKey(recordKey))
                .args(args -> LeaseChange.addTo(
                        args.text(lookup)
                                .text(reason == null ? "" : reason.label())
                                .millis(notifies ? LEASE : Duration.ZERO)
                                .number(format.mostBytes()),
                        change))
                .reply(reader -> claimed(reader.list(), change));
    }

    private static EndClaim claimed(ReplyReader reply, @Nullable LeaseChange change) {
        EndClaim claim = switch (reply.oneOf("claimed", "missing", "alive", "claimed elsewhere")) {
            case "claimed" -> new Claimed(SessionInfoFactory.reason(reply.text()), reply.fields());
            case "missing" -> new Missing();
            default -> new NotClaimed();
        };
        if (change != null) {
            change.readHolders(reply);
        }
        return claim;
    }

    /** Returns a call that removes a session whose end was claimed, after its listeners were notified. */
    public RedisCall<Long> remove(byte[] recordKey, byte[] indexKey, String lookup) {
        return END.on(RedisPurpose.SESSIONS)
                .keys(recordKey, indexKey, KeyNames.leasesKey(recordKey))
                .args(args ->
                        LeaseChange.addTo(args.text(lookup).text("claimed").empty(), null))
                .reply(reader -> reader.list().oneOf("removed", "gone").equals("removed") ? 1L : 0L);
    }
}
