package io.gatehouse.internal.web;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body was read before the application reads it. The application can read it once, by {@link #getInputStream},
 * {@link #getReader} or as parameters. Query parameters come from the server, so that those of a forward are included.
 */
final class BufferedBodyRequest extends HttpServletRequestWrapper {
    private final BufferedBody body;
    private @Nullable ReplayedInputStream stream;
    private @Nullable BufferedReader reader;

    BufferedBodyRequest(HttpServletRequest request, BufferedBody body) {
        super(request);
        this.body = body;
    }

    /** Returns the request of the server beneath a buffered one, or the request itself if it is not buffered. */
    static HttpServletRequest beneath(HttpServletRequest request) {
        return request instanceof BufferedBodyRequest buffered ? (HttpServletRequest) buffered.getRequest() : request;
    }

    @Override
    public ServletInputStream getInputStream() {
        if (reader != null) {
            throw new IllegalStateException("getReader() has been called for this request");
        }
        return stream();
    }

    private ReplayedInputStream stream() {
        ReplayedInputStream known = stream;
        if (known == null) {
            known = new ReplayedInputStream(body.open(), this::getAsyncContext);
            stream = known;
        }
        return known;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        BufferedReader known = reader;
        if (known == null) {
            if (stream != null) {
                throw new IllegalStateException("getInputStream() has been called for this request");
            }
            String encoding = getCharacterEncoding();
            known = new BufferedReader(new InputStreamReader(stream(), encoding == null ? "ISO-8859-1" : encoding));
            reader = known;
        }
        return known;
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterValues(name);
        return values == null || values.length == 0 ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] query = super.getParameterValues(name);
        List<String> fields = body.parameters().getOrDefault(name, List.of());
        if (fields.isEmpty()) {
            return query;
        }
        return query == null
                ? fields.toArray(String[]::new)
                : Stream.concat(Arrays.stream(query), fields.stream()).toArray(String[]::new);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        Map<String, String[]> all = new LinkedHashMap<>(super.getParameterMap());
        body.parameters().keySet().forEach(name -> {
            String[] values = getParameterValues(name);
            if (values != null) {
                all.put(name, values);
            }
        });
        return Collections.unmodifiableMap(all);
    }
}
