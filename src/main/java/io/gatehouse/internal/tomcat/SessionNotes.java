package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.ContainerRequests;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.catalina.authenticator.Constants;
import org.apache.catalina.authenticator.SavedRequest;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * The notes that Tomcat keeps in the session of a request. The session stores those of FORM authentication: the request to continue, and the
 * session id with which the login page was sent. Other notes last as long as the request. Not thread-safe.
 */
final class SessionNotes {
    private static final String REQUEST = "tomcat.request";
    private static final String ID = "tomcat.id";
    /** The note of the request that holds the notes which are not stored. */
    private static final String OTHERS = "io.gatehouse.notes";

    private final ContainerRequests requests;
    private final Request request;
    private @Nullable SavedRequest saved;

    SessionNotes(ContainerRequests requests, Request request) {
        this.requests = requests;
        this.request = request;
    }

    @Nullable
    Object get(String name) {
        return switch (name) {
            case Constants.FORM_REQUEST_NOTE -> savedRequest();
            case Constants.SESSION_ID_NOTE -> loginPageId();
            default -> others().get(name);
        };
    }

    void set(String name, @Nullable Object value) {
        if (name.equals(Constants.FORM_REQUEST_NOTE)) {
            saved = null;
            store(REQUEST, value instanceof SavedRequest given ? StoredRequest.encode(given) : null);
        } else if (name.equals(Constants.SESSION_ID_NOTE)) {
            store(ID, value == null ? null : value.toString());
        } else if (value == null) {
            Object unused = others().remove(name);
        } else {
            others().put(name, value);
        }
    }

    private void store(String name, @Nullable String value) {
        try {
            requests.remember(request.getRequest(), name, value);
        } catch (
                IllegalArgumentException
                        e) { // larger than a session may be; Tomcat answers as to any body that is too large
            SessionNotes.<RuntimeException>throwUndeclared(new IOException(e));
        }
    }

    /** Throws an exception that the signature of the caller does not declare. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> void throwUndeclared(Exception thrown) throws E {
        throw (E) thrown;
    }

    private @Nullable SavedRequest savedRequest() {
        SavedRequest known = saved;
        if (known == null) {
            String stored = requests.remembered(request.getRequest(), REQUEST);
            known = stored == null ? null : StoredRequest.decode(stored, request);
            saved = known;
        }
        return known;
    }

    /**
     * Returns the id that the client has sent, if it is the one with which the login page was sent, or a later one of the same session;
     * otherwise the former. Tomcat compares them. A session gets another id also by rotation, which an attacker who knows the former id
     * does not learn.
     */
    private @Nullable String loginPageId() {
        String noted = requests.remembered(request.getRequest(), ID);
        String sent = request.getRequestedSessionId();
        return noted != null && sent != null && isSameOrLater(sent, noted) ? sent : noted;
    }

    private static boolean isSameOrLater(String id, String than) {
        int dot = than.lastIndexOf('.');
        try {
            return id.startsWith(than.substring(0, dot + 1))
                    && Long.parseLong(id.substring(dot + 1)) >= Long.parseLong(than.substring(dot + 1));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> others() {
        if (request.getNote(OTHERS) instanceof Map<?, ?> known) {
            return (Map<String, Object>) known;
        }
        Map<String, Object> fresh = new HashMap<>();
        request.setNote(OTHERS, fresh);
        return fresh;
    }
}
