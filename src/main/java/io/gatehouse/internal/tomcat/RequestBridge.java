package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.UnsupportedEncodingException;
import org.apache.catalina.Context;
import org.apache.catalina.authenticator.Constants;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.catalina.util.SessionConfig;
import org.jspecify.annotations.Nullable;

/**
 * Two listeners of the application: the first that is notified of a request, before any valve runs, so that other request listeners find
 * its session; and one that is notified of new sessions, so that Tomcat knows those which the application creates.
 */
final class RequestBridge implements ServletRequestListener, HttpSessionListener {
    private static final System.Logger LOG = System.getLogger(RequestBridge.class.getName());
    private static final @Nullable ServerField REQUEST = ServerField.of(RequestFacade.class, "request");

    private final Context context;
    private final SharedSessionManager manager;

    RequestBridge(Context context, SharedSessionManager manager) {
        this.context = context;
        this.manager = manager;
    }

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        ContainerRequests requests = manager.requests();
        Request request = requests == null ? null : behind(event.getServletRequest());
        if (requests != null && request != null && request.getContext() == context) {
            CurrentRequest.bind(request);
            setEncoding(request);
            identify(request, requests);
        }
    }

    /** FORM may have an encoding of its own, but Gatehouse reads the parameters before. */
    private void setEncoding(Request request) {
        if (request.getDecodedRequestURI().endsWith(Constants.FORM_ACTION)
                && context.getAuthenticator() instanceof FormAuthenticator form
                && form.getCharacterEncoding() != null) {
            try {
                request.setCharacterEncoding(form.getCharacterEncoding());
            } catch (UnsupportedEncodingException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "FORM has an encoding that Java does not know",
                        e); // FORM fails for it
            }
        }
    }

    /** A valve in front of that of Gatehouse may have answered the request. */
    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        ContainerRequests requests = manager.requests();
        Request request = requests == null ? null : behind(event.getServletRequest());
        if (requests != null && request != null && request.getContext() == context) {
            requests.ending(request.getRequest(), request.getResponse().getResponse())
                    .run();
        }
    }

    /** Tomcat asks its manager only for sessions of requests that have a session id. */
    static void identify(Request request, ContainerRequests requests) {
        String id = requests.requestedId(request.getRequest());
        if (id != null) {
            request.setRequestedSessionId(id);
            request.setRequestedSessionCookie(true);
            request.setRequestedSessionURL(false);
            return;
        }
        String inUrl =
                request.getCoyoteRequest().getPathParameter(SessionConfig.getSessionUriParamName(request.getContext()));
        if (inUrl != null) { // opens no session, but the application may ask for it
            request.setRequestedSessionId(inUrl);
            request.setRequestedSessionURL(true);
        }
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        Request request = CurrentRequest.of(context);
        if (request != null) {
            Object unused = request.getSessionInternal(true);
        }
    }

    private static @Nullable Request behind(Object facade) {
        return REQUEST != null && facade instanceof RequestFacade && REQUEST.get(facade) instanceof Request request
                ? request
                : null;
    }
}
