package io.gatehouse.session;

import java.util.List;
import java.util.Map;

/**
 * What may be shown of a session when one looks at it closely; never a value.
 *
 * @param info what lists show too
 * @param attributeNames the names of its attributes, in the order of the alphabet
 * @param bytes what its record holds, without what Redis needs to keep it
 */
public record SessionDetails(SessionInfo info, List<String> attributeNames, long bytes) {

    static SessionDetails of(SessionInfo info, StoredSession stored, Map<String, byte[]> fields) {
        long bytes = fields.entrySet().stream()
                .mapToLong(field -> field.getKey().length() + field.getValue().length)
                .sum();
        return new SessionDetails(
                info, stored.values().keySet().stream().sorted().toList(), bytes);
    }
}
