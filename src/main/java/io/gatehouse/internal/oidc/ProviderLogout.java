package io.gatehouse.internal.oidc;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.session.RedisSessionManager;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.session.TerminationResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Ends sessions because the OpenID provider says that its user has logged out. A provider's session that is named ends the sessions that
 * were opened in it; otherwise all sessions of the user end. Thread-safe.
 */
public final class ProviderLogout {
    private static final System.Logger LOG = System.getLogger(ProviderLogout.class.getName());

    private final OidcSettings settings;
    private final LogoutTokenVerifier verifier;
    private final ReplayGuard replayGuard;
    private final RedisSessionManager sessions;
    private final LogoutCounters counters;
    private final InstantSource clock;

    /** Creates the logout of one application. */
    public ProviderLogout(
            OidcSettings settings,
            SessionSettings application,
            Redis redis,
            RedisSessionManager sessions,
            LogoutCounters counters,
            InstantSource clock,
            LongSupplier nanoTime) {
        this(settings, ProviderKeys.of(settings, nanoTime), application, redis, sessions, counters, clock);
    }

    private ProviderLogout(
            OidcSettings settings,
            ProviderKeys keys,
            SessionSettings application,
            Redis redis,
            RedisSessionManager sessions,
            LogoutCounters counters,
            InstantSource clock) {
        this.settings = settings;
        this.verifier = new LogoutTokenVerifier(settings, keys, clock);
        this.replayGuard = new ReplayGuard(
                redis,
                application.keyPrefix(),
                application.application(),
                settings.issuer().toString());
        this.sessions = sessions;
        this.counters = counters;
        this.clock = clock;
    }

    boolean hasFrontChannel() {
        return settings.frontChannel();
    }

    /** Ends the sessions that a logout token names, and counts the outcome. */
    LogoutOutcome backChannel(String text) {
        LogoutOutcome outcome;
        try {
            outcome = once(verifier.verify(text));
        } catch (LogoutRefusedException e) {
            outcome = e.outcome();
        } catch (GatehouseException e) {
            outcome = unavailable(e);
        }
        return counted(outcome);
    }

    /** Ends the sessions of one session of the provider, and counts the outcome. */
    LogoutOutcome frontChannel(String issuer, String sid) {
        if (!settings.issuer().toString().equals(issuer)) {
            return counted(LogoutOutcome.ISSUER);
        }
        if (sid.isBlank()) {
            return counted(LogoutOutcome.SUBJECT);
        }
        try {
            end(sid, "");
            return counted(LogoutOutcome.ENDED);
        } catch (GatehouseException e) {
            return counted(unavailable(e));
        }
    }

    /** Counts a request that has no token to look at. */
    LogoutOutcome malformed() {
        return counted(LogoutOutcome.MALFORMED);
    }

    private LogoutOutcome once(LogoutToken token) {
        ReplayGuard.Claim claim = replayGuard.claim(token.id());
        switch (claim.begin()) {
            case USED -> {
                return LogoutOutcome.REPLAYED;
            }
            case PENDING -> {
                return LogoutOutcome
                        .UNAVAILABLE; // its sessions may not have ended: the provider must not take it for done
            }
            case HELD -> {} // this request ends the sessions
        }
        boolean ended = false;
        try {
            end(token.sid(), token.sub());
            ended = true;
        } finally {
            if (!ended) {
                release(claim);
            }
        }
        claim.complete(Duration.between(clock.instant(), token.acceptedUntil()));
        return LogoutOutcome.ENDED;
    }

    private static void release(ReplayGuard.Claim claim) {
        try {
            claim.release();
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "a logout can be repeated only in half a minute", e);
        }
    }

    private void end(String sid, String sub) {
        TerminationResult result =
                sid.isEmpty() ? sessions.terminateByProvider(sub) : sessions.terminateProviderSession(sid);
        LOG.log(System.Logger.Level.DEBUG, "a logout at the OpenID provider ended {0} sessions", result.ended());
    }

    private static LogoutOutcome unavailable(GatehouseException failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "a logout at the OpenID provider must be repeated: {0}",
                failure.toString());
        return LogoutOutcome.UNAVAILABLE;
    }

    private LogoutOutcome counted(LogoutOutcome outcome) {
        counters.count(outcome);
        return outcome;
    }
}
