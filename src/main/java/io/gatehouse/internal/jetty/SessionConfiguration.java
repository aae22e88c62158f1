package io.gatehouse.internal.jetty;

import org.eclipse.jetty.session.AbstractSessionManager;

/** What an administrator or the application has configured in Jetty's session handler before Gatehouse starts. */
final class SessionConfiguration {
    private SessionConfiguration() {}

    static void copy(AbstractSessionManager from, AbstractSessionManager to) {
        to.setMaxInactiveInterval(from.getMaxInactiveInterval());
        to.setUsingCookies(from.isUsingCookies());
        to.setUsingUriParameters(from.isUsingUriParameters());
        to.setSecureRequestOnly(from.isSecureRequestOnly());
        to.setRefreshCookieAge(from.getRefreshCookieAge());
        to.setCheckingRemoteSessionIdEncoding(from.isCheckingRemoteSessionIdEncoding());
        from.getSessionCookieAttributes().forEach(to::setSessionCookieAttribute);
        if (from.getSessionCookie() != null) {
            to.setSessionCookie(from.getSessionCookie());
        }
        if (from.getSessionIdPathParameterName() != null) {
            to.setSessionIdPathParameterName(from.getSessionIdPathParameterName());
        }
        if (from.getSessionIdManager() != null) {
            to.setSessionIdManager(from.getSessionIdManager());
        }
    }
}
