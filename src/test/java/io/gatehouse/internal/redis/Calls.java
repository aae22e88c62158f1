package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import org.jspecify.annotations.Nullable;

/** Creates small calls for tests of the connections. */
public final class Calls {
    private static final Script COUNT = Script.load(Calls.class, "count.lua", false);
    private static final Script GET = Script.load(Calls.class, "get.lua", true);

    private static final Script GET_WITH_MARK = Script.loadReturningMark(Calls.class, "get-with-mark.lua");

    private Calls() {}

    /** Returns a call that writes, so it is never sent twice. */
    public static RedisCall<Long> count(String key) {
        return count(RedisPurpose.SESSIONS, key);
    }

    static RedisCall<Long> count(RedisPurpose redisPurpose, String key) {
        return COUNT.on(redisPurpose).keys(key).reply(ReplyReader::number);
    }

    /** Returns a call that only reads, so it may be sent again. */
    static RedisCall<@Nullable String> get(String key) {
        return GET.on(RedisPurpose.SESSIONS).keys(key).reply(reply -> reply.isNil() ? null : reply.text());
    }

    /** Returns a call that only reads, whose script returns the mark of its exchange. */
    static RedisCall<@Nullable String> getWithMark(String key) {
        return GET_WITH_MARK.on(RedisPurpose.SESSIONS).keys(key).reply(reply -> value(reply.list()));
    }

    private static @Nullable String value(ReplyReader items) {
        assertThat(items.remaining()).as("the mark is not among the items").isEqualTo(1);
        return items.isNil() ? null : items.text();
    }
}
