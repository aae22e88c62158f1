package io.gatehouse.session;

import org.jspecify.annotations.Nullable;

/**
 * What opens a live session: its secret id, and its token as the client has it or as it was written last, kept because writing
 * one takes two signatures. Safe for use by several threads.
 */
final class Credential {
    private final Location location;
    /** Null for a session that nobody opens any more, which is looked at while it ends. */
    private final @Nullable SessionId id;

    private volatile @Nullable Written written;

    /** A token as it is written, and the name of the user that it stands for, or empty. */
    private record Written(SessionTicket ticket, String user) {
        boolean isOf(Metadata now) {
            SessionToken token = ticket.token();
            return token.epoch() == now.epoch() && token.expiresAt() == seconds(now) && user.equals(now.user());
        }
    }

    Credential(Location location, @Nullable SessionId id) {
        this.location = location;
        this.id = id;
    }

    /** The token that opens the session as it is now. */
    SessionTicket ticket(Metadata now, KeySpace names, Tokens tokens) {
        Written last = written;
        if (last != null && last.isOf(now)) {
            return last.ticket();
        }
        if (id == null) {
            throw new IllegalStateException("nobody opens " + location + " any more");
        }
        String userTag = names.userTag(location.kid(), now.user());
        SessionToken token = new SessionToken(location.kid(), id, now.epoch(), seconds(now), userTag);
        SessionTicket ticket = new SessionTicket(token, tokens.write(token), location);
        shown(ticket, now.user());
        return ticket;
    }

    private static long seconds(Metadata now) {
        return now.expiresAt() / 1000;
    }

    /** The client has this token, which stands for this user, or nobody. */
    void shown(SessionTicket ticket, String user) {
        written = new Written(ticket, user);
    }
}
