package io.gatehouse.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all sessions.
 *
 * @param next where to go on, or null at the end
 */
public record SessionPage(
        List<SessionInfo> sessions, @Nullable String next) {
    public SessionPage {
        sessions = List.copyOf(sessions);
    }
}
