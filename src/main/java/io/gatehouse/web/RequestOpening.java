package io.gatehouse.web;

import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.session.Session;
import io.gatehouse.session.Sessions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The opening of one request: checks its limits and opens the session that its cookie claims.
 *
 * <p>Both need Redis, so their commands share one pipeline and one round trip. There is no round trip if the request has neither a
 * genuine token nor a limit, or if this node knows that a limit refuses it. The session is opened only if the limits admit the
 * request, or if they depend on its user.
 *
 * <p>A token that opens no session is no error: the session has ended, and the request continues without one. There is one
 * exception. If the container still remembers the user of the session, the request would run as that user. It is then logged out
 * and the client must repeat it, unless a second look at Redis shows that only the id of the session has changed.
 */
final class RequestOpening {
    private final HttpSessionAdapter adapter;
    private final Sessions sessions;
    private final HttpServletRequest request;
    private final Sessions.Claim claim;
    private final Admission admission;
    private final RequestSession session;
    private final AnswerCookies cookies;
    private final RequestLogins logins;

    RequestOpening(
            HttpSessionAdapter adapter,
            HttpServletRequest request,
            Sessions.Claim claim,
            Admission admission,
            RequestSession session,
            AnswerCookies cookies,
            RequestLogins logins) {
        this.adapter = adapter;
        this.sessions = adapter.sessions();
        this.request = request;
        this.claim = claim;
        this.admission = admission;
        this.session = session;
        this.cookies = cookies;
        this.logins = logins;
    }

    /**
     * Opens the request.
     *
     * @param path the path that the limits apply to, or null if the request is not limited
     * @throws io.gatehouse.config.GatehouseException if the session cannot be read
     */
    RequestOutcome open(Redis redis, @Nullable String path) {
        Flight pipeline = new Flight();
        boolean refusedHere = path != null && admission.precheck(path, pipeline);
        try (ClaimedSession claimed = new ClaimedSession(sessions, refusedHere ? null : claim, pipeline)) {
            if (!refusedHere && !pipeline.isEmpty()) {
                redis.send(pipeline);
            }
            RequestOutcome outcome = admission.enforce(redis, claimed);
            return outcome instanceof RequestOutcome.Admitted admitted && claim instanceof Sessions.Genuine genuine
                    ? openSession(admitted, genuine, claimed.keep())
                    : outcome;
        }
    }

    private RequestOutcome openSession(
            RequestOutcome.Admitted admitted, Sessions.Genuine genuine, @Nullable Session opened) {
        session.admit(opened);
        cookies.presented(opened == null ? null : genuine.ticket().text());
        if (opened != null) {
            adapter.rotateIfDue(opened);
            logins.begin(opened, false);
            return admitted;
        }
        if (!isRememberedAfterEnd(genuine)) {
            return admitted;
        }
        logins.end();
        return new RequestOutcome.Reauthenticate(admitted);
    }

    private boolean isRememberedAfterEnd(Sessions.Genuine genuine) {
        return request.getDispatcherType() == DispatcherType.REQUEST
                && ContainerAuthentication.isRemembered(request)
                && sessions.manager().getSession(genuine.ticket().handle()) == null;
    }
}
