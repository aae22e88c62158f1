package io.gatehouse.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
        return COUNT.call(
                purpose, List.of(bytes(key)), List.of(), reply -> reply instanceof Long number ? number : -1L);
    }

    /** Only reads, so it may be sent again. */
    static Call<@Nullable String> get(String key) {
        return GET.call(
                Purpose.SESSIONS,
                List.of(bytes(key)),
                List.of(),
                reply -> reply instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
