package io.gatehouse.internal.tomcat;

import io.gatehouse.testing.App;
import java.security.Principal;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.Valve;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.authenticator.DigestAuthenticator;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.jspecify.annotations.Nullable;

/** Applications whose users Tomcat authenticates; each user's password is the name. */
final class ServerUsers {
    /** The realm name of the login configuration. */
    static final String REALM = "members";

    private ServerUsers() {}

    /** A realm in which everyone has the role {@code member}, and {@code root} also {@code boss}. */
    static class Everybody extends RealmBase {
        @Override
        protected String getPassword(String user) {
            return user;
        }

        @Override
        protected @Nullable Principal getPrincipal(String user) {
            return new GenericPrincipal(user, user.equals("root") ? List.of("member", "boss") : List.of("member"));
        }
    }

    /** Returns an application in container mode with FORM authentication. */
    static App.Builder form(String redis) {
        return with(redis, "FORM", new FormAuthenticator());
    }

    static App.Builder basic(String redis) {
        return with(redis, "BASIC", new BasicAuthenticator());
    }

    /** Returns an application with DIGEST authentication whose nodes recognize the nonces of each other. */
    static App.Builder digest(String redis) {
        DigestAuthenticator authenticator = new DigestAuthenticator();
        authenticator.setKey("the same on all nodes");
        authenticator.setOpaque("0paque");
        return with(redis, "DIGEST", authenticator);
    }

    private static App.Builder with(String redis, String method, Valve authenticator) {
        return App.with(redis)
                .set("GATEHOUSE_SESSION_INTEGRATION", "container")
                .customize(context -> secure(context, method, REALM, authenticator))
                .on("/login-page", (request, response) -> response.getWriter().print("please log in"))
                .on("/login-error", (request, response) -> response.getWriter().print("wrong password"))
                .on(
                        "/member/who",
                        (request, response) -> response.getWriter()
                                .print(request.getRemoteUser() + " " + request.isUserInRole("member") + " "
                                        + request.isUserInRole("boss") + " " + request.getAuthType()))
                .on(
                        "/who",
                        (request, response) -> response.getWriter()
                                .print(request.getRemoteUser() + " " + (request.getSession(false) != null)))
                .on("/make", (request, response) -> request.getSession().setAttribute("cart", "apples"))
                .on(
                        "/cart",
                        (request, response) -> response.getWriter()
                                .print(
                                        request.getSession(false) == null
                                                ? "no session"
                                                : request.getSession().getAttribute("cart")))
                .on("/invalidate", (request, response) -> request.getSession().invalidate())
                .on("/logout", (request, response) -> request.logout());
    }

    static void secure(Context context, String method, String realm, Valve authenticator) {
        context.setRealm(new Everybody());
        context.setLoginConfig(new LoginConfig(method, realm, "/login-page", "/login-error"));
        context.getPipeline().addValve(authenticator);
        context.addSecurityRole("member");
        context.addSecurityRole("boss");
        protect(context, "/member/*", "member");
        protect(context, "/boss/*", "boss");
    }

    private static void protect(Context context, String pattern, String role) {
        SecurityCollection pages = new SecurityCollection();
        pages.addPattern(pattern);
        SecurityConstraint constraint = new SecurityConstraint();
        constraint.addCollection(pages);
        constraint.addAuthRole(role);
        context.addConstraint(constraint);
    }
}
