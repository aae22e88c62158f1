package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.SessionToken;
import io.gatehouse.internal.session.token.TokenCodec;
import io.gatehouse.internal.session.token.VerifiedToken;
import org.jspecify.annotations.Nullable;

/**
 * The secret id of a live session and its latest token. The token is cached because issuing one takes two MACs. Thread-safe.
 */
final class TokenCache {
    private final SessionKeys sessionKeys;
    /** Null for a session that is ending and that no token opens any more. */
    private final @Nullable SessionId id;

    private volatile @Nullable Written written;

    /** A token and the name of its user, or empty. */
    private record Written(VerifiedToken token, String user) {
        boolean isCurrent(SessionMetadata now) {
            SessionToken claims = token.claims();
            return claims.epoch() == now.epoch() && claims.expiresAt() == seconds(now) && user.equals(now.user());
        }
    }

    TokenCache(SessionKeys sessionKeys, @Nullable SessionId id) {
        this.sessionKeys = sessionKeys;
        this.id = id;
    }

    /** Returns the token that opens the session in its present state. */
    VerifiedToken token(SessionMetadata now, KeyNames names, TokenCodec tokenCodec) {
        Written last = written;
        if (last != null && last.isCurrent(now)) {
            return last.token();
        }
        if (id == null) {
            throw new IllegalStateException(sessionKeys + " is ending; it has no token");
        }
        String userTag = names.userTag(sessionKeys.kid(), now.user());
        SessionToken claims = new SessionToken(sessionKeys.kid(), id, now.epoch(), seconds(now), userTag);
        VerifiedToken token = new VerifiedToken(claims, tokenCodec.write(claims), sessionKeys);
        remember(token, now.user());
        return token;
    }

    private static long seconds(SessionMetadata now) {
        return now.expiresAt() / 1000;
    }

    /** Records the token that the client has, and the name of its user, or empty. */
    void remember(VerifiedToken token, String user) {
        written = new Written(token, user);
    }
}
