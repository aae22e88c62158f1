package io.gatehouse.internal.jetty;

import java.util.List;
import org.eclipse.jetty.security.AbstractLoginService;
import org.eclipse.jetty.security.Authenticator;
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.RolePrincipal;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserPrincipal;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.security.authentication.DigestAuthenticator;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.eclipse.jetty.util.security.Credential;

/** Applications whose users Jetty authenticates; each user's password is the name. */
final class JettyUsers {
    /** The realm name of the login configuration. */
    static final String REALM = "members";

    private JettyUsers() {}

    /** A login service in which everyone has the role {@code member}, and {@code root} also {@code boss}. */
    static class Everybody extends AbstractLoginService {
        Everybody(String realm) {
            setName(realm);
        }

        @Override
        protected List<RolePrincipal> loadRoleInfo(UserPrincipal user) {
            RolePrincipal member = new RolePrincipal("member");
            return user.getName().equals("root") ? List.of(member, new RolePrincipal("boss")) : List.of(member);
        }

        @Override
        protected UserPrincipal loadUserInfo(String user) {
            return new UserPrincipal(user, Credential.getCredential(user));
        }
    }

    /** Returns an application in container mode with FORM authentication, which redirects to its login page. */
    static JettyApp.Builder form(JettyContext.Version version, String redis) {
        return with(version, redis, new FormAuthenticator("/login-page", "/login-error", false));
    }

    static JettyApp.Builder basic(JettyContext.Version version, String redis) {
        return with(version, redis, new BasicAuthenticator());
    }

    static JettyApp.Builder digest(JettyContext.Version version, String redis) {
        return with(version, redis, new DigestAuthenticator());
    }

    static JettyApp.Builder with(JettyContext.Version version, String redis, Authenticator authenticator) {
        return JettyApp.with(version, redis)
                .customize(context -> context.security(security(new Everybody(REALM), authenticator)))
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

    static SecurityHandler security(AbstractLoginService users, Authenticator authenticator) {
        SecurityHandler.PathMapped security = new SecurityHandler.PathMapped();
        Constraint unused = security.put("/member/*", Constraint.from("member"));
        unused = security.put("/boss/*", Constraint.from("boss"));
        security.setRealmName(users.getName());
        security.setLoginService(users);
        security.setAuthenticator(authenticator);
        return security;
    }
}
