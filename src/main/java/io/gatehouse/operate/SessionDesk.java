package io.gatehouse.operate;

import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionManager;
import io.gatehouse.session.SessionPage;
import io.gatehouse.session.Termination;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sessions, named by their handles, which open nothing. */
public final class SessionDesk {
    private static final Pattern HANDLE = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final SessionManager sessions;

    SessionDesk(SessionManager sessions) {
        this.sessions = sessions;
    }

    /**
     * {@code sessions}, and {@code next} if there are more.
     *
     * @param cursor {@code next} of the page before, or empty
     * @param limit about how many, from 1 to 1000
     */
    public Document list(String cursor, int limit) {
        SessionPage page = sessions.list(cursor, limit);
        return new Document()
                .with(
                        "sessions",
                        page.sessions().stream().map(SessionDesk::document).toList())
                .with("next", page.next());
    }

    /** {@code sessions} of a user, the one used last first; at most 1000. */
    public Document ofUser(String user) {
        checkUser(user);
        return new Document()
                .with(
                        "sessions",
                        sessions.getUserSessions(user).stream()
                                .map(SessionDesk::document)
                                .toList());
    }

    /** One session, with {@code attributes}, which are names only, and {@code bytes}. */
    public Document show(String handle) {
        SessionDetails details = sessions.getSession(checked(handle));
        if (details == null) {
            throw new NotThere("there is no such session, or no longer");
        }
        return document(details.info())
                .with("attributes", details.attributeNames())
                .with("bytes", details.bytes());
    }

    /** {@code sessions}: how many there are, those that are over and not cleaned up yet included. */
    public Document count() {
        return new Document().with("sessions", sessions.countSessions());
    }

    /** Ends one: {@code ended}, and how many replicas have confirmed it. */
    public Document terminate(String handle) {
        Termination termination = sessions.terminate(checked(handle));
        if (termination.ended() == 0) {
            throw new NotThere("there is no such session, or no longer");
        }
        return document(termination);
    }

    /** Ends those of a user, all but one if its handle is given. */
    public Document terminateUser(String user, @Nullable String exceptHandle) {
        checkUser(user);
        return document(sessions.terminateUserSessions(user, exceptHandle == null ? null : checked(exceptHandle)));
    }

    /** Ends all of the application. */
    public Document terminateAll() {
        return document(sessions.terminateAll());
    }

    private static String checked(String handle) {
        if (!HANDLE.matcher(handle).matches()) {
            throw new IllegalArgumentException(
                    "this is no handle; expected 22 letters, digits, hyphens and underscores");
        }
        return handle;
    }

    private static void checkUser(String user) {
        if (user.isBlank()) {
            throw new IllegalArgumentException("the user is empty; expected a name");
        }
    }

    private static Document document(Termination termination) {
        return new Document()
                .with("ended", termination.ended())
                .with("replicas", termination.replicas())
                .with("replicasWanted", termination.wanted())
                .with("confirmed", termination.isConfirmed());
    }

    private static Document document(SessionInfo info) {
        return new Document()
                .with("handle", info.handle())
                .with("user", info.user().isEmpty() ? null : info.user())
                .with("device", info.device().isEmpty() ? null : info.device())
                .with("address", info.address().isEmpty() ? null : info.address())
                .with("createdAt", info.createdAt())
                .with("lastAccessedAt", info.lastAccessedAt())
                .with("authenticatedAt", info.authenticatedAt())
                .with("remembered", info.remembered())
                .seconds("idleLeft", info.idleTimeLeft())
                .with("expiresAt", info.expiresAt());
    }
}
