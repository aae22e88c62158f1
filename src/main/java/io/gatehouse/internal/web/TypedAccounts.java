package io.gatehouse.internal.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The accounts that a request names in guarded login forms. Immutable.
 *
 * @param accounts all distinct names, from the query and the body
 * @param unnamed whether the request is an attempt that names no account
 * @param tooLong whether the request is for a form, and its body is too long to be searched for the account
 * @param inHeader whether the accounts are in a header that clients send with every request; only a 401 then says that a login has failed
 */
record TypedAccounts(Set<String> accounts, boolean unnamed, boolean tooLong, boolean inHeader) {
    static final TypedAccounts NONE = new TypedAccounts(Set.of(), false, false, false);

    /** The maximum number of names in one request; a person types one. */
    static final int MAX_ACCOUNTS = 8;

    /** Returns these accounts and others. */
    TypedAccounts and(Set<String> others, boolean alsoUnnamed, boolean alsoTooLong) {
        Set<String> all = new LinkedHashSet<>(accounts);
        all.addAll(others);
        return new TypedAccounts(all, unnamed || alsoUnnamed, tooLong || alsoTooLong, inHeader);
    }

    /** Returns these accounts and those of another part of the request. */
    TypedAccounts and(TypedAccounts other) {
        TypedAccounts both = and(other.accounts, other.unnamed, other.tooLong);
        boolean onlyHeaders = (isNone() || inHeader) && (other.isNone() || other.inHeader);
        return new TypedAccounts(both.accounts, both.unnamed, both.tooLong, onlyHeaders);
    }

    /** Returns whether the request is no login attempt. */
    boolean isNone() {
        return accounts.isEmpty() && !unnamed;
    }

    /** Returns the status of the response if the request cannot be admitted, because it may try accounts that are not counted; 0 if it can. */
    int rejection() {
        if (tooLong) {
            return HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
        }
        return accounts.size() > MAX_ACCOUNTS ? HttpServletResponse.SC_BAD_REQUEST : 0;
    }
}
