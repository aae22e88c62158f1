package io.gatehouse.internal.session;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The configured lifetimes of sessions and of their ids. Zero stands for no limit. Immutable.
 *
 * @param absolute the absolute timeout
 * @param remembered the absolute timeout of sessions that outlive the browser
 * @param idleAtMost the maximum idle timeout
 * @param rotation the age at which an id is rotated
 * @param rotationGrace the grace time of the old id after a rotation
 * @param whileNew the idle timeout of a session without a user until its client returns
 * @param tokenReuse the reaction to an old token after its grace time
 */
record SessionLifetimes(
        Duration absolute,
        Duration remembered,
        Duration idleAtMost,
        Duration rotation,
        Duration rotationGrace,
        Duration whileNew,
        TokenReuse tokenReuse) {
    /** The reaction to a token that is used after a rotation and its grace time. */
    enum TokenReuse {
        /** Reject, count and log it. */
        REPORT,
        /** Also end the session. */
        END
    }

    static final Setting<AssuranceLevel> POLICY = Setting.choice(
            "GATEHOUSE_SESSION_POLICY",
            AssuranceLevel.NONE,
            "Limits the timeouts by assurance level (NIST SP 800-63B-4): `aal1` 30 days, `aal2` 24 hours and 1 hour idle, `aal3` 12 hours and 15 minutes idle, or `none`.");
    static final Setting<Duration> ABSOLUTE_TIMEOUT = Setting.duration(
            "GATEHOUSE_SESSION_ABSOLUTE_TIMEOUT",
            "12h",
            "The absolute timeout: the maximum lifetime of a session, whether or not it is used; 0 for none. If not set, GATEHOUSE_SESSION_POLICY determines it. The application sets the idle timeout (`session-timeout` in web.xml).");
    static final Setting<Duration> REMEMBER_TIMEOUT = Setting.duration(
            "GATEHOUSE_SESSION_REMEMBER_TIMEOUT",
            "30d",
            "The absolute timeout of sessions whose attribute `io.gatehouse.remember` is true. They have no idle timeout, and their cookie outlives the browser. GATEHOUSE_SESSION_POLICY limits both timeouts.");
    static final Setting<Duration> ROTATION_INTERVAL = Setting.duration(
            "GATEHOUSE_SESSION_ROTATION_INTERVAL",
            "0",
            "The age at which the id of a session is rotated; 0 for never.");
    static final Setting<Duration> ROTATION_GRACE = Setting.duration(
            "GATEHOUSE_SESSION_ROTATION_GRACE",
            "30s",
            "The grace time after a rotation, in which requests with the old id are still accepted. An id change at login has no grace time.");

    static final Setting<Duration> NEW_TIMEOUT = Setting.duration(
            "GATEHOUSE_SESSION_NEW_TIMEOUT",
            "10m",
            "The idle timeout of a new session without a user, until its client returns with the cookie; 0 for the application's idle timeout. Prevents clients that ignore cookies from filling Redis.");
    static final Setting<TokenReuse> TOKEN_REUSE = Setting.choice(
            "GATEHOUSE_SESSION_TOKEN_REUSE",
            TokenReuse.REPORT,
            "The reaction to a token that is used after a rotation and its grace time, which is a sign of theft: `report` rejects, counts and logs it; `end` also ends the session (RFC 9700, section 4.14.2).");

    /** The lifetime in Redis of sessions without an end. */
    private static final Duration UNLIMITED = Duration.ofDays(400);

    static final List<Setting<?>> ALL = List.of(
            POLICY, ABSOLUTE_TIMEOUT, REMEMBER_TIMEOUT, ROTATION_INTERVAL, ROTATION_GRACE, NEW_TIMEOUT, TOKEN_REUSE);

    /** Reads the lifetimes, and reports problems to the configuration. */
    static SessionLifetimes from(Config config) {
        AssuranceLevel policy = config.read(POLICY);
        Duration absolute = config.isSet(ABSOLUTE_TIMEOUT) ? config.read(ABSOLUTE_TIMEOUT) : policy.absolute();
        if (!policy.allowsAbsolute(absolute)) {
            config.problem(
                    ABSOLUTE_TIMEOUT,
                    "at most " + policy.absoluteAtMost().toHours() + "h, because GATEHOUSE_SESSION_POLICY is "
                            + policy);
        }
        Duration remembered = config.read(REMEMBER_TIMEOUT);
        return new SessionLifetimes(
                absolute,
                policy.allowsAbsolute(remembered) ? remembered : policy.absoluteAtMost(),
                policy.idleAtMost(),
                config.read(ROTATION_INTERVAL),
                config.read(ROTATION_GRACE),
                config.read(NEW_TIMEOUT),
                config.read(TOKEN_REUSE));
    }

    /** Returns the absolute end of a session, in milliseconds since 1970; 0 for none. */
    long end(long createdAt, boolean remember) {
        Duration lifetime = remember ? remembered : absolute;
        return lifetime.isZero() ? 0 : createdAt + lifetime.toMillis();
    }

    /** Returns the longest lifetime of any session. */
    Duration longest() {
        boolean bounded = !absolute.isZero() && !remembered.isZero();
        return bounded ? Collections.max(List.of(absolute, remembered)) : UNLIMITED;
    }

    /** Returns the idle timeout for the one that the application requests, in seconds; 0 for none. */
    long idleSeconds(long wanted) {
        long most = idleAtMost.toSeconds();
        long seconds = Math.max(0, wanted);
        return most > 0 && (seconds == 0 || seconds > most) ? most : seconds;
    }

    /** Returns whether the use of an old token after its grace time ends the session. */
    boolean endsReused() {
        return tokenReuse == TokenReuse.END;
    }

    /** Returns whether an id that was assigned at a time must be rotated. */
    boolean isRotationDue(long idSince, long now) {
        return !rotation.isZero() && now - idSince >= rotation.toMillis();
    }
}
