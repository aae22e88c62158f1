package io.gatehouse.internal.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * The public ids of the sessions that were used on this node lately, each as one {@code String} object. Applications keep
 * weak maps under {@code HttpSession.getId()}; an entry of such a map lives as long as this class keeps the id: until the
 * session was not used here for an hour, or 100,000 other sessions were. Thread-safe.
 */
final class SessionIdStrings {
    private static final int MOST = 100_000;
    private static final Duration UNUSED = Duration.ofHours(1);

    private final Cache<String, String> ids =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(UNUSED).build();

    /** The object that stands for this id. */
    String canonical(String id) {
        return ids.get(id, same -> same);
    }
}
