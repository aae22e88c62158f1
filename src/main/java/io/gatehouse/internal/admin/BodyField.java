package io.gatehouse.internal.admin;

import java.util.List;
import java.util.Map;

/** A member that a route accepts in the body. */
record BodyField(String name, Kind kind, boolean required) {

    /** The type of a member's value. */
    enum Kind {
        TEXT("a non-empty text"),
        TEXTS("a list of texts"),
        TEXT_MAP("an object whose values are texts"),
        OBJECT("an object of texts, booleans, numbers, arrays and objects");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        private boolean accepts(Object value) {
            return switch (this) {
                case TEXT -> value instanceof String text && !text.isEmpty();
                case TEXTS -> value instanceof List<?> items && items.stream().allMatch(String.class::isInstance);
                case TEXT_MAP ->
                    value instanceof Map<?, ?> members
                            && members.values().stream().allMatch(String.class::isInstance);
                case OBJECT -> value instanceof Map<?, ?> && isJson(value);
            };
        }
    }

    /** Returns whether a value consists of types that {@link JsonBodies} reads; null and numbers that are too large are none. */
    private static boolean isJson(Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.values().stream().allMatch(BodyField::isJson);
        }
        return value instanceof List<?> items
                ? items.stream().allMatch(BodyField::isJson)
                : value instanceof String || value instanceof Boolean || value instanceof Number;
    }

    static BodyField text(String name) {
        return new BodyField(name, Kind.TEXT, true);
    }

    static BodyField texts(String name) {
        return new BodyField(name, Kind.TEXTS, true);
    }

    static BodyField textMap(String name) {
        return new BodyField(name, Kind.TEXT_MAP, true);
    }

    static BodyField object(String name) {
        return new BodyField(name, Kind.OBJECT, true);
    }

    /** Returns the same field, but optional. */
    BodyField optional() {
        return new BodyField(name, kind, false);
    }

    /** @throws ProblemException if the member is missing or has the wrong type */
    void check(Map<String, Object> body) {
        Object value = body.get(name);
        if (value == null && required) {
            throw ProblemException.invalid("The member " + name + " is missing; expected " + kind.description + ".");
        }
        if (value != null && !kind.accepts(value)) {
            throw ProblemException.invalid(
                    "The member " + name + " has the wrong type; expected " + kind.description + ".");
        }
    }
}
