package io.gatehouse.internal.undertow;

import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.wiring.SessionIntegration;
import io.undertow.Version;
import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.api.LoginConfig;
import io.undertow.servlet.api.SessionConfigWrapper;
import io.undertow.servlet.api.SessionManagerFactory;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prepares an application on Undertow to use the sessions of Gatehouse, if its configuration says so. Undertow finds this class by its
 * service file, and calls it before it creates the session manager of the application. As long as {@link ContainerRequests#ATTRIBUTE} is
 * not set, because Gatehouse is disabled or has not started, the server uses its own sessions.
 */
public final class UndertowExtension implements ServletExtension {
    private static final System.Logger LOG = System.getLogger(UndertowExtension.class.getName());

    /** The versions of Undertow of which one is tested. */
    private static final String TESTED = "2.3.";

    /** How the names of mechanisms begin whose credentials clients send in headers; DIGEST-SHA-256 is one. */
    private static final List<String> HEADER_MECHANISMS = List.of("BASIC", "DIGEST");

    /** Returns the requests of an application, or null while the server uses its own sessions. */
    static @Nullable ContainerRequests requests(ServletContext context) {
        return context.getAttribute(ContainerRequests.ATTRIBUTE) instanceof ContainerRequests requests
                ? requests
                : null;
    }

    @Override
    public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
        if (context.getAttribute(SessionIntegration.INSTALLED) != null || !isWanted(deployment, context)) {
            return;
        }
        try {
            install(deployment, context);
            context.setAttribute(SessionIntegration.INSTALLED, ContainerRequests.Installation.DONE);
        } catch (LinkageError | RuntimeException e) {
            context.setAttribute(SessionIntegration.INSTALLED, ContainerRequests.Installation.REFUSED);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} keeps its own sessions, because its Undertow is not as expected: {1}",
                    context.getServerInfo(),
                    e.toString());
        }
    }

    /** Reads the configuration with the class loader of the application, which Undertow has not set yet. */
    private static boolean isWanted(DeploymentInfo deployment, ServletContext context) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(deployment.getClassLoader());
        try {
            return SessionIntegration.isWanted(
                    context, Version.getVersionString().startsWith(TESTED));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void install(DeploymentInfo deployment, ServletContext context) {
        SessionManagerFactory managers = deployment.getSessionManagerFactory();
        SessionConfigWrapper configs = deployment.getSessionConfigWrapper();
        WebSocketSessions webSockets = new WebSocketSessions(deployment, context);
        SessionEvents events = new SessionEvents(context, webSockets);
        AttributeForms forms = new AttributeForms(realm(deployment), () -> {
            ContainerRequests requests = requests(context);
            return requests == null ? Duration.ZERO : requests.rolesRefresh();
        });

        deployment.setSessionManagerFactory(created -> new ContainerSessionManager(
                managers.createSessionManager(created), context, events, webSockets, forms));
        deployment.setSessionConfigWrapper((config, created) ->
                new ContainerSessionConfig(configs == null ? config : configs.wrap(config, created), context));
        deployment.addListener(new ListenerInfo(SessionEvents.class, new ImmediateInstanceFactory<>(events)));
        deployment.addThreadSetupAction(new RequestEnclosure(
                context, deployment.getClassLoader(), authenticatesByHeader(deployment.getLoginConfig())));
        deployment.addOuterHandlerChainWrapper(next -> new GuardHandler(next, context));
    }

    private static boolean authenticatesByHeader(@Nullable LoginConfig login) {
        return login != null
                && login.getAuthMethods().stream()
                        .map(method -> method.getName().toUpperCase(Locale.ROOT))
                        .anyMatch(name -> HEADER_MECHANISMS.stream().anyMatch(name::startsWith));
    }

    /** Returns context path and realm: a user of another application or realm is another one. */
    private static String realm(DeploymentInfo deployment) {
        LoginConfig login = deployment.getLoginConfig();
        String name = login == null ? null : login.getRealmName();
        return deployment.getContextPath() + " " + (name == null ? "" : name);
    }
}
