package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.servers.TomcatAdapter;
import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.ServletContext;

/** The adapter for Tomcat 10.1 and 11. Mentions no class of Tomcat, so it can be loaded on every server. */
public final class TomcatSessions {
    private TomcatSessions() {}

    /**
     * Has Tomcat use the sessions of Gatehouse for an application that is starting, until it stops. Logs a warning if this Tomcat cannot.
     */
    public static ContainerRequests.Installation install(ServletContext application) {
        Object context = TomcatAdapter.contextOf(application);
        return context == null ? ContainerRequests.Installation.OTHER_SERVER : Installation.into(context);
    }
}
