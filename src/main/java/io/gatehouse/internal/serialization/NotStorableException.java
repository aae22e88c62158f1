package io.gatehouse.internal.serialization;

/** Thrown if a value cannot be encoded at all. The message names the part that is the cause, and the limit if one was exceeded. */
public final class NotStorableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The reason why a value cannot be encoded. */
    public enum Reason {
        /** The value or a part of it is not serializable or could not be deserialized. */
        NOT_SERIALIZABLE,
        /** {@link ClassPolicy} refuses the class of a part. */
        CLASS_NOT_ALLOWED,
        /** The value is nested deeper than {@link ValueLimits#depth}. */
        LIMIT_DEPTH,
        /** The value consists of more objects than {@link ValueLimits#objects}. */
        LIMIT_COUNT,
        /** The value takes more bytes than {@link ValueLimits#bytes}. */
        LIMIT_SIZE,
        /** The value's own code failed. */
        FAILED;

        /** Returns whether another value of the same class could be encoded. */
        public boolean isLimit() {
            return this == LIMIT_DEPTH || this == LIMIT_COUNT || this == LIMIT_SIZE;
        }
    }

    private final Reason reason;
    private final String message;

    public NotStorableException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.message = message;
    }

    public NotStorableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Reason reason() {
        return reason;
    }
}
