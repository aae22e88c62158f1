package io.gatehouse.internal.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** The OpenAPI 3.1 description of the admin API, from {@code openapi.json} beside this class. Immutable. */
final class OpenApiDocument {
    private static final String FILE = "openapi.json";
    /** The server URL in the file, which is replaced by the actual one. */
    private static final String BASE_PLACEHOLDER = "\"/api/v1/core/admin\"";

    private final String text;
    private final UnaryOperator<String> quoted;

    /** @param quoted returns a text as a JSON string */
    OpenApiDocument(UnaryOperator<String> quoted) {
        this.quoted = quoted;
        try (InputStream file = OpenApiDocument.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is missing beside " + OpenApiDocument.class.getName());
            }
            this.text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the description with the given base path. */
    String at(String base) {
        return text.replace(BASE_PLACEHOLDER, quoted.apply(base));
    }
}
