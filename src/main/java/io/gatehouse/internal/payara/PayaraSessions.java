package io.gatehouse.internal.payara;

import io.gatehouse.internal.servers.PayaraAdapter;
import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.ServletContext;

/** The adapter for Payara 6 and 7, Micro and Server. */
public final class PayaraSessions {
    private PayaraSessions() {}

    /**
     * Has Payara use the sessions of Gatehouse for an application that is starting, until it stops. Logs a warning if this Payara cannot.
     */
    public static ContainerRequests.Installation install(ServletContext application) {
        Object module = PayaraAdapter.moduleOf(application);
        return module == null ? ContainerRequests.Installation.OTHER_SERVER : Installation.into(module, application);
    }
}
