package io.gatehouse.internal.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** An OpenID provider that signs logout tokens, good ones and bad ones. */
final class TestProvider {
    static final String ISSUER = "https://login.example.com/realms/shop";
    static final String CLIENT = "shop";

    private final RSAKey rsa;
    private final ECKey ec;

    TestProvider() {
        try {
            rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
            ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token that must be refused, and the reason for that. */
    record BadToken(String token, LogoutOutcome outcome) {}

    JWKSet keys() {
        return new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK()));
    }

    OidcSettings settings() {
        return new OidcSettings(URI.create(ISSUER), CLIENT, keys().toString(), Duration.ofMinutes(1), false);
    }

    static JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(120)))
                .jwtID(UUID.randomUUID().toString())
                .claim("events", Map.of(LogoutTokenVerifier.EVENT, Map.of()));
    }

    String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return token(JWSAlgorithm.RS256, change);
    }

    String token(JWSAlgorithm algorithm, UnaryOperator<JWTClaimsSet.Builder> change) {
        boolean elliptic = JWSAlgorithm.Family.EC.contains(algorithm);
        JWSHeader header = new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType("logout+jwt"))
                .keyID(elliptic ? "ec" : "rsa")
                .build();
        try {
            return signed(header, elliptic ? new ECDSASigner(ec) : new RSASSASigner(rsa), change);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWSHeader header, JWSSigner signer, UnaryOperator<JWTClaimsSet.Builder> change)
            throws JOSEException {
        SignedJWT jwt = new SignedJWT(header, change.apply(claims()).build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    /** Returns tokens that must be refused, by what is wrong with each. */
    Map<String, BadToken> badTokens() throws JOSEException {
        Map<String, BadToken> bad = new LinkedHashMap<>();
        UnaryOperator<JWTClaimsSet.Builder> alice =
                claims -> claims.subject("alice").claim("sid", "s1");
        Date hourAgo = Date.from(Instant.now().minus(Duration.ofMinutes(90)));
        Date soon = Date.from(Instant.now().plus(Duration.ofMinutes(5)));
        bad.put("no JWT", new BadToken("x", LogoutOutcome.MALFORMED));
        bad.put("empty", new BadToken("", LogoutOutcome.MALFORMED));
        bad.put("too long", new BadToken("a".repeat(40_000), LogoutOutcome.MALFORMED));
        bad.put("deep JSON", new BadToken(encoded("[".repeat(20_000)) + ".e30.e30", LogoutOutcome.MALFORMED));
        bad.put("NUL", new BadToken("\0.\0.\0", LogoutOutcome.MALFORMED));
        bad.put(
                "no signature",
                new BadToken(new PlainJWT(alice.apply(claims()).build()).serialize(), LogoutOutcome.ALGORITHM));
        String good = token(alice);
        bad.put(
                "none with a signature",
                new BadToken(
                        encoded("{\"alg\":\"none\"}") + good.substring(good.indexOf('.')), LogoutOutcome.MALFORMED));
        bad.put(
                "no signature part",
                new BadToken(good.substring(0, good.lastIndexOf('.') + 1), LogoutOutcome.MALFORMED));
        bad.put(
                "HMAC made of the public key",
                new BadToken(
                        signed(
                                new JWSHeader.Builder(JWSAlgorithm.HS256)
                                        .keyID("rsa")
                                        .build(),
                                new MACSigner(rsa.toRSAPublicKey().getEncoded()),
                                alice),
                        LogoutOutcome.ALGORITHM));
        bad.put(
                "HMAC made of the JWK",
                new BadToken(
                        signed(
                                new JWSHeader(JWSAlgorithm.HS512),
                                new MACSigner(rsa.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)),
                                alice),
                        LogoutOutcome.ALGORITHM));
        bad.put("key of another provider", new BadToken(new TestProvider().token(alice), LogoutOutcome.SIGNATURE));
        bad.put("unknown key", new BadToken(unknownKey(alice), LogoutOutcome.SIGNATURE));
        String body = encoded(claims().subject("bob").build().toString());
        bad.put(
                "changed claims",
                new BadToken(
                        good.substring(0, good.indexOf('.') + 1) + body + good.substring(good.lastIndexOf('.')),
                        LogoutOutcome.SIGNATURE));
        bad.put("another type", new BadToken(otherType(alice), LogoutOutcome.TYPE));
        put(bad, "another issuer", LogoutOutcome.ISSUER, alice, claims -> claims.issuer("https://evil.example.com"));
        put(bad, "issuer with a slash", LogoutOutcome.ISSUER, alice, claims -> claims.issuer(ISSUER + "/"));
        put(bad, "no issuer", LogoutOutcome.ISSUER, alice, claims -> claims.issuer(null));
        put(bad, "another audience", LogoutOutcome.AUDIENCE, alice, claims -> claims.audience("bank"));
        put(bad, "no audience", LogoutOutcome.AUDIENCE, alice, claims -> claims.audience((String) null));
        put(bad, "expired", LogoutOutcome.TIME, alice, claims -> claims.expirationTime(hourAgo));
        put(bad, "issued long ago", LogoutOutcome.TIME, alice, claims -> claims.issueTime(hourAgo));
        put(
                bad,
                "old, without an end",
                LogoutOutcome.TIME,
                alice,
                claims -> claims.expirationTime(null)
                        .issueTime(Date.from(Instant.now().minus(Duration.ofMinutes(7)))));
        put(bad, "issued in the future", LogoutOutcome.TIME, alice, claims -> claims.issueTime(soon));
        put(bad, "valid only later", LogoutOutcome.TIME, alice, claims -> claims.notBeforeTime(soon));
        put(bad, "no time of issue", LogoutOutcome.TIME, alice, claims -> claims.issueTime(null));
        put(bad, "no events", LogoutOutcome.EVENT, alice, claims -> claims.claim("events", null));
        put(bad, "another event", LogoutOutcome.EVENT, alice, claims -> claims.claim("events", Map.of("x", Map.of())));
        put(
                bad,
                "event that is no object",
                LogoutOutcome.EVENT,
                alice,
                claims -> claims.claim("events", Map.of(LogoutTokenVerifier.EVENT, "yes")));
        put(bad, "nonce", LogoutOutcome.NONCE, alice, claims -> claims.claim("nonce", "n"));
        put(bad, "no subject", LogoutOutcome.SUBJECT, claims -> claims, claims -> claims);
        put(
                bad,
                "blank names",
                LogoutOutcome.SUBJECT,
                claims -> claims,
                claims -> claims.subject(" ").claim("sid", ""));
        put(
                bad,
                "sid that is no text",
                LogoutOutcome.MALFORMED,
                claims -> claims,
                claims -> claims.claim("sid", List.of()));
        put(bad, "very long sid", LogoutOutcome.MALFORMED, alice, claims -> claims.claim("sid", "s".repeat(5000)));
        put(bad, "no id", LogoutOutcome.ID, alice, claims -> claims.jwtID(null));
        return bad;
    }

    private void put(
            Map<String, BadToken> bad,
            String what,
            LogoutOutcome outcome,
            UnaryOperator<JWTClaimsSet.Builder> first,
            UnaryOperator<JWTClaimsSet.Builder> then) {
        bad.put(what, new BadToken(token(claims -> then.apply(first.apply(claims))), outcome));
    }

    private String unknownKey(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("other").build();
        return signed(header, new RSASSASigner(rsa), change);
    }

    private String otherType(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID("rsa")
                .build();
        return signed(header, new RSASSASigner(rsa), change);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
