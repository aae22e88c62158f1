package io.gatehouse.operate;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer: members in a fixed order, whose values are texts, numbers, booleans, lists and documents. What is not known is left
 * out. Written as JSON it is the answer of the admin API, and of commands with {@code --json}.
 */
public final class Document {
    private final Map<String, Object> members = new LinkedHashMap<>();

    /** Adds a member; a value of null, or an empty {@link Optional}, adds none. */
    public Document with(String name, @Nullable Object value) {
        Object plain = plain(value);
        if (plain != null) {
            members.put(name, plain);
        }
        return this;
    }

    /** Adds a length of time in seconds, under a name that says so. */
    public Document seconds(String name, @Nullable Duration duration) {
        return with(name + "Seconds", duration == null ? null : duration.toMillis() / 1000.0);
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        }
        if (value instanceof Instant instant) {
            return instant.toString();
        }
        if (value instanceof Document document) {
            return document.members;
        }
        if (value instanceof Collection<?> items) {
            return items.stream().map(Document::plain).toList();
        }
        return value;
    }

    /** The members, for what writes JSON or a table. */
    public Map<String, Object> members() {
        return members;
    }

    /** The value of a member, or null. */
    public @Nullable Object get(String name) {
        return members.get(name);
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
