package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.SessionReaper.Targets;
import io.gatehouse.internal.session.store.ExpiryIndex;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.internal.session.store.Revocations;
import io.gatehouse.internal.session.store.SessionInfoFactory;
import io.gatehouse.internal.session.store.SessionPager;
import io.gatehouse.internal.session.store.SessionSummaryReader;
import io.gatehouse.internal.session.store.SessionSummaryReader.SessionSummary;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionManager;
import io.gatehouse.session.SessionPage;
import io.gatehouse.session.TerminationResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Manages sessions through their records, indexes and revocations in Redis. Thread-safe. */
public final class RedisSessionManager implements SessionManager {
    private static final int BATCH = 200;

    private final Redis redis;
    private final KeyRing keys;
    private final KeyNames keyNames;
    private final RedisSessionStore store;
    private final SessionSummaryReader sessionSummaryReader;
    private final ExpiryIndex expiryIndex;
    private final SessionPager sessionPager;
    private final UserIndex users;
    private final SessionReaper sessionReaper;
    private final UserSessionCleaner userSessionCleaner;
    private final Revocations revocations;
    private final ReplicaAcknowledgement replicaAcknowledgement;

    RedisSessionManager(
            Redis redis,
            KeyRing keys,
            KeyNames keyNames,
            RedisSessionStore store,
            SessionSummaryReader sessionSummaryReader,
            UserIndex users,
            SessionReaper sessionReaper,
            UserSessionCleaner userSessionCleaner,
            Revocations revocations,
            ReplicaAcknowledgement replicaAcknowledgement) {
        this.redis = redis;
        this.keys = keys;
        this.keyNames = keyNames;
        this.store = store;
        this.sessionSummaryReader = sessionSummaryReader;
        this.expiryIndex = new ExpiryIndex(keyNames);
        this.sessionPager = new SessionPager(redis, keyNames, expiryIndex, sessionSummaryReader);
        this.users = users;
        this.sessionReaper = sessionReaper;
        this.userSessionCleaner = userSessionCleaner;
        this.revocations = revocations;
        this.replicaAcknowledgement = replicaAcknowledgement;
    }

    @Override
    public List<SessionInfo> getUserSessions(String user) {
        return users.sessions(redis, sessionSummaryReader, user).stream()
                .map(SessionInfoFactory::info)
                .sorted(Comparator.comparing(SessionInfo::lastAccessedAt).reversed())
                .toList();
    }

    @Override
    public SessionPage list(String cursor, int limit) {
        return sessionPager.page(cursor, limit);
    }

    @Override
    public @Nullable SessionDetails getSession(String handle) {
        Pipeline pipeline = new Pipeline();
        Map<SessionKeys, Response<@Nullable SessionDetails>> replies = new LinkedHashMap<>();
        keysOf(handle).forEach(each -> replies.put(each, pipeline.add(sessionSummaryReader.details(each))));
        redis.send(pipeline);
        for (Map.Entry<SessionKeys, Response<@Nullable SessionDetails>> entry : replies.entrySet()) {
            SessionDetails details = entry.getValue().get();
            if (details != null) {
                return revocations.accepts(entry.getKey(), details.info().user()) ? details : null;
            }
        }
        return null;
    }

    /** Returns the possible keys of the session with a handle, one for each signing key. */
    private List<SessionKeys> keysOf(String name) {
        String handle = handleOf(name);
        return keys.kids().stream().map(kid -> keyNames.locate(kid, handle)).toList();
    }

