package io.gatehouse;

/**
 * The kind of a configuration problem. Code decides by it, never by the text of a message.
 *
 * <pre>{@code
 * if (problem.code() == code) {
 *     System.err.println(problem.place() + ": " + problem.message());
 * }
 * }</pre>
 */
public enum ProblemCode {
    /** The value of a setting is not one of those that are allowed. */
    INVALID_VALUE,
    /** The file that a setting names cannot be read. */
    UNREADABLE_FILE,
    /** No signing key is given. */
    KEYS_MISSING,
    /** A signing key is malformed, too short or not random, or its id is used twice. */
    KEYS_INVALID,
    /** A signing key is printed in the documentation of Gatehouse, so it is public. */
    KEYS_PUBLISHED,
    /** The rate limit rules are invalid. */
    RULES_INVALID
}
