package io.gatehouse.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The roles on which a rule depends: it applies to callers that have at least one of the roles in {@code anyOf}, if there are any, and
 * none of those in {@code noneOf}. Immutable.
 */
public record RoleCondition(Set<String> anyOf, Set<String> noneOf) {
    static final RoleCondition ALWAYS = new RoleCondition(Set.of(), Set.of());

    private static final String ROLE = "role:";
    private static final String NOT = "not ";

    public RoleCondition {
        anyOf = Set.copyOf(anyOf);
        noneOf = Set.copyOf(noneOf);
    }

    /**
     * Reads {@code role:premium}, {@code not role:premium}, or several of them separated by commas.
     *
     * @throws IllegalArgumentException if the text is invalid; the message says what was expected
     */
    static RoleCondition parse(String text) {
        Set<String> anyOf = new TreeSet<>();
        Set<String> noneOf = new TreeSet<>();
        for (String item : RuleBuilder.items(text)) {
            boolean not = item.startsWith(NOT);
            String bare = not ? item.substring(NOT.length()).strip() : item;
            String role = bare.startsWith(ROLE) ? bare.substring(ROLE.length()).strip() : "";
            if (role.isEmpty()) {
                throw new IllegalArgumentException("role:NAME or not role:NAME, separated by commas");
            }
            (not ? noneOf : anyOf).add(role);
        }
        if (anyOf.isEmpty() && noneOf.isEmpty()) {
            throw new IllegalArgumentException("role:NAME or not role:NAME, separated by commas");
        }
        return new RoleCondition(anyOf, noneOf);
    }

    /** Returns whether the rule applies to a caller. */
    public boolean holds(Predicate<String> hasRole) {
        return isAlways() || rolesHold(hasRole);
    }

    private boolean rolesHold(Predicate<String> hasRole) {
        return (anyOf.isEmpty() || anyOf.stream().anyMatch(hasRole))
                && noneOf.stream().noneMatch(hasRole);
    }

    /** Returns whether the rule applies to every caller. */
    public boolean isAlways() {
        return anyOf.isEmpty() && noneOf.isEmpty();
    }

    /** Returns the condition as it is written in rules. */
    @Override
    public String toString() {
        List<String> items = new ArrayList<>();
        new TreeSet<>(anyOf).forEach(role -> items.add(ROLE + role));
        new TreeSet<>(noneOf).forEach(role -> items.add(NOT + ROLE + role));
        return String.join(", ", items);
    }
}
