package io.gatehouse.internal.session.store;

import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.token.KeyNames;
import java.util.List;

/**
 * The sets in which all sessions of an application are filed by when they may be over, 64 of them so that they spread over a
 * cluster. Scripts: {@code bucket.lua} (ZRANGEBYSCORE), {@code count.lua} (ZCARD).
 */
public final class ExpiryIndex {
    private static final Script BUCKET = Script.load(ExpiryIndex.class, "bucket.lua", true);
    private static final Script COUNT = Script.load(ExpiryIndex.class, "count.lua", true);

    private final KeyNames keyNames;

    public ExpiryIndex(KeyNames keyNames) {
        this.keyNames = keyNames;
    }

    /** Those whose time may be over. */
    public RedisCall<List<String>> due(int bucket, int most) {
        return members(bucket, "due", 0, most);
    }

    /** Any, after leaving some out. */
    public RedisCall<List<String>> any(int bucket, int leftOut, int most) {
        return members(bucket, "all", leftOut, most);
    }

    /** How many; those that are over and not cleaned up count too. */
    public RedisCall<Long> count(int bucket) {
        return COUNT.on(RedisPurpose.SESSIONS).keys(keyNames.indexKey(bucket)).reply(ReplyReader::number);
    }

    private RedisCall<List<String>> members(int bucket, String which, int leftOut, int most) {
        return BUCKET.on(RedisPurpose.SESSIONS)
                .keys(keyNames.indexKey(bucket))
                .args(args -> args.text(which).number(leftOut).number(most))
                .reply(ReplyReader::texts);
    }
}
