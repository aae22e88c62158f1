package io.gatehouse.internal.rules;

import io.gatehouse.internal.clientaddress.ClientAddress;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a request that rules can match and count by. The values come from the client and are untrusted; they are only
 * compared and hashed. Immutable.
 *
 * @param method the HTTP method
 * @param path the path within the application, decoded and normalized
 * @param address the client address, or null if it is unknown
 * @param userTag the keyed hash of the user of the session, or null if no user is logged in
 * @param header returns the value of a header, or null if it is missing
 * @param hasRole returns whether the caller has a role
 * @param selection the rules that can apply
 */
public record RateLimitRequest(
        String method,
        String path,
        @Nullable ClientAddress address,
        @Nullable String userTag,
        Function<String, @Nullable String> header,
        Predicate<String> hasRole,
        Selection selection) {

    /** A selection of rules by whether they depend on roles, which are not known before the container has authenticated a request. */
    public enum Selection {
        ALL,
        WITHOUT_ROLES,
        ONLY_WITH_ROLES
    }

    /** Creates a request of a caller whose roles are unknown. */
    public RateLimitRequest(
            String method,
            String path,
            @Nullable ClientAddress address,
            @Nullable String userTag,
            Function<String, @Nullable String> header) {
        this(method, path, address, userTag, header, role -> false, Selection.ALL);
    }

    /** Returns the same request with another user, or with none. */
    public RateLimitRequest of(@Nullable String user) {
        return new RateLimitRequest(method, path, address, user, header, hasRole, selection);
    }

    /** Returns the same request for a selection of rules. */
    public RateLimitRequest only(Selection other) {
        return new RateLimitRequest(method, path, address, userTag, header, hasRole, other);
    }

    /** Returns whether a rule with this condition applies. */
    public boolean meets(RoleCondition condition) {
        return switch (selection) {
            case ALL -> condition.holds(hasRole);
            case WITHOUT_ROLES -> condition.isAlways();
            case ONLY_WITH_ROLES -> !condition.isAlways() && condition.holds(hasRole);
        };
    }
}