    /** Returns the handle of a session that is named by its handle or by its public id, which is the handle, a dot and the epoch. */
    private static String handleOf(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    @Override
    public boolean touch(String handle) {
        Pipeline pipeline = new Pipeline();
        List<Response<byte @Nullable []>> touched = new ArrayList<>();
        List<Response<@Nullable SessionSummary>> seen = new ArrayList<>();
        for (SessionKeys each : keysOf(handle)) {
            touched.add(pipeline.add(store.touch(each, Duration.ZERO)));
            seen.add(pipeline.add(sessionSummaryReader.summary(each)));
        }
        redis.send(pipeline);
        boolean alive = false;
        for (int i = 0; i < seen.size(); i++) {
            SessionSummary sessionSummary = seen.get(i).get();
            alive |= touched.get(i).get() != null
                    && sessionSummary != null
                    && revocations.accepts(
                            sessionSummary.keys(), sessionSummary.metadata().user());
        }
        return alive;
    }

    @Override
    public TerminationResult terminate(String handle) {
        return sessionReaper.end(
                keysOf(handle).stream().map(sessionReaper::targets).toList(), EndReason.ADMIN);
    }

    @Override
    public TerminationResult terminateUserSessions(String user, @Nullable String exceptHandle) {
        return terminateUserSessions(user, exceptHandle, EndReason.ADMIN);
    }

    /** Terminates the sessions of a user because the OpenID provider logged the user out; see {@link #terminateUserSessions}. */
    public TerminationResult terminateByProvider(String user) {
        return terminateUserSessions(user, null, EndReason.PROVIDER);
    }

    /**
     * Terminates the sessions that were opened in a session of the OpenID provider, whichever users they have. A session whose
     * {@code sid} is stored after the call is not terminated.
     *
     * @param sid the value of the session attribute {@code io.gatehouse.oidc.sid}
     */
    public TerminationResult terminateProviderSession(String sid) {
        TerminationResult none =
                new TerminationResult(0, replicaAcknowledgement.wanted(), replicaAcknowledgement.wanted());
        return terminateListed(
                none, () -> users.providerSessions(redis, sessionSummaryReader, sid), null, EndReason.PROVIDER);
    }

    private TerminationResult terminateUserSessions(String user, @Nullable String except, EndReason reason) {
        String exceptHandle = except == null ? null : handleOf(except);
        int confirmations = revocations.signOut(user, exceptHandle, replicaAcknowledgement);
        TerminationResult signedOut = new TerminationResult(0, confirmations, replicaAcknowledgement.wanted());
        return terminateListed(
                signedOut, () -> users.sessions(redis, sessionSummaryReader, user), exceptHandle, reason);
    }

    /** Terminates the sessions of an index, page by page, and adds the outcome to that of an earlier step. */
    private TerminationResult terminateListed(
            TerminationResult start,
            Supplier<List<SessionSummary>> page,
            @Nullable String exceptHandle,
            EndReason reason) {
        TerminationResult all = start;
        int before = -1;
        while (all.ended() > before) { // the user may have more sessions than one read of the index returns
            before = all.ended();
            Map<Integer, List<String>> targets = new LinkedHashMap<>();
            for (SessionSummary sessionSummary : page.get()) {
                SessionKeys sessionKeys = sessionSummary.keys();
                if (!sessionKeys.handle().equals(exceptHandle)) {
                    targets.computeIfAbsent(keyNames.bucketOf(sessionKeys), any -> new ArrayList<>())
                            .add(sessionKeys.lookup());
                }
            }
            all = SessionInfoFactory.sum(
                    all,
                    sessionReaper.end(
                            targets.entrySet().stream()
                                    .map(entry -> new Targets(entry.getKey(), entry.getValue()))
                                    .toList(),
                            reason));
        }
        return all;
    }

    @Override
    public TerminationResult terminateAll() {
        TerminationResult all =
                new TerminationResult(0, replicaAcknowledgement.wanted(), replicaAcknowledgement.wanted());
        int before;
        do {
            before = all.ended();
            for (int bucket = 0; bucket < KeyNames.BUCKETS; bucket++) {
                all = SessionInfoFactory.sum(all, terminateBucket(bucket));
            }
        } while (!sessionReaper.notifiesListeners()
                && all.ended() > before); // removals by other nodes shift the offsets
        return all;
    }

    private TerminationResult terminateBucket(int bucket) {
        TerminationResult all =
                new TerminationResult(0, replicaAcknowledgement.wanted(), replicaAcknowledgement.wanted());
        int offset = 0;
        List<String> members;
        do {
            members = redis.send(expiryIndex.any(bucket, offset, BATCH));
            TerminationResult some = sessionReaper.end(List.of(new Targets(bucket, members)), EndReason.ADMIN);
            all = SessionInfoFactory.sum(all, some);
            offset += members.size()
                    - (sessionReaper.notifiesListeners() ? some.ended() : 0); // another node is ending the rest
        } while (!members.isEmpty());
        return all;
    }

    @Override
    public long countSessions() {
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> counts = IntStream.range(0, KeyNames.BUCKETS)
                .mapToObj(bucket -> pipeline.add(expiryIndex.count(bucket)))
                .toList();
        redis.send(pipeline);
        return counts.stream().mapToLong(Response::get).sum();
    }

    @Override
    public int cleanupExpiredSessions() {
        int removed = 0;
        Pipeline scanning = new Pipeline();
        List<Response<List<String>>> due = IntStream.range(0, KeyNames.BUCKETS)
                .mapToObj(bucket -> scanning.add(expiryIndex.due(bucket, BATCH)))
                .toList();
        redis.send(scanning);
        for (int bucket = 0; bucket < KeyNames.BUCKETS; bucket++) {
            List<String> before = List.of();
            List<String> members = due.get(bucket).get();
            while (!members.equals(
                    before)) { // sessions that cannot be ended stay in the index and must not be retried forever
                removed += sessionReaper
                        .end(List.of(new Targets(bucket, members)), null)
                        .ended();
                before = members;
                members = members.size() < BATCH ? before : redis.send(expiryIndex.due(bucket, BATCH));
            }
        }
        return removed;
    }

    /** Ends the expired sessions of a user, and removes entries of the user's session list whose sessions do not exist. */
    public UserCleanup cleanUpUser(String user) {
        return userSessionCleaner.cleanUp(user);
    }

    /** Returns what {@link #cleanUpUser} would do; expired sessions count as stale entries. Changes nothing. */
    public UserCleanup previewUserCleanup(String user) {
        return userSessionCleaner.preview(user);
    }
}
