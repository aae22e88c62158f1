package io.gatehouse.internal.session.store;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.token.KeyNames;
import java.util.List;

/**
 * The expiry index: sorted sets whose members are the lookups of all sessions of an application, and whose scores are the earliest
 * times at which the sessions can expire. There are {@value KeyNames#BUCKETS} sets, so that a cluster distributes them. Scripts:
 * {@code bucket.lua} (ZRANGEBYSCORE), {@code count.lua} (ZCARD). Thread-safe.
 */
public final class ExpiryIndex {
    private static final Script BUCKET = Script.load(ExpiryIndex.class, "bucket.lua", true);
    private static final Script COUNT = Script.loadReturningMark(ExpiryIndex.class, "count.lua");

    private final KeyNames keyNames;

    public ExpiryIndex(KeyNames keyNames) {
        this.keyNames = keyNames;
    }

    /** Returns a call that gives the sessions of a bucket that may have expired. */
    public RedisCall<List<String>> due(int bucket, int most) {
        return members(bucket, "due", 0, most);
    }

    /** Returns a call that gives the sessions of a bucket from an offset on. */
    public RedisCall<List<String>> any(int bucket, int offset, int most) {
        return members(bucket, "all", offset, most);
    }

    /** Returns a call that counts the sessions of a bucket, including expired sessions that are not removed yet. */
    public RedisCall<Long> count(int bucket) {
        return COUNT.on(RedisPurpose.SESSIONS)
                .keys(keyNames.indexKey(bucket))
                .reply(reply -> reply.list().number());
    }

    private RedisCall<List<String>> members(int bucket, String which, int offset, int most) {
        return BUCKET.on(RedisPurpose.SESSIONS)
                .keys(keyNames.indexKey(bucket))
                .args(args -> args.text(which).number(offset).number(most))
                .reply(ReplyReader::texts);
    }
}
