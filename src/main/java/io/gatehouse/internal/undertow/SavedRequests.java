package io.gatehouse.internal.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.util.SavedRequest;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of a request that waits until its user has logged in by a form: method, path, body, and names and values of headers. Headers with
 * cookies or credentials are not stored: the restored request gets those of the request that continues it.
 */
final class SavedRequests {
    static final String KIND = "request";

    private static final System.Logger LOG = System.getLogger(SavedRequests.class.getName());
    private static final List<HttpString> CREDENTIALS =
            List.of(Headers.COOKIE, Headers.AUTHORIZATION, Headers.PROXY_AUTHORIZATION);

    /** The number of fields before those of headers. */
    private static final int HEADERS = 3;

    private SavedRequests() {}

    /** Returns the text, or null if Undertow has changed the class: the request is then repeated without its body. */
    static @Nullable String stored(SavedRequest request) {
        try {
            byte[] data = (byte[]) field(request, "data");
            int length = (int) field(request, "dataLength");
            List<String> fields = new ArrayList<>();
            fields.add(field(request, "method").toString());
            fields.add(field(request, "requestPath").toString());
            fields.add(new String(data, 0, length, StandardCharsets.ISO_8859_1));
            addHeaders((Map<?, ?>) field(request, "headerMap"), fields);
            return AttributeForms.text(KIND, fields);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the body of a request before a login could not be stored: {0}",
                    e.toString());
            return null;
        }
    }

    private static void addHeaders(Map<?, ?> headers, List<String> fields) {
        headers.forEach((name, values) -> {
            if (name instanceof HttpString header && !CREDENTIALS.contains(header)) {
                for (Object value : (Collection<?>) values) {
                    fields.add(header.toString());
                    fields.add(value.toString());
                }
            }
        });
    }

    private static Object field(SavedRequest request, String name) throws ReflectiveOperationException {
        Field field = SavedRequest.class.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(request);
    }

    /** Returns the request with the credentials of the request that continues it. */
    static SavedRequest restored(List<String> fields, @Nullable HttpServerExchange exchange) {
        byte[] body = fields.get(2).getBytes(StandardCharsets.ISO_8859_1);
        HeaderMap headers = new HeaderMap();
        for (int i = HEADERS; i + 1 < fields.size(); i += 2) {
            headers.add(new HttpString(fields.get(i)), fields.get(i + 1));
        }
        if (exchange != null) {
            for (HttpString name : CREDENTIALS) {
                HeaderValues values = exchange.getRequestHeaders().get(name);
                if (values != null) {
                    headers.putAll(name, values);
                }
            }
        }
        return new SavedRequest(body, body.length, new HttpString(fields.get(0)), fields.get(1), headers);
    }
}
