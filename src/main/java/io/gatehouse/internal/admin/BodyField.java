package io.gatehouse.internal.admin;

import java.util.List;
import java.util.Map;

/** A member that the body of a route may have. */
record BodyField(String name, Kind kind, boolean required) {

    /** What a member's value may be. */
    enum Kind {
        TEXT("a text that is not empty"),
        TEXTS("a list of texts"),
        TEXT_MAP("an object of texts");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        private boolean fits(Object value) {
            return switch (this) {
                case TEXT -> value instanceof String text && !text.isEmpty();
                case TEXTS -> value instanceof List<?> items && items.stream().allMatch(String.class::isInstance);
                case TEXT_MAP ->
                    value instanceof Map<?, ?> members
                            && members.values().stream().allMatch(String.class::isInstance);
            };
        }
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

    /** The same, but it may be left out. */
    BodyField optional() {
        return new BodyField(name, kind, false);
    }

    /** @throws ProblemException if a body does not have it as it should */
    void check(Map<String, Object> body) {
        Object value = body.get(name);
        if (value == null && required) {
            throw ProblemException.invalid("The member " + name + " is missing; expected " + kind.words + ".");
        }
        if (value != null && !kind.fits(value)) {
            throw ProblemException.invalid("The member " + name + " is something else; expected " + kind.words + ".");
        }
    }
}
