package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.CredentialHeaders;
import io.gatehouse.internal.web.RememberedFields;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The request that FORM authentication continues after the login, as the session stores it. Cookies and credentials are not stored; they
 * are those of the request that continues it.
 */
final class StoredRequest {
    private static final String VERSION = "1";

    private StoredRequest() {}

    /** Encodes a {@code SavedRequest} of Payara. */
    static @Nullable String encode(Object saved) {
        try {
            List<String> locales = new ArrayList<>();
            each(get(saved, "getLocales"), locale -> locales.add(((Locale) locale).toLanguageTag()));
            return new RememberedFields()
                    .add(VERSION)
                    .add((String) get(saved, "getMethod"))
                    .add((String) get(saved, "getRequestURI"))
                    .add((String) get(saved, "getQueryString"))
                    .add((String) get(saved, "getContentType"))
                    .add(String.valueOf(get(saved, "getContentLenght"))) // Payara spells it so
                    .add(body(get(saved, "getBody")))
                    .addAll(locales)
                    .addAll(headers(saved))
                    .join();
        } catch (NoSuchMethodException e) {
            return null; // another version of Payara: the user goes to the start page
        }
    }

    private static @Nullable Object get(Object target, String name) throws NoSuchMethodException {
        return ServerMethod.of(target.getClass(), name).call(target);
    }

    private static void each(@Nullable Object iterator, Consumer<Object> consumer) {
        if (iterator instanceof Iterator<?> all) {
            all.forEachRemaining(consumer);
        }
    }

    private static @Nullable String body(@Nullable Object chunk) throws NoSuchMethodException {
        if (chunk == null
                || !(get(chunk, "getBytes") instanceof byte[] bytes)
                || !(get(chunk, "getStart") instanceof Integer start)
                || !(get(chunk, "getLength") instanceof Integer length)) {
            return null;
        }
        byte[] body = new byte[length];
        System.arraycopy(bytes, start, body, 0, length);
        return Base64.getEncoder().encodeToString(body);
    }

    /** Returns names and values in turn. */
    private static List<String> headers(Object saved) throws NoSuchMethodException {
        List<String> headers = new ArrayList<>();
        ServerMethod values = ServerMethod.of(saved.getClass(), "getHeaderValues", String.class);
        each(get(saved, "getHeaderNames"), name -> {
            if (!CredentialHeaders.contains((String) name)) {
                each(values.call(saved, name), value -> {
                    headers.add((String) name);
                    headers.add((String) value);
                });
            }
        });
        return headers;
    }

    /**
     * Returns the stored request as a {@code SavedRequest} of Payara, or null if another version of Gatehouse has stored it.
     *
     * @param present the request whose cookies and credentials it gets
     */
    static @Nullable Object decode(String encoded, Catalina catalina, HttpServletRequest present) {
        try {
            RememberedFields.Reader fields = new RememberedFields.Reader(encoded);
            if (!VERSION.equals(fields.next())) {
                return null;
            }
            Class<?> type = catalina.savedRequest;
            Object saved = type.getConstructor().newInstance();
            for (String setter : List.of("setMethod", "setRequestURI", "setQueryString", "setContentType")) {
                Object unused = ServerMethod.of(type, setter, String.class).call(saved, fields.next());
            }
            Object unused =
                    ServerMethod.of(type, "setContentLength", int.class).call(saved, Integer.parseInt(fields.text()));
            String body = fields.next();
            if (body != null) {
                byte[] bytes = Base64.getDecoder().decode(body);
                Object chunk = catalina.byteChunk.getConstructor().newInstance();
                unused = ServerMethod.of(catalina.byteChunk, "setBytes", byte[].class, int.class, int.class)
                        .call(chunk, bytes, 0, bytes.length);
                unused = ServerMethod.of(type, "setBody", catalina.byteChunk).call(saved, chunk);
            }
            ServerMethod addLocale = ServerMethod.of(type, "addLocale", Locale.class);
            fields.list().forEach(locale -> addLocale.call(saved, Locale.forLanguageTag(locale)));
            ServerMethod addHeader = ServerMethod.of(type, "addHeader", String.class, String.class);
            Iterator<String> headers = fields.list().iterator();
            while (headers.hasNext()) {
                unused = addHeader.call(saved, headers.next(), headers.next());
            }
            ServerMethod addCookie = ServerMethod.of(type, "addCookie", Cookie.class);
            CredentialHeaders.copy(
                    present,
                    (name, value) -> addHeader.call(saved, name, value),
                    cookie -> addCookie.call(saved, cookie));
            return saved;
        } catch (IllegalArgumentException | ReflectiveOperationException e) {
            return null;
        }
    }
}
