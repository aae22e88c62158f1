package io.gatehouse.internal.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request to a guarded login form, read before the application reads them. They are in the query and in the body,
 * which is parsed as a form, a multipart form or JSON whatever its content type is. The server parses multipart bodies if the servlet
 * is configured for them. All other bodies are buffered, so that the application can read them again.
 */
final class LoginBody {
    private static final int FORM_FACTOR = 4;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";

    private final Map<String, List<String>> query;
    private final Map<String, List<String>> fields;
    private final @Nullable JsonFields json;
    private final Collection<Part> parts;
    private final @Nullable BufferedBody buffered;
    private final boolean empty;
    private final boolean tooLong;
    private final Charset charset;

    private LoginBody(
            Map<String, List<String>> query,
            Map<String, List<String>> fields,
            @Nullable JsonFields json,
            Collection<Part> parts,
            @Nullable BufferedBody buffered,
            boolean empty,
            boolean tooLong,
            Charset charset) {
        this.query = query;
        this.fields = fields;
        this.json = json;
        this.parts = parts;
        this.buffered = buffered;
        this.empty = empty;
        this.tooLong = tooLong;
        this.charset = charset;
    }

    /**
     * Reads a request. The character encoding cannot be changed afterwards. If neither the request nor the application nor the server
     * sets it, it is UTF-8, in which browsers send the forms of UTF-8 pages without naming it (WHATWG HTML, "Selecting a form submission
     * encoding").
     *
     * @param most the maximum length of a body that is parsed, in bytes
     * @throws IOException if the client does not send the body
     */
    static LoginBody read(HttpServletRequest request, int most) throws IOException {
        String type = type(request);
        boolean form = type.equals(FORM);
        boolean multipart = type.equals(MULTIPART);
        if (request.getCharacterEncoding() == null && (form || multipart)) {
            request.setCharacterEncoding("UTF-8");
        }
        Charset charset = charset(request);
        Map<String, List<String>> query = FormFields.of(request.getQueryString(), StandardCharsets.UTF_8);
        if (!hasBody(request)) {
            return new LoginBody(query, Map.of(), null, List.of(), null, true, false, charset);
        }
        if (multipart) {
            try {
                return new LoginBody(query, Map.of(), null, request.getParts(), null, false, false, charset);
            } catch (IllegalStateException | UnsupportedOperationException | ServletException e) {
                // the servlet is not configured for multipart bodies, so the application parses them itself
            }
        }
        if (request.getContentLengthLong() > most) {
            return new LoginBody(query, Map.of(), null, List.of(), null, false, true, charset);
        }
        // of a form without a length more is read, because its fields must become parameters, as the server would do
        BufferedBody body = BufferedBody.read(request.getInputStream(), form ? most * FORM_FACTOR : most);
        boolean whole = body.rest() == null;
        String text = whole ? new String(body.start(), charset) : "";
        Map<String, List<String>> fields = fields(type, text, body, request.getContentType(), charset);
        JsonFields json = whole && !form && !multipart ? JsonFields.parse(text) : null;
        BufferedBody replayed = form && whole ? body.with(fields) : body;
        return new LoginBody(query, fields, json, List.of(), replayed, body.start().length == 0, !whole, charset);
    }

    private static Map<String, List<String>> fields(
            String type, String text, BufferedBody body, @Nullable String contentType, Charset charset) {
        return type.equals(MULTIPART)
                ? MultipartFields.of(body.start(), String.valueOf(contentType), charset)
                : FormFields.of(text, charset);
    }

    /** Returns whether the fields of a request are its parameters, and so are read with them. */
    static boolean isParameters(HttpServletRequest request) {
        return type(request).equals(FORM) || !hasBody(request);
    }

    private static String type(HttpServletRequest request) {
        String type = request.getContentType();
        return type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    /** Returns whether there may be a body. HTTP/1 declares it in headers; later versions need not, so it must be read. */
    private static boolean hasBody(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return length > 0
                || (length < 0
                        && (!request.getProtocol().startsWith("HTTP/1")
                                || request.getHeader("Transfer-Encoding") != null));
    }

    private static Charset charset(HttpServletRequest request) throws UnsupportedEncodingException {
        String encoding = request.getCharacterEncoding();
        try {
            return encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        } catch (UnsupportedCharsetException | java.nio.charset.IllegalCharsetNameException e) {
            return StandardCharsets.UTF_8; // the application gets the error when it reads the body
        }
    }

    /** Returns all distinct values of a field. */
    Set<String> values(String field) throws IOException {
        Set<String> values = new LinkedHashSet<>(query.getOrDefault(field, List.of()));
        values.addAll(fields.getOrDefault(field, List.of()));
        if (json != null) {
            values.addAll(json.values(field));
        }
        for (Part part : parts) {
            if (field.equals(part.getName())) {
                try (InputStream content = part.getInputStream()) {
                    values.add(new String(content.readNBytes(MultipartFields.MAX_VALUE_LENGTH), charset));
                }
            }
        }
        return values;
    }

    /** Returns whether there is no body. */
    boolean isEmpty() {
        return empty;
    }

    /** Returns whether the body is longer than what is searched for fields. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Returns the buffered body for the application, or null if it must read the body of the container's request. */
    @Nullable
    BufferedBody buffered() {
        return buffered;
    }
}
