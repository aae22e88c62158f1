package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.CredentialHeaders;
import io.gatehouse.internal.web.RememberedFields;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.catalina.authenticator.SavedRequest;
import org.apache.catalina.connector.Request;
import org.apache.tomcat.util.buf.ByteChunk;
import org.jspecify.annotations.Nullable;

/**
 * The request that FORM authentication continues after the login, as the session stores it. Cookies and credentials are not stored; they
 * are those of the request that continues it.
 */
final class StoredRequest {
    private static final String VERSION = "1";

    /** An {@code int}, which is 0 without a timeout, or an {@code Integer}, according to the release of Tomcat; the methods differ too. */
    private static final @Nullable ServerField TIMEOUT =
            ServerField.of(SavedRequest.class, "originalMaxInactiveInterval");

    private StoredRequest() {}

    static String encode(SavedRequest request) {
        Integer timeout = timeout(request);
        List<String> locales = new ArrayList<>();
        request.getLocales().forEachRemaining(locale -> locales.add(locale.toLanguageTag()));
        return new RememberedFields()
                .add(VERSION)
                .add(request.getMethod())
                .add(request.getRequestURI())
                .add(request.getDecodedRequestURI())
                .add(request.getQueryString())
                .add(request.getContentType())
                .add(timeout == null ? null : timeout.toString())
                .add(body(request.getBody()))
                .addAll(locales)
                .addAll(headers(request))
                .join();
    }

    /** Returns the timeout that the session will have again after the login, or null. */
    private static @Nullable Integer timeout(SavedRequest request) {
        return TIMEOUT != null
                        && TIMEOUT.get(request) instanceof Integer timeout
                        && (timeout > 0 || TIMEOUT.field().getType() != int.class)
                ? timeout
                : null;
    }

    private static @Nullable String body(@Nullable ByteChunk body) {
        if (body == null) {
            return null;
        }
        byte[] bytes = new byte[body.getLength()];
        System.arraycopy(body.getBytes(), body.getStart(), bytes, 0, bytes.length);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns names and values in turn. */
    private static List<String> headers(SavedRequest request) {
        List<String> headers = new ArrayList<>();
        Iterator<String> names = request.getHeaderNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!CredentialHeaders.contains(name)) {
                request.getHeaderValues(name).forEachRemaining(value -> {
                    headers.add(name);
                    headers.add(value);
                });
            }
        }
        return headers;
    }

    /**
     * Returns the stored request, or null if another version of Gatehouse has stored it.
     *
     * @param present the request whose cookies and credentials it gets
     */
    static @Nullable SavedRequest decode(String encoded, Request present) {
        try {
            RememberedFields.Reader fields = new RememberedFields.Reader(encoded);
            if (!VERSION.equals(fields.next())) {
                return null;
            }
            SavedRequest request = new SavedRequest();
            request.setMethod(fields.text());
            request.setRequestURI(fields.text());
            request.setDecodedRequestURI(fields.text());
            request.setQueryString(fields.next());
            request.setContentType(fields.next());
            String timeout = fields.next();
            if (timeout != null && TIMEOUT != null) {
                TIMEOUT.set(request, Integer.valueOf(timeout));
            }
            String body = fields.next();
            if (body != null) {
                byte[] bytes = Base64.getDecoder().decode(body);
                ByteChunk chunk = new ByteChunk();
                chunk.setBytes(bytes, 0, bytes.length);
                request.setBody(chunk);
            }
            fields.list().forEach(locale -> request.addLocale(Locale.forLanguageTag(locale)));
            Iterator<String> headers = fields.list().iterator();
            while (headers.hasNext()) {
                request.addHeader(headers.next(), headers.next());
            }
            CredentialHeaders.copy(present, request::addHeader, request::addCookie);
            return request;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
