package io.gatehouse.web;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The accounts that a request names in guarded forms.
 *
 * @param accounts every distinct name, wherever it stands
 * @param unnamed whether it is an attempt at a form that names none
 */
record TypedAccounts(Set<String> accounts, boolean unnamed) {
    static final TypedAccounts NONE = new TypedAccounts(Set.of(), false);

    /** A request with more names is no person's. */
    static final int MOST = 8;

    /** These and others. */
    TypedAccounts and(Set<String> others, boolean alsoUnnamed) {
        Set<String> all = new LinkedHashSet<>(accounts);
        all.addAll(others);
        return new TypedAccounts(all, unnamed || alsoUnnamed);
    }

    /** Whether no application gets to see the request, because it names too many. */
    boolean tooMany() {
        return accounts.size() > MOST;
    }
}
