package io.gatehouse.internal.diagnostics;

/**
 * One finding of a check. Contains no password, key or client address.
 *
 * @param subject what it is about: one or more Redis purposes, separated by commas, or a setting
 * @param found what was found
 */
public record Finding(CheckId check, String subject, String found) {

    /** Returns the id of the check, such as {@code GH-E001}. */
    public String id() {
        return check.id();
    }

    /** Returns the severity of the check. */
    public Severity severity() {
        return check.severity();
    }

    /** Returns the group of the check. */
    public CheckGroup group() {
        return check.group();
    }

    /** Returns why it matters. */
    public String why() {
        return check.why();
    }

    /** Returns what to do: which setting or line of redis.conf to change. */
    public String remedy() {
        return check.remedy();
    }
}
