package io.gatehouse.internal.web;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.TokenVerification;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.TracedOperation;
import io.gatehouse.internal.tracing.Tracing;
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
 * <p>Because of the shared round trip, the span of the load is within the span of the decision. A decision that this node makes from
 * its own memory has a span only if it is a refusal.
 *
 * <p>A token that opens no session is no error: the session has ended, and the request continues without one. There is one
 * exception. If the container still remembers the user of the session, the request would run as that user. It is then logged out
 * and the client must repeat it, unless a second round trip shows that only the id of the session has changed.
 *
 * <p>A request without a session takes over its session of Spring Session, if that is enabled and the request has its cookie.
 */
final class RequestOpening {
    private final HttpSessionAdapter adapter;
    private final SessionRepository sessionRepository;
    private final HttpServletRequest request;
    private final TokenVerification tokenVerification;
    private final Admission admission;
    private final RequestSession session;
    private final ResponseCookies cookies;
    private final RequestLogins logins;
    private final Tracing tracing;
    private final ServerTiming timing;

    RequestOpening(
            HttpSessionAdapter adapter,
            HttpServletRequest request,
            TokenVerification tokenVerification,
            Admission admission,
            RequestSession session,
            ResponseCookies cookies,
            RequestLogins logins,
            Tracing tracing,
            ServerTiming timing) {
        this.adapter = adapter;
        this.sessionRepository = adapter.sessions();
        this.request = request;
        this.tokenVerification = tokenVerification;
        this.admission = admission;
        this.session = session;
        this.cookies = cookies;
        this.logins = logins;
        this.tracing = tracing;
        this.timing = timing;
    }

    /**
     * Opens the request.
     *
     * @param path the path that the limits apply to, or null if the request is not limited
     * @throws io.gatehouse.GatehouseException if the session cannot be read
     */
    RequestOutcome open(Redis redis, @Nullable String path) {
        Pipeline pipeline = new Pipeline();
        boolean refusedHere = path != null && admission.precheck(path, pipeline);
        boolean limited = refusedHere || !pipeline.isEmpty();
        ServerTiming.Measurement measured =
                limited ? timing.of(ServerTiming.Part.LIMITS) : ServerTiming.Measurement.NONE;
        try (Span deciding = limited ? tracing.start(TracedOperation.RATE_LIMIT_DECISION) : Span.NONE) {
            try {
                RequestOutcome outcome = open(redis, pipeline, refusedHere);
                deciding.set("gatehouse.ratelimit.result", RequestOutcome.label(outcome));
                return outcome;
            } catch (RuntimeException e) {
                deciding.failed(e);
                throw e;
            }
        } finally {
            measured.close();
        }
    }

    private RequestOutcome open(Redis redis, Pipeline pipeline, boolean refusedHere) {
        int limits = pipeline.calls().size();
        try (ClaimedSession claimed =
                        new ClaimedSession(sessionRepository, refusedHere ? null : tokenVerification, pipeline);
                Span loading =
                        pipeline.calls().size() > limits ? tracing.start(TracedOperation.SESSION_LOAD) : Span.NONE) {
            ServerTiming.Measurement measured = pipeline.calls().size() > limits
                    ? timing.of(ServerTiming.Part.SESSION)
                    : ServerTiming.Measurement.NONE;
            try {
                RequestOutcome outcome = open(redis, pipeline, refusedHere, claimed);
                loading.set("gatehouse.session.result", session.get() == null ? "none" : "found");
                return outcome;
            } catch (RuntimeException e) {
                loading.failed(e);
                throw e;
            } finally {
                measured.close();
            }
        }
    }

    private RequestOutcome open(Redis redis, Pipeline pipeline, boolean refusedHere, ClaimedSession claimed) {
        if (!refusedHere && !pipeline.isEmpty()) {
            redis.send(pipeline);
        }
        RequestOutcome outcome = admission.enforce(redis, claimed);
        if (!(outcome instanceof RequestOutcome.Admitted admitted)) {
            return outcome;
        }
        if (tokenVerification instanceof TokenVerification.Verified verified) {
            outcome = openSession(admitted, verified, claimed.keep());
        }
        if (outcome == admitted) {
            SessionImport imports = adapter.imports();
            cookies.replaces(imports.removal(request)); // otherwise a logout could open the old session
            if (session.get() == null) {
                importSession(redis, imports);
            }
        }
        return outcome;
    }

    private void importSession(Redis redis, SessionImport imports) {
        Session imported = imports.open(redis, request, admission.origin()::details);
        if (imported != null) {
            session.admit(imported);
            logins.begin(imported);
        }
    }

    private RequestOutcome openSession(
            RequestOutcome.Admitted admitted, TokenVerification.Verified verified, @Nullable Session opened) {
        session.admit(opened);
        cookies.presented(opened == null ? null : verified.ticket().text());
        if (opened != null) {
            adapter.rotateIfDue(opened);
            logins.begin(opened);
            return admitted;
        }
        if (!isRememberedAfterEnd(verified)) {
            return admitted;
        }
        logins.end();
        return new RequestOutcome.Reauthenticate(admitted);
    }

    private boolean isRememberedAfterEnd(TokenVerification.Verified verified) {
        return request.getDispatcherType() == DispatcherType.REQUEST
                && ContainerAuthentication.isRemembered(request)
                && sessionRepository.manager().getSession(verified.ticket().handle()) == null;
    }
}
