package io.gatehouse.internal.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * The canonical {@code String} objects of the public ids that were used on this node recently. Applications use {@code
 * HttpSession.getId()} as a key of weak maps; an entry of such a map lives as long as this class keeps the id. An id is dropped after an
 * hour without use, or when more than 100,000 sessions are in use. Thread-safe.
 */
final class SessionIdStrings {
    private static final int MOST = 100_000;
    private static final Duration UNUSED = Duration.ofHours(1);

    private final Cache<String, String> ids =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(UNUSED).build();

    /** Returns the canonical object of an id. */
    String canonical(String id) {
        return ids.get(id, same -> same);
    }
}
