package io.gatehouse.internal.session;

import java.util.Map;

/**
 * A session of another session store.
 *
 * @param createdAt the time of creation, in milliseconds since 1970
 * @param idleSeconds the idle timeout in seconds; 0 for none
 * @param user the name of the user, or empty
 * @param attributes the attributes, except {@link Session#USER_ATTRIBUTE}
 * @param details other properties for lists of sessions, such as the device
 */
public record ForeignSession(
        long createdAt, long idleSeconds, String user, Map<String, Object> attributes, Map<String, String> details) {

    public ForeignSession {
        attributes = Map.copyOf(attributes);
        details = Map.copyOf(details);
    }
}
