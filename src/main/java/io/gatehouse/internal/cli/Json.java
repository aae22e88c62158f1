package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.JsonWriter;

/** Writes JSON in ASCII, so that no character in it can control a terminal. */
final class Json {

    private Json() {}

    static String of(Record document) {
        StringBuilder ascii = new StringBuilder();
        JsonWriter.write(document).chars().forEach(c -> {
            if (c < ' ' || c > '~') {
                ascii.append("\\u%04x".formatted(c)); // occurs only within texts, where the escape means the same
            } else {
                ascii.append((char) c);
            }
        });
        return ascii.toString();
    }
}
