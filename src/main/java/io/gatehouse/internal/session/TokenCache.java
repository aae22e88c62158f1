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
 * What opens a live session: its secret id, and its token as the client has it or as it was written last, kept because writing
 * one takes two signatures. Safe for use by several threads.
 */
final class TokenCache {
    private final SessionKeys sessionKeys;
    /** Null for a session that nobody opens any more, which is looked at while it ends. */
    private final @Nullable SessionId id;

    private volatile @Nullable Written written;

    /** A token as it is written, and the name of the user that it stands for, or empty. */
    private record Written(VerifiedToken ticket, String user) {
        boolean isOf(SessionMetadata now) {
            SessionToken token = ticket.token();
            return token.epoch() == now.epoch() && token.expiresAt() == seconds(now) && user.equals(now.user());
        }
    }

    TokenCache(SessionKeys sessionKeys, @Nullable SessionId id) {
        this.sessionKeys = sessionKeys;
        this.id = id;
    }

    /** The token that opens the session as it is now. */
    VerifiedToken ticket(SessionMetadata now, KeyNames names, TokenCodec tokenCodec) {
        Written last = written;
        if (last != null && last.isOf(now)) {
            return last.ticket();
        }
        if (id == null) {
            throw new IllegalStateException("nobody opens " + sessionKeys + " any more");
        }
        String userTag = names.userTag(sessionKeys.kid(), now.user());
        SessionToken token = new SessionToken(sessionKeys.kid(), id, now.epoch(), seconds(now), userTag);
        VerifiedToken ticket = new VerifiedToken(token, tokenCodec.write(token), sessionKeys);
        shown(ticket, now.user());
        return ticket;
    }

    private static long seconds(SessionMetadata now) {
        return now.expiresAt() / 1000;
    }

    /** The client has this token, which stands for this user, or nobody. */
    void shown(VerifiedToken ticket, String user) {
        written = new Written(ticket, user);
    }
}
