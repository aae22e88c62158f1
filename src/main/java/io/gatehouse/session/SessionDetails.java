package io.gatehouse.session;

import java.util.List;

/**
 * The metadata of a session and the names of its attributes, never their values. Immutable.
 *
 * <pre>{@code
 * SessionDetails details = sessions.getSession(handle);
 * if (details != null) {
 *     log.info(details.attributeNames() + ", " + details.bytes() + " bytes");
 * }
 * }</pre>
 *
 * @param info the metadata
 * @param attributeNames the names of the attributes, in alphabetical order; unmodifiable
 * @param bytes the size of the record, without the overhead of Redis
 */
public record SessionDetails(SessionInfo info, List<String> attributeNames, long bytes) {
    public SessionDetails {
        attributeNames = List.copyOf(attributeNames);
    }
}
