package io.gatehouse.web;

import io.gatehouse.ratelimit.PathPattern;
import jakarta.servlet.http.HttpServletRequest;
import java.io.UnsupportedEncodingException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A form by which people log in.
 *
 * @param path where it is posted to
 * @param field the name of the field with the account
 */
record LoginForm(PathPattern path, String field) {

    /**
     * Reads a path and the name of a field, with a blank between.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    static LoginForm parse(String text) {
        String[] parts = text.split("\\s+", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a path and the name of a field, such as /login username");
        }
        return new LoginForm(new PathPattern(parts[0]), parts[1]);
    }

    /**
     * The account that a request wants to log in to, or null if it is not this form. Nobody can say any more afterwards how its
     * fields are to be read, so that is said here if neither the request nor the application nor the server does: in UTF-8, in
     * which browsers send the forms of pages in UTF-8 without telling (WHATWG HTML, "Selecting a form submission encoding").
     */
    @Nullable
    String account(HttpServletRequest request, String requestPath) {
        String type = request.getContentType();
        boolean posted = request.getMethod().equals("POST")
                && path.matches(requestPath)
                && type != null
                && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
        if (!posted) {
            return null;
        }
        if (request.getCharacterEncoding() == null) {
            try {
                request.setCharacterEncoding("UTF-8");
            } catch (UnsupportedEncodingException e) {
                throw new IllegalStateException("every JVM has UTF-8", e);
            }
        }
        return request.getParameter(field);
    }
}
