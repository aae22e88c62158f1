package io.gatehouse.cli;

import io.gatehouse.operate.Document;
import jakarta.json.bind.JsonbBuilder;

/** JSON (RFC 8259), one object in one line, in ASCII: whatever is in it cannot command a terminal. */
final class Json {

    private Json() {}

    static String of(Document document) {
        StringBuilder ascii = new StringBuilder();
        JsonbBuilder.create().toJson(document.members()).chars().forEach(c -> {
            if (c < ' ' || c > '~') {
                ascii.append("\\u%04x".formatted(c)); // only within texts, where it means the same
            } else {
                ascii.append((char) c);
            }
        });
        return ascii.toString();
    }
}
