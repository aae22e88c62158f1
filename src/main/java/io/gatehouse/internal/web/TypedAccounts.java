package io.gatehouse.internal.web;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The accounts that a request names in guarded login forms. Immutable.
 *
 * @param accounts all distinct names, from the query and the body
 * @param unnamed whether the request is an attempt that names no account
 */
record TypedAccounts(Set<String> accounts, boolean unnamed) {
    static final TypedAccounts NONE = new TypedAccounts(Set.of(), false);

    /** The maximum number of names in one request; a person types one. */
    static final int MAX_ACCOUNTS = 8;

    /** Returns these accounts and others. */
    TypedAccounts and(Set<String> others, boolean alsoUnnamed) {
        Set<String> all = new LinkedHashSet<>(accounts);
        all.addAll(others);
        return new TypedAccounts(all, unnamed || alsoUnnamed);
    }

    /** Returns whether the request is no login attempt. */
    boolean isNone() {
        return accounts.isEmpty() && !unnamed;
    }

    /** Returns whether the request names too many accounts to be admitted. */
    boolean tooMany() {
        return accounts.size() > MAX_ACCOUNTS;
    }
}
