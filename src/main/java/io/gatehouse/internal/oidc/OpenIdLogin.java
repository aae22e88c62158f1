package io.gatehouse.internal.oidc;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.security.enterprise.identitystore.openid.IdentityToken;
import jakarta.security.enterprise.identitystore.openid.JwtClaims;
import jakarta.security.enterprise.identitystore.openid.OpenIdContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The OpenID login of the current request, as the OpenID mechanism of Jakarta Security 3.0 has verified it. Must be called by a thread of a
 * request. A class of its own, so that servers without Jakarta Security can load the others. Thread-safe.
 */
public final class OpenIdLogin implements Supplier<Optional<String>> {
    private static final System.Logger LOG = System.getLogger(OpenIdLogin.class.getName());

    /** A longer text is refused in logout tokens, so it would never match. */
    private static final int LONGEST = 1024;

    private final Class<OpenIdContext> bean = OpenIdContext.class;
    private final String issuer;

    /** @param settings the provider whose logouts end sessions */
    public OpenIdLogin(OidcSettings settings) {
        this.issuer = settings.issuer().toString();
        Class<?> unused = CDI.class; // fails here if the server has no CDI
    }

    /**
     * Returns the claim {@code sid} of the ID token, or empty if there is none, if another provider has issued the token, or if the user has
     * not logged in by the mechanism. Never throws.
     */
    @Override
    public Optional<String> get() {
        try {
            Instance<OpenIdContext> contexts = CDI.current().select(bean);
            if (!contexts.isResolvable()) {
                return Optional.empty();
            }
            IdentityToken token = contexts.get().getIdentityToken();
            return token == null ? Optional.empty() : sid(token.getJwtClaims());
        } catch (RuntimeException | LinkageError e) { // there is no CDI or no active scope, or the mechanism has failed
            LOG.log(System.Logger.Level.DEBUG, "the login has no OpenID context", e);
            return Optional.empty();
        }
    }

    private Optional<String> sid(JwtClaims claims) {
        return claims.getIssuer().filter(issuer::equals).isEmpty()
                ? Optional.empty()
                : claims.getStringClaim("sid").filter(sid -> !sid.isBlank() && sid.length() <= LONGEST);
    }
}
