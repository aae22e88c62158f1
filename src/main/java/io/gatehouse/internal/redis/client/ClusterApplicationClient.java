package io.gatehouse.internal.redis.client;

import io.gatehouse.internal.redis.connect.ApplicationCommands;
import java.util.List;
import redis.clients.jedis.ClusterCommandObjects;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.executors.aggregators.MultiNodeResultAggregator;
import redis.clients.jedis.params.MSetExParams;

/**
 * The client for a cluster. Commands on keys of several slots are split, as {@code RedisClusterClient} of Jedis does: the parts
 * are sent together and run in parallel, but not atomically. Thread-safe.
 */
final class ClusterApplicationClient extends ApplicationClient {

    ClusterApplicationClient(ApplicationCommands applicationCommands) {
        super(applicationCommands);
    }

    @Override
    protected CommandObjects newCommandObjects(RedisProtocol protocol) {
        return new ClusterCommandObjects(protocol);
    }

    private ClusterCommandObjects split() {
        return (ClusterCommandObjects) commandObjects;
    }

    private <T> T together(List<CommandObject<T>> parts) {
        MultiNodeResultAggregator<T> results = new MultiNodeResultAggregator<>(StaticCommandFlagsRegistry.registry()
                .getResponsePolicy(parts.get(0).getArguments()));
        List<Response<T>> responses;
        try (var pipeline = pipelined()) {
            responses = parts.stream().map(pipeline::executeCommand).toList();
        }
        responses.forEach(response -> results.addSuccess(response.get()));
        return results.getResult();
    }

    @Override
    public long del(String... keys) {
        return together(split().delMultiShard(keys));
    }

    @Override
    public long del(byte[]... keys) {
        return together(split().delMultiShard(keys));
    }

    @Override
    public long exists(String... keys) {
        return together(split().existsMultiShard(keys));
    }

    @Override
    public long exists(byte[]... keys) {
        return together(split().existsMultiShard(keys));
    }

    @Override
    public long touch(String... keys) {
        return together(split().touchMultiShard(keys));
    }

    @Override
    public long touch(byte[]... keys) {
        return together(split().touchMultiShard(keys));
    }

    @Override
    public long unlink(String... keys) {
        return together(split().unlinkMultiShard(keys));
    }

    @Override
    public long unlink(byte[]... keys) {
        return together(split().unlinkMultiShard(keys));
    }

    @Override
    public List<String> mget(String... keys) {
        return together(split().mgetMultiShard(keys));
    }

    @Override
    public List<byte[]> mget(byte[]... keys) {
        return together(split().mgetMultiShard(keys));
    }

    @Override
    public String mset(String... keysAndValues) {
        return together(split().msetMultiShard(keysAndValues));
    }

    @Override
    public String mset(byte[]... keysAndValues) {
        return together(split().msetMultiShard(keysAndValues));
    }

    @Override
    public boolean msetex(MSetExParams params, String... keysAndValues) {
        return together(split().msetexMultiShard(params, keysAndValues));
    }

    @Override
    public boolean msetex(MSetExParams params, byte[]... keysAndValues) {
        return together(split().msetexMultiShard(params, keysAndValues));
    }
}
