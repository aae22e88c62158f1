package io.gatehouse.internal.oidc;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.security.enterprise.identitystore.openid.IdentityToken;
import jakarta.security.enterprise.identitystore.openid.JwtClaims;
import jakarta.security.enterprise.identitystore.openid.OpenIdContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bean that the OpenID mechanism of Jakarta Security gives to applications, in a JVM without CDI. While it is closed, there is no CDI, as
 * before its first use.
 */
final class OpenIdMechanism implements AutoCloseable {
    private static volatile @Nullable OpenIdMechanism current;

    private final String issuer;
    private volatile Optional<String> sid = Optional.empty();
    private volatile boolean resolvable = true;
    private volatile boolean withToken = true;

    OpenIdMechanism(String issuer) {
        this.issuer = issuer;
        current = this;
        CDI.setCDIProvider(() -> {
            OpenIdMechanism active = current;
            if (active == null) {
                throw new IllegalStateException("Unable to access CDI");
            }
            return active.cdi();
        });
    }

    /** The next user logs in with this claim. */
    OpenIdMechanism sid(@Nullable String value) {
        sid = Optional.ofNullable(value);
        return this;
    }

    /** The mechanism is not in use. */
    void unavailable() {
        resolvable = false;
    }

    /** The user has logged in by other means. */
    void withoutToken() {
        withToken = false;
    }

    @SuppressWarnings("unchecked")
    private CDI<Object> cdi() {
        Instance<Object> instance = proxy(Instance.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "isResolvable" -> resolvable;
            case "get" -> context();
            default -> throw new UnsupportedOperationException(method.getName());
        });
        return new FakeCdi(instance);
    }

    private OpenIdContext context() {
        JwtClaims claims = proxy(JwtClaims.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getIssuer" -> Optional.of(issuer);
            case "getStringClaim" -> arguments[0].equals("sid") ? sid : Optional.empty();
            default -> throw new UnsupportedOperationException(method.getName());
        });
        IdentityToken token = proxy(IdentityToken.class, (proxy, method, arguments) -> claims);
        return proxy(OpenIdContext.class, (proxy, method, arguments) -> withToken ? token : null);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public void close() {
        current = null;
    }
}
