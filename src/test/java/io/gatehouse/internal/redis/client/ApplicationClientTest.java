package io.gatehouse.internal.redis.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.Topology;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.resps.StreamEntry;
import redis.clients.jedis.util.KeyValue;

/** What an application does with its Redis client, on every topology. */
@RedisTest(lasting = ".*")
@Timeout(60)
@ParameterizedClass
@EnumSource(Topology.class)
class ApplicationClientTest {
    private final Topology topology;
    private RedisConnections connections;
    private UnifiedJedis redis;

    ApplicationClientTest(Topology topology) {
        this.topology = topology;
    }

    @BeforeEach
    void connect() {
        connections = Connections.with(topology.shared().settings());
        redis = ApplicationClient.of(connections.applicationCommands(RedisPurpose.SESSIONS));
    }

    @AfterEach
    void disconnect() {
        connections.close();
    }

    @Test
    void runsCommandsOnTextAndBytes() {
        assertThat(redis.set("shop:rate", "1.08")).isEqualTo("OK");
        assertThat(redis.get("shop:rate")).isEqualTo("1.08");
        assertThat(redis.get("shop:rate".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("1.08".getBytes(StandardCharsets.UTF_8));
        assertThat(redis.incr("shop:visits")).isEqualTo(1);
        redis.hset("shop:cart", Map.of("apple", "3"));
        assertThat(redis.hgetAll("shop:cart")).containsExactly(Map.entry("apple", "3"));
        assertThat(redis.expire("shop:cart", 60)).isEqualTo(1);
        assertThat(redis.ttl("shop:cart")).isBetween(1L, 60L);
        assertThat(redis.get("shop:absent")).isNull();
    }

    @Test
    void closeHasNoEffect() {
        redis.close();
        assertThat(redis.set("a", "1")).isEqualTo("OK");
    }

    @Test
    void commandsOnManyKeysWorkOnEveryTopology() {
        redis.mset("a", "1", "b", "2", "c", "3");
        assertThat(redis.mget("a", "none", "c", "b")).containsExactly("1", null, "3", "2");
        assertThat(redis.exists("a", "b", "none")).isEqualTo(2);
        assertThat(redis.touch("a", "b", "c")).isEqualTo(3);
        assertThat(redis.unlink("a", "none")).isEqualTo(1);
        assertThat(redis.del("b", "c")).isEqualTo(2);
        assertThat(redis.dbSize()).isZero();
    }

    @Test
    void scanFindsTheKeysOfAllMasters() {
        IntStream.range(0, 200).forEach(i -> redis.set("shop:" + i, "x"));
        redis.set("other", "x");
        TreeSet<String> found = new TreeSet<>();
        redis.scanIteration(50, "shop:*").collect(found);
        assertThat(found).hasSize(200);
    }

    @Test
    void aPipelineReturnsEachResultAndEachError() {
        List<Response<String>> read = new ArrayList<>();
        Response<Long> wrong;
        try (var pipeline = redis.pipelined()) {
            for (int i = 0; i < 2500; i++) {
                pipeline.set("p:" + i, "" + i);
            }
            wrong = pipeline.lpush("p:0", "x");
            for (int i = 0; i < 2500; i++) {
                read.add(pipeline.get("p:" + i));
            }
        }
        assertThat(read.get(2499).get()).isEqualTo("2499");
        assertThat(read.get(0).get()).isEqualTo("0");
        assertThatThrownBy(wrong::get).isInstanceOf(JedisDataException.class).hasMessageContaining("WRONGTYPE");
    }

    @Test
    void aTransactionRunsItsCommandsTogether() {
        AbstractTransaction transaction = redis.multi();
        Response<Long> visits = transaction.incr("{t}visits");
        transaction.lpush("{t}visits", "x");
        transaction.set("{t}name", "n");
        assertThat(redis.get("{t}name")).isNull();
        List<Object> results = transaction.exec();
        assertThat(results.get(0)).isEqualTo(1L);
        assertThat(results.get(1)).isInstanceOf(JedisDataException.class);
        assertThat(visits.get()).isEqualTo(1);
        assertThat(redis.get("{t}name")).isEqualTo("n");
        assertThatThrownBy(transaction::exec).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTransactionWithAWrongCommandRunsNothing() {
        AbstractTransaction transaction = redis.multi();
        transaction.set("{t}a", "1");
        transaction.sendCommand(Protocol.Command.GET, "{t}a", "too", "many");
        assertThatThrownBy(transaction::exec)
                .isInstanceOf(JedisDataException.class)
                .hasMessageContaining("wrong number");
        assertThat(redis.exists("{t}a")).isFalse();
    }

    @Test
    void aDiscardedTransactionRunsNothing() {
        try (AbstractTransaction transaction = redis.multi()) {
            transaction.set("a", "1");
        }
        assertThat(redis.exists("a")).isFalse();
    }

    @Test
    void watchNoticesAConcurrentChange() {
        if (topology == Topology.CLUSTER) {
            assertThatThrownBy(() -> redis.transaction(false))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("Lua script");
            return;
        }
        redis.set("stock", "1");
        try (AbstractTransaction transaction = redis.transaction(false)) {
            transaction.watch("stock");
            redis.set("stock", "0");
            transaction.multi();
            transaction.decr("stock");
            assertThat(transaction.exec()).isNull();
        }
        assertThat(redis.get("stock")).isEqualTo("0");
    }

    @Test
    void scriptsRunByTextAndByHash() {
        String script = "return redis.call('INCRBY', KEYS[1], ARGV[1])";
        assertThat(redis.eval(script, 1, "{s}n", "5")).isEqualTo(5L);
        String sha = redis.scriptLoad(script);
        assertThat(redis.evalsha(sha, 1, "{s}n", "5")).isEqualTo(10L);
        assertThatThrownBy(() -> redis.evalsha("0".repeat(40), 1, "{s}n"))
                .isInstanceOf(JedisDataException.class)
                .hasMessageContaining("NOSCRIPT");
    }

    @Test
    void aBlockingCommandWaitsLongerThanTheDeadline() {
        assertThat(redis.blpop(1, "queue")).isNull();
        CompletableFuture<KeyValue<String, String>> taken =
                CompletableFuture.supplyAsync(() -> redis.blpop(20.0, "queue"));
        Eventually.holds("the consumer waits", Duration.ofSeconds(10), this::isClientBlocked);
        redis.rpush("queue", "job");
        assertThat(taken.join().getValue()).isEqualTo("job");
        Map<String, StreamEntryID> from = Map.of("stream", new StreamEntryID("0-0"));
        assertThat(redis.xread(XReadParams.xReadParams().block(700), from)).isNull();
        redis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("f", "v"));
        List<Map.Entry<String, List<StreamEntry>>> entries =
                redis.xread(XReadParams.xReadParams().block(700), from);
        assertThat(entries).hasSize(1);
    }

    private boolean isClientBlocked() {
        return topology.shared().masters().stream().anyMatch(master -> master.blockedClients() == 1);
    }

    @Test
    void aBlockingCommandWithoutEndIsRefused() {
        assertThatThrownBy(() -> redis.blpop(0, "queue"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("BLPOP would wait forever");
        assertThatThrownBy(() -> redis.blmpop(0, ListDirection.LEFT, "queue"))
                .isInstanceOf(IllegalArgumentException.class);
        try (var pipeline = redis.pipelined()) {
            assertThatThrownBy(() -> pipeline.blpop(1, "queue"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("BLPOP blocks");
        }
    }

    @Test
    void subscriptionsReceiveMessages() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        JedisPubSub subscriber = new JedisPubSub() {
            @Override
            public void onMessage(String channel, String message) {
                received.add(message);
                unsubscribe();
            }
        };
        Thread thread = new Thread(() -> redis.subscribe(subscriber, "news"), "subscriber");
        thread.start();
        Eventually.within(Duration.ofSeconds(10), () -> {
            redis.publish("news", "hello");
            assertThat(received).isNotEmpty();
        });
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void commandsThatChangeASharedConnectionAreRefused() {
        for (String[] command : List.of(
                new String[] {"SELECT", "5"},
                new String[] {"AUTH", "secret"},
                new String[] {"MULTI"},
                new String[] {"client", "reply", "off"},
                new String[] {"CLIENT", "CAPA", "redirect"},
                new String[] {"CLIENT", "IMPORT-SOURCE", "ON"},
                new String[] {"script", "debug", "yes"},
                new String[] {"quit"})) {
            CommandArguments arguments = new CommandArguments(() -> command[0].getBytes(StandardCharsets.UTF_8));
            Arrays.stream(command).skip(1).forEach(arguments::add);
            Throwable refused = catchThrowable(() -> redis.executeCommand(arguments));
            assertThat(refused)
                    .as(command[0])
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageNotContaining("secret");
        }
        assertThat(redis.ping()).isEqualTo("PONG");
    }

    @Test
    void refusedCommandsDoNotOpenTheCircuitBreaker() {
        String script = "return redis.error_reply('NOPERM and OOM and BUSY by the application')";
        for (int i = 0; i < 30; i++) {
            assertThatThrownBy(() -> redis.eval(script, 1, "a")).isInstanceOf(JedisException.class);
        }
        assertThat(redis.set("a", "1")).isEqualTo("OK");
        assertThat(connections.health(RedisPurpose.SESSIONS).breaker()).isEqualTo("closed");
    }
}
