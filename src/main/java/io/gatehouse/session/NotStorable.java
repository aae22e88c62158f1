package io.gatehouse.session;

/** Thrown when a value can be written in no form; says which part of it is the culprit. */
final class NotStorable extends Exception {
    private static final long serialVersionUID = 1L;

    NotStorable(String message, Throwable cause) {
        super(message, cause);
    }
}
