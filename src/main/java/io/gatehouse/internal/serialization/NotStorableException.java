package io.gatehouse.internal.serialization;

/** Thrown when a value can be written in no form; the message names the part that is the cause, and the limit if it is one. */
public final class NotStorableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why a value cannot be written. */
    public enum Reason {
        /** It, or a part of it, is not serializable, or could not be made again when it is read. */
        NOT_SERIALIZABLE,
        /** {@link ClassPolicy} refuses a class of it. */
        CLASS_NOT_ALLOWED,
        /** It is nested deeper than {@link ValueLimits#depth}. */
        LIMIT_DEPTH,
        /** It consists of more objects than {@link ValueLimits#objects}. */
        LIMIT_COUNT,
        /** It takes more bytes than {@link ValueLimits#bytes}. */
        LIMIT_SIZE,
        /** Its own code failed while it was written. */
        FAILED;

        /** Whether another value of the same class could be written. */
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
