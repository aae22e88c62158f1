package io.gatehouse.internal.session.lease;

import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.ScriptArgs;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request for a lease, made before the session is read.
 *
 * @param node the name of this node
 * @param number the number of the request; each request of a node has a higher one
 * @param lookup the name of the session in Redis
 * @param userTag the tag of the user in the token, or null
 * @param askedAt the time of the monotonic clock before the request was sent, in nanoseconds
 * @param askedAtMillis the time of the wall clock before the request was sent, in milliseconds
 * @param sessionGeneration the number of times that this node had let go of the session
 * @param userGeneration the number of times that this node had let go of all sessions of the user
 */
public record LeaseRequest(
        String node,
        long number,
        String lookup,
        @Nullable String userTag,
        long askedAt,
        long askedAtMillis,
        long sessionGeneration,
        long userGeneration) {

    /**
     * Returns the call of a script that takes a lease if there is a request: with the key of the leases as second key, and the name of the
     * node and the number of the request as the last arguments.
     */
    public static <T> RedisCall<T> on(
            RedisCall.Builder script,
            byte[] key,
            byte[] leasesKey,
            @Nullable LeaseRequest request,
            Consumer<ScriptArgs> filling,
            Function<ReplyReader, T> decoder) {
        if (request == null) {
            return script.keys(key).args(filling).reply(decoder);
        }
        return script.keys(key, leasesKey)
                .args(args -> {
                    filling.accept(args);
                    args.text(request.node()).number(request.number());
                })
                .reply(decoder);
    }
}
