package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.SessionReaper.Targets;
import io.gatehouse.internal.session.store.EndClaims;
import io.gatehouse.internal.session.store.EndClaims.EndClaim;
import io.gatehouse.internal.session.store.SessionSummaryReader;
import io.gatehouse.internal.session.store.SessionSummaryReader.SessionSummary;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cleans up the sessions of one user, at most 1,000 per signing key: ends the expired ones, and removes the entries of the user's index
 * that name no session of the user. An entry whose record does not exist is removed unless it is the place that a running login has
 * reserved. Sessions of other users are not touched. Thread-safe.
 */
final class UserSessionCleaner {
    private final Redis redis;
    private final KeyNames keyNames;
    private final UserIndex users;
    private final SessionSummaryReader sessionSummaryReader;
    private final SessionReaper sessionReaper;
    private final EndClaims claims;

    UserSessionCleaner(
            Redis redis,
            KeyNames keyNames,
            UserIndex users,
            SessionSummaryReader sessionSummaryReader,
            SessionReaper sessionReaper,
            EndClaims claims) {
        this.redis = redis;
        this.keyNames = keyNames;
        this.users = users;
        this.sessionSummaryReader = sessionSummaryReader;
        this.sessionReaper = sessionReaper;
        this.claims = claims;
    }

    /** Cleans up. Five round trips for each 1,000 sessions, and those of {@link SessionReaper#end}. */
    UserCleanup cleanUp(String user) {
        Map<String, List<String>> entries = users.entries(redis, user);
        Map<Integer, List<String>> targets = new LinkedHashMap<>();
        keysOf(entries)
                .values()
                .forEach(sessionKeys -> targets.computeIfAbsent(
                                keyNames.bucketOf(sessionKeys), bucket -> new ArrayList<>())
                        .add(sessionKeys.lookup()));
        int expired = sessionReaper
                .end(
                        targets.entrySet().stream()
                                .map(each -> new Targets(each.getKey(), each.getValue()))
                                .toList(),
                        null)
                .ended();
        Map<String, List<String>> remaining = users.entries(redis, user);
        Summaries summaries = read(remaining, user);
        Set<String> missing = missing(summaries.unknown());
        Pipeline tidying = new Pipeline();
        List<Response<Long>> removed = new ArrayList<>();
        remaining.forEach((kid, listed) -> {
            List<String> stale = listed.stream()
                    .filter(entry -> missing.contains(entry)
                            || summaries.foreign().contains(entry)
                            || users.keysOf(entry) == null)
                    .toList();
            removed.add(tidying.add(users.tidy(kid, user, SessionLimit.RESERVATION_MILLIS, stale)));
        });
        redis.send(tidying);
        int staleEntries = (int) removed.stream().mapToLong(Response::get).sum();
        return new UserCleanup(expired, staleEntries, summaries.live());
    }

    /**
     * Returns what {@link #cleanUp} would do, and changes nothing. Expired sessions and stale entries are not distinguished: both count as
     * stale entries.
     */
    UserCleanup preview(String user) {
        Map<String, List<String>> entries = users.entries(redis, user);
        int live = read(entries, user).live();
        return new UserCleanup(0, entries.values().stream().mapToInt(List::size).sum() - live, live);
    }

    /**
     * The sessions of a user's entries.
     *
     * @param unknown entries whose sessions are not readable: expired, ended, or not there
     * @param foreign entries whose sessions belong to another user
     */
    private record Summaries(int live, Map<String, SessionKeys> unknown, Set<String> foreign) {}

    private Summaries read(Map<String, List<String>> entries, String user) {
        Pipeline reading = new Pipeline();
        Map<String, Response<@Nullable SessionSummary>> replies = new LinkedHashMap<>();
        Map<String, SessionKeys> unknown = keysOf(entries);
        unknown.forEach(
                (entry, sessionKeys) -> replies.put(entry, reading.add(sessionSummaryReader.summary(sessionKeys))));
        redis.send(reading);
        int live = 0;
        Set<String> foreign = new LinkedHashSet<>();
        for (Map.Entry<String, Response<@Nullable SessionSummary>> reply : replies.entrySet()) {
            SessionSummary summary = reply.getValue().get();
            if (summary != null) {
                unknown.remove(reply.getKey());
                if (summary.metadata().user().equals(user)) {
                    live++;
                } else {
                    foreign.add(reply.getKey());
                }
            }
        }
        return new Summaries(live, unknown, foreign);
    }

    /** Returns the entries whose sessions do not exist. A claim without a reason changes nothing about a session that has not expired. */
    private Set<String> missing(Map<String, SessionKeys> unknown) {
        Pipeline claiming = new Pipeline();
        Map<String, Response<EndClaim>> replies = new LinkedHashMap<>();
        unknown.forEach((entry, sessionKeys) -> replies.put(
                entry,
                claiming.add(claims.claim(
                        sessionKeys.recordKey(), sessionKeys.indexKey(), sessionKeys.lookup(), null, false, null))));
        redis.send(claiming);
        Set<String> missing = new LinkedHashSet<>();
        replies.forEach((entry, reply) -> {
            if (reply.get() instanceof EndClaims.Missing) {
                missing.add(entry);
            }
        });
        return missing;
    }

    private Map<String, SessionKeys> keysOf(Map<String, List<String>> entries) {
        Map<String, SessionKeys> keys = new LinkedHashMap<>();
        entries.values().stream().flatMap(List::stream).forEach(entry -> {
            SessionKeys sessionKeys = users.keysOf(entry);
            if (sessionKeys != null) {
                keys.put(entry, sessionKeys);
            }
        });
        return keys;
    }
}
