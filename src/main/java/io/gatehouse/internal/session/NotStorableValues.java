package io.gatehouse.internal.session;

import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What becomes of values that cannot be stored: they are refused, or they are kept on this node and reported, each class and
 * attribute name once. A value beyond a limit is refused always: a smaller one of its class can be stored. Thread-safe.
 */
final class NotStorableValues {
    private static final System.Logger LOG = System.getLogger(NotStorableValues.class.getName());
    /** Names of attributes may be made up, one for each session. */
    private static final int MOST_REPORTED = 500;

    private final boolean keep;
    private final List<String> pinned;
    private final Consumer<SessionEvent> events;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** @param pinned names of attributes or classes, with a {@code *} at the end for any, whose values are never stored */
    NotStorableValues(boolean keep, List<String> pinned, Consumer<SessionEvent> events) {
        this.keep = keep;
        this.pinned = List.copyOf(pinned);
        this.events = events;
    }

    /** Whether a value stays on this node because a setting says so. */
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
     * Returns if the value is to be kept on this node.
     *
     * @throws IllegalArgumentException if it is refused; says which attribute, which part of the value, and which limit
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
