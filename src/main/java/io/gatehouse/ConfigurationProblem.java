package io.gatehouse;

import java.io.Serializable;

/**
 * One problem of the configuration, which keeps an application from starting.
 *
 * <pre>{@code
 * if (problem.code() == code) {
 *     System.err.println(problem.place() + ": " + problem.message());
 * }
 * }</pre>
 *
 * @param setting the name of the setting it belongs to, without {@code _FILE}
 * @param place where the problem is: the setting, its name with {@code _FILE}, or a file of the application
 * @param message a sentence for people: what was found, what was expected; never a secret
 */
public record ConfigurationProblem(ProblemCode code, String setting, String place, String message)
        implements Serializable {}
