package io.gatehouse.internal.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** The description of the API, as OpenAPI 3.1: {@code openapi.json} beside this class. Immutable. */
final class OpenApiDocument {
    private static final String FILE = "openapi.json";
    /** Where the file says that the API is. */
    private static final String PLACE = "\"/api/v1/core/admin\"";

    private final String text;
    private final UnaryOperator<String> quoted;

    /** @param quoted a text as JSON has it */
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

    /** The description of the API at a place. */
    String at(String base) {
        return text.replace(PLACE, quoted.apply(base));
    }
}
