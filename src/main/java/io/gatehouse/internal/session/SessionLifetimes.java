package io.gatehouse.internal.session;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * How long sessions may live, and how long an id. Zero stands for no bound.
 *
 * @param absolute after how long a session ends however much it is used
 * @param remembered the same for a session whose user wants to be remembered
 * @param idleAtMost the longest idle time-out that an application may give
 * @param rotation after how long a session gets a new id by itself
 * @param rotationGrace how long requests that are under way with the old id are still let in then
 * @param whileNew the idle time-out of a session without a user until its client has come back with it
 * @param tokenReuse what happens when the old id comes back after that
 */
record SessionLifetimes(
        Duration absolute,
        Duration remembered,
        Duration idleAtMost,
        Duration rotation,
        Duration rotationGrace,
        Duration whileNew,
        TokenReuse tokenReuse) {
    /** What happens when a token that a rotation has replaced comes back after its grace time. */
    enum TokenReuse {
        /** It is refused, counted and logged. */
        REPORT,
        /** The session ends as well. */
        END
    }

    static final Setting<AssuranceLevel> POLICY = Setting.choice(
            "GATEHOUSE_SESSION_POLICY",
            AssuranceLevel.NONE,
            "Bounds by assurance level (NIST SP 800-63B-4): `aal1` 30 days, `aal2` 24 hours and 1 hour idle, `aal3` 12 hours and 15 minutes idle, or `none`.");
    static final Setting<Duration> ABSOLUTE_TIMEOUT = Setting.duration(
            "GATEHOUSE_SESSION_ABSOLUTE_TIMEOUT",
            "12h",
            "After how long a session ends however much it is used; 0 for never. Where it is not set, GATEHOUSE_SESSION_POLICY says. The idle time-out is the application's own (`session-timeout` in web.xml).");
    static final Setting<Duration> REMEMBER_TIMEOUT = Setting.duration(
            "GATEHOUSE_SESSION_REMEMBER_TIMEOUT",
            "30d",
            "The absolute time-out of sessions whose attribute `io.gatehouse.remember` is true; they have no idle time-out, and their cookie outlives the browser. GATEHOUSE_SESSION_POLICY bounds both.");
    static final Setting<Duration> ROTATION_INTERVAL = Setting.duration(
            "GATEHOUSE_SESSION_ROTATION_INTERVAL",
            "0",
            "After how long a session gets a new id by itself; 0 for never.");
    static final Setting<Duration> ROTATION_GRACE = Setting.duration(
            "GATEHOUSE_SESSION_ROTATION_GRACE",
            "30s",
            "How long the old id is good after that, for requests that are under way. At a log-in there is none.");

    static final Setting<Duration> NEW_TIMEOUT = Setting.duration(
            "GATEHOUSE_SESSION_NEW_TIMEOUT",
            "10m",
            "The idle time-out of a session without a user while it is new, that is, until its client has come back with it; 0 for the application's idle time-out. Keeps clients that drop their cookies from filling Redis.");
    static final Setting<TokenReuse> TOKEN_REUSE = Setting.choice(
            "GATEHOUSE_SESSION_TOKEN_REUSE",
            TokenReuse.REPORT,
            "When a token that a rotation has replaced comes back after its grace time, which is a sign of theft: `report` refuses, counts and logs it, `end` also ends the session (RFC 9700, section 4.14.2).");

    /** For how long scripts keep what has no end. */
    private static final Duration AS_GOOD_AS_EVER = Duration.ofDays(400);

    static final List<Setting<?>> ALL = List.of(
            POLICY, ABSOLUTE_TIMEOUT, REMEMBER_TIMEOUT, ROTATION_INTERVAL, ROTATION_GRACE, NEW_TIMEOUT, TOKEN_REUSE);

    /** Reads everything and leaves what is wrong with the configuration. */
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

    /** When a session that began then ends for good, in milliseconds since 1970; 0 for never. */
    long end(long createdAt, boolean remember) {
        Duration lifetime = remember ? remembered : absolute;
        return lifetime.isZero() ? 0 : createdAt + lifetime.toMillis();
    }

    /** How long any session can live. */
    Duration longest() {
        boolean bounded = !absolute.isZero() && !remembered.isZero();
        return bounded ? Collections.max(List.of(absolute, remembered)) : AS_GOOD_AS_EVER;
    }

    /** The idle time-out that an application gets for the one it wants; 0 for none. */
    long idleSeconds(long wanted) {
        long most = idleAtMost.toSeconds();
        long seconds = Math.max(0, wanted);
        return most > 0 && (seconds == 0 || seconds > most) ? most : seconds;
    }

    /** Whether a session ends when a token that a rotation has replaced is used once more. */
    boolean endsReused() {
        return tokenReuse == TokenReuse.END;
    }

    /** Whether a session whose id was given then needs a new one. */
    boolean isRotationDue(long idSince, long now) {
        return !rotation.isZero() && now - idSince >= rotation.toMillis();
    }
}
