package io.gatehouse.internal.login;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.List;

/**
 * How log-ins are protected.
 *
 * @param freeFailures how many failures in a row cost no wait
 * @param firstWait the wait after these; it doubles with each further failure
 * @param longestWait the longest wait
 * @param sprayLimit from how many accounts failing log-ins may come from one address in {@link #SPRAY_WINDOW}
 * @param deviceLifetime how long a browser that has logged in stays known; zero for not at all
 * @param away what happens while Redis does not answer
 * @param placeWait how long a request waits for a place that attempts under way hold
 * @param placeQueue how many requests of a node wait for places at the same time
 */
public record LoginSettings(
        int freeFailures,
        Duration firstWait,
        Duration longestWait,
        int sprayLimit,
        Duration deviceLifetime,
        RateLimitRule.OnRedisFailure away,
        Duration placeWait,
        int placeQueue) {
    /** The time in which accounts that fail from one address are counted. */
    static final Duration SPRAY_WINDOW = Duration.ofMinutes(10);

    /** Failures from more networks within a {@link LockoutPolicy#MEMORY} are nobody's mistakes any more. */
    static final int QUIET_NETWORKS = 10;

    /** How long an attempt holds a place; one that takes longer counts as failed from then on. */
    static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

    /** So many attempts of a lane may be abandoned in an {@link #ABANDON_WINDOW}; further ones have failed. */
    static final int MOST_ABANDONED = 20;

    static final Duration ABANDON_WINDOW = Duration.ofMinutes(10);

    /** So many browsers become known to an account in a {@link #DEVICE_WINDOW}. */
    static final int MOST_NEW_DEVICES = 10;

    static final Duration DEVICE_WINDOW = Duration.ofHours(24);

    private static final int MOST_FREE = 50;
    private static final Duration LONGEST_PLACE_WAIT = Duration.ofSeconds(30);

    static final Setting<Integer> FREE_FAILURES = Setting.number(
            "GATEHOUSE_LOGIN_FREE_FAILURES",
            5,
            1,
            MOST_FREE,
            "How many log-ins to an account may fail in a row before the next must wait.");
    static final Setting<Duration> FIRST_WAIT = Setting.duration(
            "GATEHOUSE_LOGIN_FIRST_WAIT", "30s", "How long it waits then; each further failure doubles the wait.");
    static final Setting<Duration> LONGEST_WAIT =
            Setting.duration("GATEHOUSE_LOGIN_LONGEST_WAIT", "1h", "The longest wait, at most 24h.");
    static final Setting<Integer> SPRAY_LIMIT = Setting.number(
            "GATEHOUSE_LOGIN_SPRAY_LIMIT",
            20,
            1,
            10_000,
            "How many accounts may fail to log in from one address in 10 minutes. Beyond that the address is refused until they are over, except browsers that have logged in to the account before.");
    static final Setting<Duration> DEVICE_LIFETIME = Setting.duration(
            "GATEHOUSE_LOGIN_DEVICE_LIFETIME",
            "180d",
            "How long a browser that has logged in to an account stays known for it, so that the failures of others do not lock it out; 0 for not at all.");
    static final Setting<RateLimitRule.OnRedisFailure> ON_REDIS_FAILURE = Setting.choice(
            "GATEHOUSE_LOGIN_ON_REDIS_FAILURE",
            RateLimitRule.OnRedisFailure.LOCAL,
            "While Redis is away: each node counts by itself (`local`), every attempt passes (`open`), or none (`closed`).");

    static final Setting<Duration> PLACE_WAIT = Setting.duration(
            "GATEHOUSE_LOGIN_PLACE_WAIT",
            "3s",
            "How long a request waits, instead of being refused, while logins under way hold all places of its account or of a rule that counts failures; at most 30s, 0 for not at all.");
    static final Setting<Integer> PLACE_QUEUE = Setting.number(
            "GATEHOUSE_LOGIN_PLACE_QUEUE",
            100,
            0,
            10_000,
            "How many requests of a node may wait for places at the same time; further ones are refused at once.");

    /** Every setting of login protection. */
    public static final List<Setting<?>> ALL = List.of(
            FREE_FAILURES,
            FIRST_WAIT,
            LONGEST_WAIT,
            SPRAY_LIMIT,
            DEVICE_LIFETIME,
            ON_REDIS_FAILURE,
            PLACE_WAIT,
            PLACE_QUEUE);

    /** Reads everything and leaves what is wrong with the configuration. */
    public static LoginSettings from(Config config) {
        Duration first = config.read(FIRST_WAIT);
        Duration longest = config.read(LONGEST_WAIT);
        if (first.compareTo(Duration.ofSeconds(1)) < 0) {
            config.problem(FIRST_WAIT, "at least 1s");
        }
        if (longest.compareTo(first) < 0 || longest.compareTo(LockoutPolicy.MEMORY) > 0) {
            config.problem(LONGEST_WAIT, "at least GATEHOUSE_LOGIN_FIRST_WAIT and at most 24h");
        }
        Duration placeWait = config.read(PLACE_WAIT);
        if (placeWait.compareTo(LONGEST_PLACE_WAIT) > 0) {
            config.problem(PLACE_WAIT, "at most 30s");
        }
        return new LoginSettings(
                config.read(FREE_FAILURES),
                first,
                longest,
                config.read(SPRAY_LIMIT),
                config.read(DEVICE_LIFETIME),
                config.read(ON_REDIS_FAILURE),
                placeWait,
                config.read(PLACE_QUEUE));
    }

    LockoutPolicy lockOut() {
        return new LockoutPolicy(freeFailures, firstWait, longestWait);
    }
}
