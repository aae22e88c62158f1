package io.gatehouse.internal.session;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.store.SessionSummaryReader;
import io.gatehouse.internal.session.store.SessionSummaryReader.SessionSummary;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.store.UserIndex.Full;
import io.gatehouse.internal.session.store.UserIndex.Place;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.SessionLimitReachedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the maximum number of concurrent sessions per user by refusing a login that is one too many. The maximum holds
 * exactly, even under concurrent logins: one script ({@code admit.lua}: ZSCORE, ZCARD, ZADD) reserves a place before the session
 * becomes the user's. Entries of sessions that no longer exist are removed before a login is refused. {@link SessionEviction}
 * implements the other actions, which let the new session in and end another one. Thread-safe.
 */
final class SessionLimit {
    static final long RESERVATION_MILLIS = 60_000;

    /** The reaction to a session that is one too many. */
    enum Action {
        /** Refuse the new session. */
        DENY,
        /** End the session with the oldest login. */
        EVICT_OLDEST,
        /** End the session that was unused for the longest time. */
        EVICT_IDLE
    }

    /**
     * The configured limit.
     *
     * @param most the maximum number of sessions per user; 0 for no limit
     */
    record Rule(int most, Action action) {
        static final Setting<Integer> LIMIT = Setting.number(
                "GATEHOUSE_SESSION_LIMIT",
                0,
                0,
                1000,
                "The maximum number of concurrent sessions per user; 0 for no limit. With a limit, a login takes one more round trip, two with `deny`, and more once the limit is reached.");
        static final Setting<Action> ACTION = Setting.choice(
                "GATEHOUSE_SESSION_LIMIT_ACTION",
                Action.EVICT_OLDEST,
                "The reaction to a login beyond the limit: `evict-oldest` ends the session with the oldest login, `evict-idle` ends the session that was unused for the longest time, `deny` refuses the login.");

        static final List<Setting<?>> ALL = List.of(LIMIT, ACTION);

        static Rule from(Config config) {
            return new Rule(config.read(LIMIT), config.read(ACTION));
        }

        boolean isOn() {
            return most > 0;
        }
    }

    private final Rule rule;
    private final Redis redis;
    private final UserIndex users;
    private final SessionSummaryReader sessionSummaryReader;

    SessionLimit(Rule rule, Redis redis, UserIndex users, SessionSummaryReader sessionSummaryReader) {
        this.rule = rule;
        this.redis = redis;
        this.users = users;
        this.sessionSummaryReader = sessionSummaryReader;
    }

    /**
     * Reserves a place for a session that is about to become a user's. Does nothing unless the action is to refuse.
     *
     * @throws SessionLimitReachedException if the user has no place left
     */
    void admit(String user, SessionKeys sessionKeys) {
        if (!rule.isOn() || rule.action() != Action.DENY) {
            return;
        }
        List<String> elsewhere = new ArrayList<>(users.underOtherKeys(redis, user, sessionKeys));
        if (!(reserve(user, sessionKeys, elsewhere, List.of()) instanceof Full full)) {
            return;
        }
        List<String> missing = missing(
                Stream.concat(full.takenBy().stream(), elsewhere.stream()).toList());
        elsewhere.removeAll(missing);
        if (missing.isEmpty() || reserve(user, sessionKeys, elsewhere, missing) instanceof Full) {
            throw new SessionLimitReachedException(rule.most());
        }
    }

    private Place reserve(String user, SessionKeys sessionKeys, List<String> elsewhere, List<String> missing) {
        return redis.send(users.admit(user, sessionKeys, rule.most() - elsewhere.size(), RESERVATION_MILLIS, missing));
    }

    private List<String> missing(List<String> entries) {
        Pipeline reading = new Pipeline();
        Map<String, Response<@Nullable SessionSummary>> replies = new LinkedHashMap<>();
        for (String entry : entries) {
            SessionKeys sessionKeys = users.keysOf(entry);
            if (sessionKeys != null) {
                replies.put(entry, reading.add(sessionSummaryReader.summary(sessionKeys)));
            }
        }
        redis.send(reading);
        List<String> missing = new ArrayList<>();
        replies.forEach((entry, response) -> {
            if (response.get() == null) {
                missing.add(entry);
            }
        });
        return missing;
    }
}
