package io.gatehouse.config;

import java.util.List;

/** Thrown at start when the configuration is broken; its message lists every problem and what would be right. */
public final class InvalidConfiguration extends GatehouseException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // List.copyOf gives a serializable list
    private final List<String> problems;

    public InvalidConfiguration(List<String> problems) {
        super(message(problems), null);
        this.problems = List.copyOf(problems);
    }

    /** One sentence a problem: what was found, what was expected. */
    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        return "Gatehouse cannot start, its configuration has "
                + (problems.size() == 1 ? "a problem" : problems.size() + " problems") + ":\n  - "
                + String.join("\n  - ", problems);
    }
}
