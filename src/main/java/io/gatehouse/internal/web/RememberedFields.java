package io.gatehouse.internal.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of texts, any of which may be null, as one text for {@link ContainerRequests#remember}: so what a session stores for a server
 * contains no class of the server. Not thread-safe.
 */
public final class RememberedFields {
    private static final String NULL = "-";
    private static final String TEXT = ".";

    private final List<String> encoded = new ArrayList<>();

    public RememberedFields add(@Nullable String field) {
        encoded.add(field == null ? NULL : TEXT + URLEncoder.encode(field, UTF_8));
        return this;
    }

    /** Adds a list of any length. */
    public RememberedFields addAll(List<String> fields) {
        encoded.add(Integer.toString(fields.size()));
        fields.forEach(this::add);
        return this;
    }

    public String join() {
        return String.join("&", encoded);
    }

    /** Reads the fields in the order in which they were added. Each call throws {@link IllegalArgumentException} if its field is missing. */
    public static final class Reader {
        private final Iterator<String> encoded;

        public Reader(String joined) {
            this.encoded = List.of(joined.split("&", -1)).iterator();
        }

        private String raw() {
            if (!encoded.hasNext()) {
                throw new IllegalArgumentException("expected another field");
            }
            return encoded.next();
        }

        public @Nullable String next() {
            String field = raw();
            return field.startsWith(TEXT) ? URLDecoder.decode(field.substring(TEXT.length()), UTF_8) : null;
        }

        /** Returns the field, or an empty text for null. */
        public String text() {
            String field = next();
            return field == null ? "" : field;
        }

        public List<String> list() {
            int size = Integer.parseInt(raw());
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                fields.add(text());
            }
            return fields;
        }
    }
}
