package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.SessionTrackingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.catalina.Container;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.Manager;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.authenticator.SingleSignOn;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.session.StandardManager;
import org.jspecify.annotations.Nullable;

/**
 * What Gatehouse has added to one context of Tomcat: manager, valve and listeners. Removes all of it when the application stops, because the
 * context outlives the application.
 */
final class Installation implements LifecycleListener {
    private static final System.Logger LOG = System.getLogger(Installation.class.getName());

    private final StandardContext context;
    private final SharedSessionManager manager;
    private final GuardValve valve;
    private final RequestBridge bridge;

    private Installation(StandardContext context, SharedSessionManager manager) {
        this.context = context;
        this.manager = manager;
        this.valve = new GuardValve(manager);
        this.bridge = new RequestBridge(context, manager);
    }

    /** Installs Gatehouse in a context that is starting, or logs a warning that says why not. */
    static ContainerRequests.Installation into(Object found) {
        if (!(found instanceof StandardContext context)) {
            return refuse("its context is not a StandardContext");
        }
        String obstacle = obstacle(context);
        if (obstacle != null) {
            return refuse(obstacle);
        }
        StandardManager before = (StandardManager) context.getManager();
        SharedSessionManager manager = new SharedSessionManager();
        copy(before, manager);
        Installation installation = new Installation(context, manager);
        if (!ValveOrder.addBeforeAuthenticator(context.getPipeline(), installation.valve)) {
            return refuse("its valves cannot be ordered");
        }
        context.setManager(manager);
        context.getServletContext().setSessionTrackingModes(Set.of()); // the cookie is written by Gatehouse
        context.addApplicationEventListener(installation.bridge);
        context.addApplicationLifecycleListener(installation.bridge);
        context.addLifecycleListener(installation);
        return ContainerRequests.Installation.DONE;
    }

    private static ContainerRequests.Installation refuse(String obstacle) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Tomcat cannot use the sessions of Gatehouse: {0}. The filter replaces those of the application",
                obstacle);
        return ContainerRequests.Installation.REFUSED;
    }

    private static @Nullable String obstacle(StandardContext context) {
        Manager manager = context.getManager();
        if (manager == null || manager.getClass() != StandardManager.class) {
            return "another session manager is configured, "
                    + (manager == null ? "none" : manager.getClass().getName())
                    + "; remove the <Manager> or <Cluster> element";
        }
        if (context.getAuthenticator() instanceof FormAuthenticator form && !form.getCache()) {
            return "a FormAuthenticator with cache=\"false\" keeps passwords in sessions";
        }
        for (Container parent = context.getParent(); parent != null; parent = parent.getParent()) {
            for (Object valve : parent.getPipeline().getValves()) {
                if (valve instanceof SingleSignOn) {
                    return "the valve SingleSignOn keeps its users in the memory of one node";
                }
            }
        }
        return null;
    }

    @Override
    public void lifecycleEvent(LifecycleEvent event) {
        switch (event.getType()) {
            case Lifecycle.START_EVENT -> {
                putBridgeFirst();
                warnOfOwnCookie();
            }
            case Lifecycle.CONFIGURE_STOP_EVENT -> remove();
            default -> {}
        }
    }

    /** Request listeners of the application may ask for the session as well. */
    private void putBridgeFirst() {
        List<Object> listeners = new ArrayList<>(List.of(context.getApplicationEventListeners()));
        listeners.remove(bridge);
        listeners.add(0, bridge);
        context.setApplicationEventListeners(listeners.toArray());
    }

    private void warnOfOwnCookie() {
        Set<SessionTrackingMode> modes = context.getServletContext().getEffectiveSessionTrackingModes();
        if (!modes.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the application has set the session tracking modes {0}, so Tomcat sends session ids that nothing reads;"
                            + " remove its call of setSessionTrackingModes",
                    modes);
        }
    }

    private void remove() {
        context.removeLifecycleListener(this);
        context.getPipeline().removeValve(valve);
        StandardManager standard = new StandardManager();
        copy(manager, standard);
        ServerField field = ServerField.of(StandardContext.class, "manager");
        if (field == null) {
            context.setManager(standard); // stops the stopped manager again, with a line in the log
            return;
        }
        standard.setContext(context);
        field.set(context, standard);
        try {
            manager.destroy();
        } catch (LifecycleException e) {
            LOG.log(System.Logger.Level.DEBUG, "the manager could not be destroyed", e);
        }
    }

    /** Copies what an administrator may have configured. */
    private static void copy(StandardManager from, StandardManager to) {
        to.setPathname(from.getPathname());
        to.setMaxActiveSessions(from.getMaxActiveSessions());
        to.setProcessExpiresFrequency(from.getProcessExpiresFrequency());
        to.setSessionAttributeNameFilter(from.getSessionAttributeNameFilter());
        to.setSessionAttributeValueClassNameFilter(from.getSessionAttributeValueClassNameFilter());
        to.setSecureRandomAlgorithm(from.getSecureRandomAlgorithm());
        to.setSecureRandomProvider(from.getSecureRandomProvider());
        to.setSecureRandomClass(from.getSecureRandomClass());
    }
}
