package io.gatehouse.internal.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies logout tokens as OpenID Connect Back-Channel Logout 1.0, section 2.6, demands. The claims are checked before the signature,
 * because only then the provider's keys may have to be fetched. Whether a token was used before is not checked here. Thread-safe.
 *
 * <p>A token is accepted until its {@code exp}, and for at most an hour after its {@code iat}; without an {@code exp}, which older
 * providers leave out, for five minutes.
 */
final class LogoutTokenVerifier {
    /** The name of the event that a logout token is about. */
    static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    /** The asymmetric algorithms. An HMAC could be made with the public key, and an unsigned token by every client. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final Set<String> TYPES = Set.of("logout+jwt", "application/logout+jwt", "jwt");
    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final Duration MAX_AGE_WITHOUT_END = Duration.ofMinutes(5);
    private static final int MAX_LENGTH = 32 * 1024;
    private static final int MAX_NAME_LENGTH = 1024;

    private final String issuer;
    private final String clientId;
    private final Duration clockSkew;
    private final ProviderKeys keys;
    private final InstantSource clock;

    LogoutTokenVerifier(OidcSettings settings, ProviderKeys keys, InstantSource clock) {
        this.issuer = settings.issuer().toString();
        this.clientId = settings.clientId();
        this.clockSkew = settings.clockSkew();
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Returns what a token says.
     *
     * @throws LogoutRefusedException if it is not a valid logout token of the provider for this client
     */
    LogoutToken verify(String text) throws LogoutRefusedException {
        require(text.length() <= MAX_LENGTH, LogoutOutcome.MALFORMED);
        try {
            JWT parsed = JWTParser.parse(text);
            require(!(parsed instanceof PlainJWT), LogoutOutcome.ALGORITHM);
            if (parsed instanceof SignedJWT signed) {
                requireHeader(signed.getHeader());
                LogoutToken token = checked(signed.getJWTClaimsSet());
                require(isSignedByProvider(signed), LogoutOutcome.SIGNATURE);
                return token;
            }
        } catch (ParseException | RuntimeException | StackOverflowError e) {
            throw new LogoutRefusedException(LogoutOutcome.MALFORMED); // the message may quote the token
        }
        throw new LogoutRefusedException(LogoutOutcome.MALFORMED);
    }

    private static void requireHeader(JWSHeader header) throws LogoutRefusedException {
        require(ALGORITHMS.contains(header.getAlgorithm()), LogoutOutcome.ALGORITHM);
        JOSEObjectType type = header.getType();
        require(
                type == null || TYPES.stream().anyMatch(known -> known.equalsIgnoreCase(type.getType())),
                LogoutOutcome.TYPE);
    }

    private LogoutToken checked(@Nullable JWTClaimsSet claims) throws LogoutRefusedException, ParseException {
        if (claims == null) {
            throw new LogoutRefusedException(LogoutOutcome.MALFORMED);
        }
        require(issuer.equals(claims.getIssuer()), LogoutOutcome.ISSUER);
        require(claims.getAudience().contains(clientId), LogoutOutcome.AUDIENCE);
        Instant acceptedUntil = acceptedUntil(claims);
        require(
                claims.getClaim("events") instanceof Map<?, ?> events && events.get(EVENT) instanceof Map,
                LogoutOutcome.EVENT);
        require(!claims.getClaims().containsKey("nonce"), LogoutOutcome.NONCE);
        String sid = name(claims.getStringClaim("sid"));
        String sub = name(claims.getSubject());
        require(!sid.isEmpty() || !sub.isEmpty(), LogoutOutcome.SUBJECT);
        String id = name(claims.getJWTID());
        require(!id.isEmpty(), LogoutOutcome.ID);
        return new LogoutToken(id, sid, sub, acceptedUntil);
    }

    private Instant acceptedUntil(JWTClaimsSet claims) throws LogoutRefusedException {
        Date issued = claims.getIssueTime();
        Date expires = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        if (issued == null) {
            throw new LogoutRefusedException(LogoutOutcome.TIME);
        }
        Instant now = clock.instant();
        Instant latest = now.plus(clockSkew);
        require(!issued.toInstant().isAfter(latest), LogoutOutcome.TIME);
        require(notBefore == null || !notBefore.toInstant().isAfter(latest), LogoutOutcome.TIME);
        Instant end = issued.toInstant().plus(expires == null ? MAX_AGE_WITHOUT_END : MAX_AGE);
        if (expires != null && expires.toInstant().isBefore(end)) {
            end = expires.toInstant();
        }
        Instant until = end.plus(clockSkew);
        require(now.isBefore(until), LogoutOutcome.TIME);
        return until;
    }

    private static String name(@Nullable String claim) throws LogoutRefusedException {
        require(claim == null || claim.length() <= MAX_NAME_LENGTH, LogoutOutcome.MALFORMED);
        return claim == null || claim.isBlank() ? "" : claim;
    }

    private boolean isSignedByProvider(SignedJWT token) throws LogoutRefusedException {
        for (JWK key : keys.matching(token.getHeader())) {
            try {
                JWSVerifier verifier = verifier(key);
                if (verifier != null && token.verify(verifier)) {
                    return true;
                }
            } catch (JOSEException | IllegalStateException e) {
                // this key does not verify it; another one may
            }
        }
        return false;
    }

    private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return new RSASSAVerifier(rsa.toRSAPublicKey());
        }
        return key instanceof ECKey ec ? new ECDSAVerifier(ec.toECPublicKey()) : null;
    }

    private static void require(boolean holds, LogoutOutcome otherwise) throws LogoutRefusedException {
        if (!holds) {
            throw new LogoutRefusedException(otherwise);
        }
    }
}
