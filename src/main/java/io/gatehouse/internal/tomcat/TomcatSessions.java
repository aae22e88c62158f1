package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.servers.TomcatAdapter;
import jakarta.servlet.ServletContext;

/** The adapter for Tomcat 10.1 and 11. Mentions no class of Tomcat, so it can be loaded on every server. */
public final class TomcatSessions {
    private TomcatSessions() {}

    /**
     * Has Tomcat use the sessions of Gatehouse for an application that is starting, until it stops. Logs a warning if this Tomcat cannot.
     *
     * @return false if the application does not run on Tomcat, or Tomcat keeps its own sessions
     */
    public static boolean install(ServletContext application) {
        Object context = TomcatAdapter.contextOf(application);
        return context != null && Installation.into(context);
    }
}
