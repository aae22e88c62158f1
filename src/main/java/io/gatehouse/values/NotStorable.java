package io.gatehouse.values;

/** Thrown when a value can be written in no form; says which part of it is the culprit. */
public final class NotStorable extends Exception {
    private static final long serialVersionUID = 1L;

    public NotStorable(String message, Throwable cause) {
        super(message, cause);
    }
}
