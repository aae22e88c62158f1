package io.gatehouse.admin;

import java.util.List;
import java.util.Map;

/** A member that the body of a route may have. */
record Member(String name, Kind kind, boolean required) {

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

    static Member text(String name) {
        return new Member(name, Kind.TEXT, true);
    }

    static Member texts(String name) {
        return new Member(name, Kind.TEXTS, true);
    }

    static Member textMap(String name) {
        return new Member(name, Kind.TEXT_MAP, true);
    }

    /** The same, but it may be left out. */
    Member optional() {
        return new Member(name, kind, false);
    }

    /** @throws Problem if a body does not have it as it should */
    void check(Map<String, Object> body) {
        Object value = body.get(name);
        if (value == null && required) {
            throw Problem.invalid("The member " + name + " is missing; expected " + kind.words + ".");
        }
        if (value != null && !kind.fits(value)) {
            throw Problem.invalid("The member " + name + " is something else; expected " + kind.words + ".");
        }
    }
}
