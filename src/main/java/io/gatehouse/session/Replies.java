package io.gatehouse.session;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parts of Redis' replies, and writes arguments of scripts. */
final class Replies {
    private Replies() {}

    static Map<String, byte[]> fields(@Nullable List<?> flat) {
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 0; flat != null && i + 1 < flat.size(); i += 2) {
            fields.put(text(flat.get(i)), (byte[]) flat.get(i + 1));
        }
        return fields;
    }

    static List<String> texts(@Nullable Object reply) {
        return reply instanceof List<?> list ? list.stream().map(Replies::text).toList() : List.of();
    }

    static long count(@Nullable Object reply) {
        return reply instanceof Long number ? number : 0;
    }

    static long longAt(List<?> reply, int index) {
        return count(reply.get(index));
    }

    static String text(@Nullable Object bulk) {
        return bulk instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    static byte[] number(long number) {
        return ascii(Long.toString(number));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
