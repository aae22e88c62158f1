package io.gatehouse.internal.payara;

import io.gatehouse.internal.servers.PayaraAdapter;
import jakarta.servlet.ServletContext;

/** The adapter for Payara 6 and 7, Micro and Server. */
public final class PayaraSessions {
    private PayaraSessions() {}

    /**
     * Has Payara use the sessions of Gatehouse for an application that is starting, until it stops. Logs a warning if this Payara cannot.
     *
     * @return false if the application does not run on Payara, or Payara keeps its own sessions
     */
    public static boolean install(ServletContext application) {
        Object module = PayaraAdapter.moduleOf(application);
        return module != null && Installation.into(module, application);
    }
}
