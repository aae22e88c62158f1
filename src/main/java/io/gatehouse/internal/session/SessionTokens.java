package io.gatehouse.internal.session;

import io.gatehouse.internal.session.SessionRepository.Absent;
import io.gatehouse.internal.session.SessionRepository.TokenVerification;
import io.gatehouse.internal.session.SessionRepository.Verified;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.SessionToken;
import io.gatehouse.internal.session.token.TokenCodec;
import io.gatehouse.internal.session.token.VerifiedToken;
import java.util.List;

/** Verifies the tokens of requests, and issues the tokens of live sessions. Does not access Redis. Thread-safe. */
final class SessionTokens {
    private final KeyNames keyNames;
    private final TokenCodec tokenCodec;
    private final SessionCounters counters;

    SessionTokens(KeyNames keyNames, TokenCodec tokenCodec, SessionCounters counters) {
        this.keyNames = keyNames;
        this.tokenCodec = tokenCodec;
        this.counters = counters;
    }

    /** Returns the first genuine token among cookie values. Counts each value that is not genuine. */
    TokenVerification verify(List<String> cookieValues) {
        for (String value : cookieValues) {
            TokenCodec.Reading reading = tokenCodec.read(value);
            if (reading instanceof TokenCodec.Genuine genuine) {
                SessionToken claims = genuine.token();
                SessionKeys sessionKeys = keyNames.locate(claims.kid(), claims.id());
                return new Verified(
                        new VerifiedToken(claims, value, sessionKeys), SessionId.publicId(sessionKeys, claims.epoch()));
            }
            counters.count(((TokenCodec.Refused) reading).reason());
        }
        return new Absent();
    }

    /** Returns the token that opens a session in its present state. */
    VerifiedToken tokenOf(Session session) {
        LiveSession live = session.live();
        return live.tokenCache().token(live.metadata(), keyNames, tokenCodec);
    }

    /** Returns whether a token opens a session and has its present epoch. */
    static boolean opens(VerifiedToken token, Session session) {
        return session.keys().equals(token.keys())
                && session.live().metadata().epoch() == token.claims().epoch();
    }
}
