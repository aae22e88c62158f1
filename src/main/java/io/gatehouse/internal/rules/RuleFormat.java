package io.gatehouse.internal.rules;

/** A way of writing a rule set: properties, JSON. */
@FunctionalInterface
public interface RuleFormat {

    /** Tells the reader all that is written, with the lines it stands in, and what is not of this notation as problems. */
    void read(String text, RuleReader into);
}
