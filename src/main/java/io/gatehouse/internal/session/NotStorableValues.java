package io.gatehouse.internal.session;

import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Handles values that cannot be stored. They are either refused, or kept on this node and logged once per class and attribute name. A
 * value that exceeds a limit is always refused, because a smaller value of its class could be stored. Thread-safe.
 */
final class NotStorableValues {
    private static final System.Logger LOG = System.getLogger(NotStorableValues.class.getName());
    /** Bounds the memory, because an application may generate attribute names. */
    private static final int MOST_REPORTED = 500;

    private final boolean keep;
    private final List<String> pinned;
    private final Consumer<SessionEvent> events;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** @param pinned names of attributes or classes whose values are never stored; a {@code *} at the end matches any suffix */
    NotStorableValues(boolean keep, List<String> pinned, Consumer<SessionEvent> events) {
        this.keep = keep;
        this.pinned = List.copyOf(pinned);
        this.events = events;
    }

    /** Returns whether a setting keeps a value on this node. */
    boolean pins(String name, Object value) {
        for (String pattern : pinned) {
            if (matches(pattern, name) || matches(pattern, value.getClass().getName())) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(name);
    }

    /**
     * Returns normally if the value is kept on this node.
     *
     * @throws IllegalArgumentException if the value is refused; the message names the attribute, the part of the value and the limit
     */
    void keepOrRefuse(String name, Object value, NotStorableException why) {
        String message = "session attribute '" + name + "' cannot be stored: " + why.getMessage();
        if (!keep || why.reason().isLimit()) {
            throw new IllegalArgumentException(message, why);
        }
        events.accept(SessionEvent.ATTRIBUTE_LOCAL);
        String kind = "'" + name + "' (" + value.getClass().getName() + ")";
        if (reported.size() < MOST_REPORTED && reported.add(kind)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}; the value is kept on this node only, other nodes do not have it."
                            + " Make its class serializable, or set GATEHOUSE_SESSION_NOT_SERIALIZABLE to refuse such values",
                    message);
        }
    }
}
