package io.gatehouse;

import java.util.List;

/**
 * Thrown at start if the configuration has problems. The message lists all of them, each with what was found and what was
 * expected.
 *
 * <pre>{@code
 * try {
 *     Gatehouse.builder().setting("REDIS_URL", url).start(context);
 * } catch (InvalidConfigurationException e) {
 *     e.problems().forEach(System.err::println);
 * }
 * }</pre>
 */
public final class InvalidConfigurationException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // List.copyOf gives a serializable list
    private final List<ConfigurationProblem> problems;

    /** Creates the exception; called by Gatehouse. */
    public InvalidConfigurationException(List<ConfigurationProblem> problems) {
        super(message(problems), null);
        this.problems = List.copyOf(problems);
    }

    /** Returns every problem, in the order in which they were found. */
    public List<ConfigurationProblem> problems() {
        return problems;
    }

    /** Returns one sentence for each problem: what was found, and what was expected. */
    public List<String> messages() {
        return problems.stream().map(ConfigurationProblem::message).toList();
    }

    private static String message(List<ConfigurationProblem> problems) {
        StringBuilder text = new StringBuilder("Gatehouse cannot start, its configuration has ")
                .append(problems.size() == 1 ? "a problem" : problems.size() + " problems")
                .append(':');
        problems.forEach(problem -> text.append("\n  - ").append(problem.message()));
        return text.toString();
    }
}
