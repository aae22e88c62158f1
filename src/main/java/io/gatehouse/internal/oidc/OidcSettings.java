package io.gatehouse.internal.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.warmup.IssuerUrls;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The OpenID provider whose logouts end sessions.
 *
 * @param issuer the issuer identifier exactly as the provider writes it
 * @param clientId the application's client id at the provider
 * @param keys the provider's keys as a JWK Set, or empty to ask the provider
 * @param clockSkew how far the clocks of the provider and of this node may differ
 * @param frontChannel whether the front-channel endpoint is served
 */
public record OidcSettings(URI issuer, String clientId, String keys, Duration clockSkew, boolean frontChannel) {
    static final Setting<List<URI>> ISSUER = new Setting<>(
            "GATEHOUSE_OIDC_ISSUER",
            "",
            IssuerUrls::parseList,
            UnaryOperator.identity(),
            "The OpenID provider whose logouts end sessions: `https://login.example.com/realms/shop`. With it, `<prefix>/oidc/backchannel-logout` is served.");
    static final Setting<String> CLIENT_ID = Setting.text(
            "GATEHOUSE_OIDC_CLIENT_ID",
            "",
            "The client id of the application at that provider, the audience of logout tokens.");
    static final Setting<String> KEYS = new Setting<>(
            "GATEHOUSE_OIDC_JWKS",
            "",
            OidcSettings::checkedKeys,
            UnaryOperator.identity(),
            "The public keys of the provider as a JWK Set, for nodes that cannot reach it. Empty: the keys are fetched by OpenID Connect Discovery.");
    static final Setting<Duration> CLOCK_SKEW = Setting.duration(
            "GATEHOUSE_OIDC_CLOCK_SKEW",
            "1m",
            "How far the clocks of provider and node may differ when a logout token is checked; at most 10m.");
    static final Setting<Boolean> FRONT_CHANNEL = Setting.flag(
            "GATEHOUSE_OIDC_FRONT_CHANNEL",
            false,
            "Serve `<prefix>/oidc/frontchannel-logout` too. Its requests are not signed: every client that knows a `sid` can end its sessions.");

    /** All settings of this package. */
    public static final List<Setting<?>> ALL = List.of(ISSUER, CLIENT_ID, KEYS, CLOCK_SKEW, FRONT_CHANNEL);

    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(10);

    /** Reads the settings and adds what is wrong to the problems of the configuration; empty if no issuer is set. */
    public static Optional<OidcSettings> from(Config config) {
        List<URI> issuers = config.read(ISSUER);
        String clientId = config.read(CLIENT_ID);
        String keys = config.read(KEYS);
        Duration clockSkew = config.read(CLOCK_SKEW);
        boolean frontChannel = config.read(FRONT_CHANNEL);
        if (clockSkew.compareTo(MAX_CLOCK_SKEW) > 0) {
            config.problem(CLOCK_SKEW, "a time up to 10m");
        }
        if (issuers.size() > 1) {
            config.problem(ISSUER, "one https URL without query, fragment or user");
        }
        if (issuers.isEmpty()) {
            if (!clientId.isEmpty()) {
                config.problem(ISSUER, "the issuer of the provider, because GATEHOUSE_OIDC_CLIENT_ID is set");
            }
            return Optional.empty();
        }
        if (clientId.isBlank()) {
            config.problem(CLIENT_ID, "the client id of the application, because GATEHOUSE_OIDC_ISSUER is set");
        }
        return Optional.of(new OidcSettings(issuers.get(0), clientId, keys, clockSkew, frontChannel));
    }

    private static String checkedKeys(String text) {
        if (!text.isEmpty()) {
            try {
                if (JWKSet.parse(text).getKeys().isEmpty()) {
                    throw new IllegalArgumentException("a JWK Set with at least one key");
                }
            } catch (ParseException e) {
                throw new IllegalArgumentException("a JWK Set: {\"keys\": [...]}", e);
            }
        }
        return text;
    }
}
