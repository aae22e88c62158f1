package io.gatehouse.internal.rules;

import io.gatehouse.internal.clientaddress.ClientAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as the rules see it. Whatever a client sent may be in it: it is only compared and hashed.
 *
 * @param method the HTTP method
 * @param path the path within the application, decoded and normalized
 * @param address the client's address, or null if nobody knows
 * @param userTag what stands for the user of the session, or null if nobody is logged in
 * @param header gives the value of a header, or null if it is not there
 */
public record RateLimitRequest(
        String method,
        String path,
        @Nullable ClientAddress address,
        @Nullable String userTag,
        Function<String, @Nullable String> header) {

    /** The same request, sent by another user or by none. */
    public RateLimitRequest of(@Nullable String user) {
        return new RateLimitRequest(method, path, address, user, header);
    }
}
