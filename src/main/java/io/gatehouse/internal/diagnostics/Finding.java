package io.gatehouse.internal.diagnostics;

/**
 * One thing that a check has found. Holds no password, no key and no address.
 *
 * @param subject what it is about: a purpose of Redis, several between commas, or a setting
 * @param found what was found there
 */
public record Finding(CheckId check, String subject, String found) {

    /** Such as {@code GH-E001}; never means anything else. */
    public String id() {
        return check.id();
    }

    public Severity severity() {
        return check.severity();
    }

    public CheckGroup group() {
        return check.group();
    }

    /** Why it matters. */
    public String why() {
        return check.why();
    }

    /** What to do: the setting, or the line of redis.conf. */
    public String remedy() {
        return check.remedy();
    }
}
