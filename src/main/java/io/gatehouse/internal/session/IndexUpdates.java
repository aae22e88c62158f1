package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.SessionKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * The index updates for one attempt to save. Those of the user's index are part of the pipeline of the save; if the request turns out to be
 * cut off, the session {@linkplain #restoring gets back} its entry. Two updates would do harm without the save, so they follow it: the session
 * is removed from the index of an OpenID provider's sessions, by which alone the provider's logout finds it, and a login is accepted in spite
 * of an earlier revocation. With a limit, all updates follow. Not thread-safe.
 */
final class IndexUpdates {
    private final UserIndex users;
    private final SessionKeys sessionKeys;
    private final SessionChange change;
    private final boolean limited;
    private final List<Response<Long>> added = new ArrayList<>();

    IndexUpdates(UserIndex users, SessionKeys sessionKeys, SessionChange change, boolean limited) {
        this.users = users;
        this.sessionKeys = sessionKeys;
        this.change = change;
        this.limited = limited;
    }

    /** Adds the updates that need not follow. */
    void addTo(Pipeline pipeline) {
        if (!limited) {
            userRemovals().forEach(call -> added.add(pipeline.add(call)));
            additions(false).forEach(call -> added.add(pipeline.add(call)));
        }
    }

    /**
     * Checks those updates after the pipeline was sent.
     *
     * @throws io.gatehouse.RedisUnavailableException if an index was not reached
     */
    void requireAdded() {
        UserIndex.requireAdded(added);
    }

    /** Returns the updates to make after the change was stored; that of the user's index is the last. */
    List<RedisCall<Long>> following() {
        List<RedisCall<Long>> following = new ArrayList<>(limited ? userRemovals() : List.of());
        String provider = change.before().providerSession();
        if (!provider.equals(change.metadata().providerSession())) {
            following.addAll(users.removeFromProviderSession(provider, sessionKeys));
        }
        if (limited || (isLogin() && added.stream().anyMatch(UserIndex::isRevoked))) {
            following.addAll(additions(isLogin()));
        }
        return following;
    }

    /** Returns the updates to make if the request is cut off, because another one has stored these metadata. */
    List<RedisCall<Long>> restoring(SessionMetadata other) {
        return limited || userRemovals().isEmpty()
                ? List.of()
                : users.additions(sessionKeys, other, other, false, true);
    }

    private List<RedisCall<Long>> userRemovals() {
        String user = change.before().user();
        return user.equals(change.metadata().user()) ? List.of() : users.remove(user, sessionKeys);
    }

    /** Returns whether the user has just logged in; a repeated login may be older than a revocation. */
    private boolean isLogin() {
        SessionMetadata now = change.metadata();
        return !change.repeated()
                && !now.user().isEmpty()
                && !now.user().equals(change.before().user());
    }

    private List<RedisCall<Long>> additions(boolean accepted) {
        return users.additions(sessionKeys, change.before(), change.metadata(), accepted, change.repeated());
    }
}
