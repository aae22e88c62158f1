package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * The session manager of a web module whose sessions are those of Gatehouse. Without a request that Gatehouse guards, it is the manager that
 * Payara has made. Thread-safe.
 */
final class SharedManager extends ServerProxy {
    private final Catalina catalina;
    private final Object context;
    private final ServletContext application;
    private final Object before;

    /** @param before the manager that this one replaces */
    SharedManager(Catalina catalina, Object context, ServletContext application, Object before) {
        super(catalina.manager, catalina.lifecycle);
        this.catalina = catalina;
        this.context = context;
        this.application = application;
        this.before = before;
    }

    Object context() {
        return context;
    }

    Object before() {
        return before;
    }

    /** Returns what guards the requests, or null while Gatehouse does not run. */
    @Nullable
    ContainerRequests requests() {
        return application.getAttribute(ContainerRequests.ATTRIBUTE) instanceof ContainerRequests requests
                ? requests
                : null;
    }

    @Override
    @Nullable
    Object call(Method method, @Nullable Object[] arguments) {
        if (requests() != null) {
            switch (method.getName()) {
                case "findSession" -> {
                    return find(
                            arguments.length > 1 && arguments[1] instanceof HttpServletRequest ? arguments[1] : null);
                }
                case "createSession" -> {
                    ServedRequest served = ServedRequest.current(context);
                    if (served != null) {
                        return view(served, true);
                    }
                }
                default -> {}
            }
        }
        SharedSession ours = arguments.length == 1 ? ServerProxy.behind(arguments[0], SharedSession.class) : null;
        if (ours == null) {
            return ServerMethod.call(method, before, arguments);
        }
        if (method.getName().equals("changeSessionId")) {
            ours.changeId();
        }
        return null; // Gatehouse keeps its sessions by itself
    }

    /** Returns the session of a request, or of the one that the thread serves, whatever the id. */
    private @Nullable Object find(@Nullable Object request) {
        ServedRequest served = request == null ? ServedRequest.current(context) : ServedRequest.of(catalina, request);
        return served == null ? null : view(served, false);
    }

    private @Nullable Object view(ServedRequest served, boolean create) {
        try {
            SharedSession session = served.session(this, create);
            return session == null ? null : session.proxy();
        } catch (UncheckedIOException e) { // of the client; the valve meets it as well
            return null;
        }
    }
}
