package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import java.util.List;

/**
 * The sets in which all sessions of an application are filed by when they may be over, 64 of them so that they spread over a
 * cluster. Scripts: {@code bucket.lua} (ZRANGEBYSCORE), {@code count.lua} (ZCARD).
 */
final class Buckets {
    private static final Script BUCKET = Script.beside(Buckets.class, "bucket.lua", true);
    private static final Script COUNT = Script.beside(Buckets.class, "count.lua", true);

    private final KeySpace keySpace;

    Buckets(KeySpace keySpace) {
        this.keySpace = keySpace;
    }

    /** Those whose time may be over. */
    Call<List<String>> due(int bucket, int most) {
        return members(bucket, "due", 0, most);
    }

    /** Any, after leaving some out. */
    Call<List<String>> any(int bucket, int leftOut, int most) {
        return members(bucket, "all", leftOut, most);
    }

    /** How many; those that are over and not cleaned up count too. */
    Call<Long> count(int bucket) {
        return COUNT.on(Purpose.SESSIONS).keys(keySpace.indexKey(bucket)).reply(ReplyReader::number);
    }

    private Call<List<String>> members(int bucket, String which, int leftOut, int most) {
        return BUCKET.on(Purpose.SESSIONS)
                .keys(keySpace.indexKey(bucket))
                .args(args -> args.text(which).number(leftOut).number(most))
                .reply(ReplyReader::texts);
    }
}
