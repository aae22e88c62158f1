package io.gatehouse.internal.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.session.TokenVerification.Absent;
import io.gatehouse.internal.session.TokenVerification.Verified;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.SessionToken;
import io.gatehouse.internal.session.token.TokenCodec;
import io.gatehouse.internal.session.token.VerifiedToken;
import java.time.Duration;
import java.util.List;

/**
 * Verifies the tokens of requests, and issues the tokens of live sessions. Does not access Redis. Thread-safe.
 *
 * <p>A genuine text is verified once and remembered with the names that are derived from it, which takes three MACs. The result depends
 * only on the text, the application and the key ring, which never change, and on the clock, which is asked each time. Only genuine texts
 * are remembered: at most {@link #MOST}, and each for {@link #UNUSED} after its last request.
 */
final class SessionTokens {
    private static final int MOST = 20_000;
    private static final Absent ABSENT = new Absent();
    private static final Duration UNUSED = Duration.ofMinutes(5);

    private final Cache<String, Verified> genuine = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(UNUSED)
            .executor(Runnable::run)
            .build();
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
            Verified known = genuine.getIfPresent(value);
            if (known != null && !tokenCodec.isExpired(known.ticket().claims())) {
                return known;
            }
            TokenCodec.Reading reading = tokenCodec.read(value);
            if (reading instanceof TokenCodec.Genuine read) {
                Verified verified = verified(value, read.token());
                genuine.put(value, verified);
                return verified;
            }
            counters.count(((TokenCodec.Refused) reading).reason());
        }
        return ABSENT;
    }

    private Verified verified(String value, SessionToken claims) {
        SessionKeys sessionKeys = keyNames.locate(claims.kid(), claims.id());
        return new Verified(
                new VerifiedToken(claims, value, sessionKeys), SessionId.publicId(sessionKeys, claims.epoch()));
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
