package io.gatehouse.servers.guarded;

import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** An authentication mechanism that takes user name and password from one header. */
abstract class ByHeader implements HttpAuthenticationMechanism {
    @Inject
    IdentityStoreHandler stores;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
            throws AuthenticationException {
        String user = request.getHeader("X-User");
        if (user != null) {
            return context.notifyContainerAboutLogin(stores.validate(new UsernamePasswordCredential(user, user)));
        }
        return context.isProtected() ? context.responseUnauthorized() : context.doNothing();
    }
}
