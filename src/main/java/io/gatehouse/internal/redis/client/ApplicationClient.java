package io.gatehouse.internal.redis.client;

import io.gatehouse.internal.redis.connect.ApplicationCommands;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.UnifiedJedis;

/**
 * The Jedis client of one purpose for the application. Commands, pipelines and transactions run over the pooled connections
 * of Gatehouse, with its deadline and circuit breakers. Blocking commands, subscriptions and {@code WATCH} get connections of
 * their own, so that a waiting application never holds one that requests need.
 *
 * <p>Gatehouse owns it: {@link #close} has no effect. Thread-safe.
 */
public class ApplicationClient extends UnifiedJedis {
    private final ApplicationCommands applicationCommands;

    ApplicationClient(ApplicationCommands applicationCommands) {
        super(
                new ApplicationCommandExecutor(applicationCommands),
                new OwnConnectionProvider(applicationCommands),
                RedisProtocol.RESP2,
                null);
        this.applicationCommands = applicationCommands;
    }

    /** Returns the client for the topology of a server. */
    public static UnifiedJedis of(ApplicationCommands applicationCommands) {
        return applicationCommands.isCluster()
                ? new ClusterApplicationClient(applicationCommands)
                : new ApplicationClient(applicationCommands);
    }

    /** Returns a pipeline that sends its commands when it is synced or closed; on a cluster to several masters in parallel. */
    @Override
    public AbstractPipeline pipelined() {
        return new ApplicationPipeline(applicationCommands, commandObjects);
    }

    @Override
    public AbstractTransaction multi() {
        return transaction(true);
    }

    /**
     * Returns a transaction. With {@code doMulti}, its commands are sent together by {@code exec}. Without, the caller may call
     * {@code watch} and read before {@code multi}; the transaction then holds a connection until it is closed.
     *
     * @throws UnsupportedOperationException on a cluster without {@code doMulti}
     */
    @Override
    public AbstractTransaction transaction(boolean doMulti) {
        if (doMulti) {
            return new ApplicationTransaction(applicationCommands, commandObjects);
        }
        if (applicationCommands.isCluster()) {
            throw new UnsupportedOperationException(
                    "WATCH needs one connection to the node of its keys, which is not known before the first command;"
                            + " use a Lua script (eval) on a cluster");
        }
        return new Transaction(provider.getConnection(), false, true);
    }

    /** Has no effect: Gatehouse closes its connections when the application stops. */
    @Override
    public void close() {}
}
