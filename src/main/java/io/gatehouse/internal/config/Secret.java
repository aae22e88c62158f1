package io.gatehouse.internal.config;

/** A value that must not be printed: {@link #toString} returns {@code ***}. Immutable. */
public final class Secret {
    /** The absent secret. */
    public static final Secret NONE = new Secret("");

    private final String value;

    /** @param value the secret, or empty for none */
    public Secret(String value) {
        this.value = value;
    }

    /** Returns the value. */
    public String reveal() {
        return value;
    }

    /** Returns whether there is no secret. */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return value.isEmpty() ? "" : "***";
    }
}
