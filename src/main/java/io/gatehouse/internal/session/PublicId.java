package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import org.jspecify.annotations.Nullable;

/**
 * The public id of a live session. Returns the same {@code String} object as long as the id does not change, because applications
 * use it as a key of weak maps. Not thread-safe; guarded by the live session.
 */
final class PublicId {
    private final SessionKeys sessionKeys;
    private final SessionIdStrings strings;
    private @Nullable String last;
    private long lastEpoch;

    PublicId(SessionKeys sessionKeys, SessionIdStrings strings) {
        this.sessionKeys = sessionKeys;
        this.strings = strings;
    }

    /** Returns the public id of an epoch. */
    String of(long epoch) {
        String known = last;
        if (known == null || epoch != lastEpoch) {
            known = strings.canonical(SessionId.publicId(sessionKeys, epoch));
            last = known;
            lastEpoch = epoch;
        }
        return known;
    }
}
