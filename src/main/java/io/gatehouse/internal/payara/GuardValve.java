package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.GuardedRequest;
import jakarta.servlet.RequestDispatcher;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** The valve in front of the authenticator: has Gatehouse guard each request. {@link RequestBridge} ends what it begins. */
final class GuardValve extends ServerProxy {
    private static final int INVOKE_NEXT = 1;
    private static final int END_PIPELINE = 2;

    private final Catalina catalina;
    private final Object context;
    private volatile boolean prepared;

    GuardValve(Catalina catalina, Object context) {
        super(catalina.valve);
        this.catalina = catalina;
        this.context = context;
    }

    @Override
    @Nullable
    Object call(Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "invoke" -> guard() ? INVOKE_NEXT : END_PIPELINE;
            case "getInfo" -> "Gatehouse";
            default -> null;
        };
    }

    /** Returns whether the request may go on. */
    private boolean guard() {
        ServedRequest served = ServedRequest.current(context);
        if (served == null) {
            return true; // Gatehouse does not run
        }
        prepare(served);
        try {
            GuardedRequest begun = served.requests().begin(served.raw(), served.response());
            if (begun == null) {
                return false;
            }
            served.begun(begun);
            return true;
        } catch (Exception e) { // Payara answers by its error page, but would lose an exception of a valve
            served.raw().setAttribute(RequestDispatcher.ERROR_EXCEPTION, e);
            return false;
        }
    }

    private void prepare(ServedRequest served) {
        if (!prepared) {
            Object login = catalina.loginConfig.call(context);
            String method = login == null ? "" : String.valueOf(catalina.authMethod.call(login));
            if (method.equalsIgnoreCase("BASIC") || method.equalsIgnoreCase("DIGEST")) {
                served.requests().countHeaderLogins();
            }
            prepared = true;
        }
    }
}
