package io.gatehouse.internal.ops;

import io.gatehouse.internal.ops.SessionViews.SessionCount;
import io.gatehouse.internal.ops.SessionViews.SessionDetailsView;
import io.gatehouse.internal.ops.SessionViews.SessionList;
import io.gatehouse.internal.ops.SessionViews.SessionView;
import io.gatehouse.internal.ops.SessionViews.TerminationView;
import io.gatehouse.internal.session.RedisSessionManager;
import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.TerminationResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sessions, named by their handles, which open nothing. */
public final class SessionOperations {
    private static final Pattern HANDLE = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final RedisSessionManager sessions;

    SessionOperations(RedisSessionManager sessions) {
        this.sessions = sessions;
    }

    /**
     * One page of all sessions.
     *
     * @param cursor {@code next} of the previous page, or empty
     * @param limit about how many, from 1 to 1000
     */
    public SessionList list(String cursor, int limit) {
        return SessionList.of(sessions.list(cursor, limit));
    }

    /** The sessions of a user, the one used last first; at most 1000. */
    public SessionList ofUser(String user) {
        checkUser(user);
        return new SessionList(
                sessions.getUserSessions(user).stream().map(SessionView::of).toList(), null);
    }

    /** One session. */
    public SessionDetailsView show(String handle) {
        SessionDetails details = sessions.getSession(checked(handle));
        if (details == null) {
            throw new NotFoundException("there is no such session, or no longer");
        }
        return SessionDetailsView.of(details);
    }

    /** How many sessions there are. */
    public SessionCount count() {
        return new SessionCount(sessions.countSessions());
    }

    /** Ends one session. */
    public TerminationView terminate(String handle) {
        TerminationResult terminationResult = sessions.terminate(checked(handle));
        if (terminationResult.ended() == 0) {
            throw new NotFoundException("there is no such session, or no longer");
        }
        return TerminationView.of(terminationResult);
    }

    /** Ends those of a user, all but one if its handle is given. */
    public TerminationView terminateUser(String user, @Nullable String exceptHandle) {
        checkUser(user);
        return TerminationView.of(
                sessions.terminateUserSessions(user, exceptHandle == null ? null : checked(exceptHandle)));
    }

    /** Ends all of the application. */
    public TerminationView terminateAll() {
        return TerminationView.of(sessions.terminateAll());
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
}
