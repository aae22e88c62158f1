package io.gatehouse.redis;

import org.jspecify.annotations.Nullable;

/** Small calls for tests of the connections. */
final class Calls {
    private static final Script COUNT = Script.beside(Calls.class, "count.lua", false);
    private static final Script GET = Script.beside(Calls.class, "get.lua", true);

    private Calls() {}

    /** Changes something, so it is never sent twice. */
    static Call<Long> count(String key) {
        return count(Purpose.SESSIONS, key);
    }

    static Call<Long> count(Purpose purpose, String key) {
        return COUNT.on(purpose).keys(key).reply(ReplyReader::number);
    }

    /** Only reads, so it may be sent again. */
    static Call<@Nullable String> get(String key) {
        return GET.on(Purpose.SESSIONS).keys(key).reply(reply -> reply.isNil() ? null : reply.text());
    }
}
