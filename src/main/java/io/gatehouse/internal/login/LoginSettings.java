package io.gatehouse.internal.login;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.List;

/**
 * The settings of login protection.
 *
 * @param freeFailures the number of failures in a row after which attempts wait
 * @param firstWait the first wait; it doubles with each further failure
 * @param longestWait the longest wait
 * @param sprayLimit how many accounts may fail from one address within {@link #SPRAY_WINDOW}
 * @param deviceLifetime how long a browser that has logged in stays known; zero disables device cookies
 * @param onRedisFailure how attempts are decided while Redis is unavailable
 * @param placeWait how long a request waits for a place that attempts in progress hold
 * @param placeQueue how many requests of a node may wait for places at the same time
 */
public record LoginSettings(
        int freeFailures,
        Duration firstWait,
        Duration longestWait,
        int sprayLimit,
        Duration deviceLifetime,
        RateLimitRule.OnRedisFailure onRedisFailure,
        Duration placeWait,
        int placeQueue) {
    /** The window in which the accounts that fail from one address are counted. */
    static final Duration SPRAY_WINDOW = Duration.ofMinutes(10);

    /** Failures from more networks than this within {@link LockoutPolicy#MEMORY} are an attack. */
    static final int QUIET_NETWORKS = 10;

    /** The longest time that an attempt holds a place; after that it counts as failed. */
    static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

    /** How many attempts of one failure history may be abandoned in {@link #ABANDON_WINDOW}; further ones count as failed. */
    static final int MOST_ABANDONED = 20;

    static final Duration ABANDON_WINDOW = Duration.ofMinutes(10);

    /** How many browsers can become known to an account in {@link #DEVICE_WINDOW}. */
    static final int MOST_NEW_DEVICES = 10;

    static final Duration DEVICE_WINDOW = Duration.ofHours(24);

    private static final int MOST_FREE = 50;
    private static final Duration LONGEST_PLACE_WAIT = Duration.ofSeconds(30);

    static final Setting<Integer> FREE_FAILURES = Setting.number(
            "GATEHOUSE_LOGIN_FREE_FAILURES",
            5,
            1,
            MOST_FREE,
            "How many logins to an account may fail in a row before the next attempt must wait.");
    static final Setting<Duration> FIRST_WAIT =
            Setting.duration("GATEHOUSE_LOGIN_FIRST_WAIT", "30s", "The first wait; each further failure doubles it.");
    static final Setting<Duration> LONGEST_WAIT =
            Setting.duration("GATEHOUSE_LOGIN_LONGEST_WAIT", "1h", "The longest wait, at most 24h.");
    static final Setting<Integer> SPRAY_LIMIT = Setting.number(
            "GATEHOUSE_LOGIN_SPRAY_LIMIT",
            20,
            1,
            10_000,
            "How many accounts may fail to log in from one address in 10 minutes. Beyond that, the address is refused until the 10 minutes have passed, except for browsers that have logged in to the account before.");
    static final Setting<Duration> DEVICE_LIFETIME = Setting.duration(
            "GATEHOUSE_LOGIN_DEVICE_LIFETIME",
            "180d",
            "How long a browser that has logged in to an account stays known to it, so that the failures of other browsers do not lock it out; 0 disables device cookies.");
    static final Setting<RateLimitRule.OnRedisFailure> ON_REDIS_FAILURE = Setting.choice(
            "GATEHOUSE_LOGIN_ON_REDIS_FAILURE",
            RateLimitRule.OnRedisFailure.LOCAL,
            "While Redis is unavailable: each node counts on its own (`local`), every attempt is allowed (`open`), or none (`closed`).");

    static final Setting<Duration> PLACE_WAIT = Setting.duration(
            "GATEHOUSE_LOGIN_PLACE_WAIT",
            "3s",
            "How long a request waits, instead of being refused, while logins in progress hold all places of its account or of a rule that counts failures; at most 30s, 0 disables waiting.");
    static final Setting<Integer> PLACE_QUEUE = Setting.number(
            "GATEHOUSE_LOGIN_PLACE_QUEUE",
            100,
            0,
            10_000,
            "How many requests of a node may wait for places at the same time; further requests are refused immediately.");

    /** All settings of login protection. */
    public static final List<Setting<?>> ALL = List.of(
            FREE_FAILURES,
            FIRST_WAIT,
            LONGEST_WAIT,
            SPRAY_LIMIT,
            DEVICE_LIFETIME,
            ON_REDIS_FAILURE,
            PLACE_WAIT,
            PLACE_QUEUE);

    /** Reads the settings, and reports problems to the configuration. */
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

    LockoutPolicy lockoutPolicy() {
        return new LockoutPolicy(freeFailures, firstWait, longestWait);
    }
}
