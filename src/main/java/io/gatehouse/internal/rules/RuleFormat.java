package io.gatehouse.internal.rules;

/** A file format of rule sets: properties or JSON. */
@FunctionalInterface
public interface RuleFormat {

    /** Parses a text; passes every entry with its line, and every syntax error as a problem, to the reader. */
    void read(String text, RuleReader into);
}
