package io.gatehouse.internal.redis;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with Redis that has ended. Contains no keys and no values. Immutable.
 *
 * @param purpose the purpose of the first call
 * @param operations what each call ran, in order; not empty
 * @param database the database of the first call
 * @param node the server, or null if there were several, as in a cluster, or if none was known
 * @param nanos how long the exchange took
 * @param fault the first failure, or null if all calls succeeded
 */
public record Exchange(
        RedisPurpose purpose,
        List<Operation> operations,
        int database,
        @Nullable HostPort node,
        long nanos,
        @Nullable GatehouseException fault) {}
