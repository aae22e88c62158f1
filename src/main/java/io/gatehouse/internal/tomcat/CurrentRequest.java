package io.gatehouse.internal.tomcat;

import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * The request that the calling thread serves. Tomcat asks its session manager for sessions without saying for which request.
 *
 * <p>Tomcat uses request objects again. Therefore each binding has a token that is also a note of the request, which Tomcat removes at the
 * end of the request: a binding that was left over finds nothing.
 */
final class CurrentRequest {
    private static final String NOTE = "io.gatehouse.request";

    /** A request and its token, without a class of Gatehouse, which would keep the class loader of a stopped application. */
    private static final ThreadLocal<Object[]> BOUND = new ThreadLocal<>();

    private CurrentRequest() {}

    static void bind(Request request) {
        Object token = request.getNote(NOTE);
        Object[] bound = BOUND.get();
        if (token != null && bound != null && bound[0] == request && bound[1] == token) {
            return; // a listener was notified of this request before
        }
        if (token == null) {
            token = new Object();
            request.setNote(NOTE, token);
        }
        BOUND.set(new Object[] {request, token});
    }

    static void unbind() {
        BOUND.remove();
    }

    /** Returns the request, or null if the thread serves none of this context. */
    static @Nullable Request of(Context context) {
        Object[] bound = BOUND.get();
        return bound != null
                        && bound[0] instanceof Request request
                        && request.getNote(NOTE) == bound[1]
                        && request.getContext() == context
                ? request
                : null;
    }
}
