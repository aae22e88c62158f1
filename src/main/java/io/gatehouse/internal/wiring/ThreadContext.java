package io.gatehouse.internal.wiring;

import jakarta.enterprise.concurrent.ContextService;
import java.util.concurrent.Executor;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The context that the server gives to threads of the application, such as its JNDI names. Only this class refers to Jakarta Concurrency. */
final class ThreadContext {
    private static final String DEFAULT = "java:comp/DefaultContextService";

    private ThreadContext() {}

    /**
     * Returns an executor that runs tasks in the thread of its caller, with the context of the present thread. Without a context service,
     * tasks have the context of their caller.
     */
    @SuppressWarnings("BanJNDI") // a fixed name that the server defines
    static Executor capture() {
        try {
            Object service = InitialContext.doLookup(DEFAULT);
            return service instanceof ContextService contexts ? contexts.currentContextExecutor() : Runnable::run;
        } catch (NamingException e) {
            return Runnable::run;
        }
    }
}
