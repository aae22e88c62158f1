package io.gatehouse.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of all sessions. Immutable.
 *
 * <pre>{@code
 * String cursor = "";
 * while (cursor != null) {
 *     SessionPage page = sessions.list(cursor, 100);
 *     page.sessions().forEach(this::show);
 *     cursor = page.next();
 * }
 * }</pre>
 *
 * @param sessions the sessions of this page; may be empty although there is a next page
 * @param next the cursor of the next page, or null after the last
 */
public record SessionPage(
        List<SessionInfo> sessions, @Nullable String next) {
    public SessionPage {
        sessions = List.copyOf(sessions);
    }
}
