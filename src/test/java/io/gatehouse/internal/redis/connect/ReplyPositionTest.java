package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.redis.Deadline;
import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisLogin;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.TopologySettings;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/** Tests that each command gets its own reply, and each limit its own command, whatever else an exchange contains. */
@RedisTest(lasting = ".*")
class ReplyPositionTest {
    private static final String USER = "positions";
    private static final long MOST = 1000;
    private static final Duration TIME = Duration.ofSeconds(20);

    private String password = "one";
    private @Nullable TestRedis server;

    @AfterEach
    void removeUser() {
        if (server != null) {
            try (Jedis admin = new Jedis("127.0.0.1", server.port())) {
                admin.aclDelUser(USER);
            }
        }
    }

    private LoginSource logIn(TestRedis redis) {
        server = redis;
        acl(redis, "on", ">one", "~*", "&*", "+@all");
        RedisEndpoint redisEndpoint = new RedisEndpoint(
                new TopologySettings.Standalone(new HostPort("127.0.0.1", redis.port())),
                false,
                () -> new RedisLogin(USER, new Secret(password), null),
                null,
                0);
        return new LoginSource("sessions", redisEndpoint, InstantSource.system(), Runnable::run, TIME);
    }

    private static void acl(TestRedis redis, String... rules) {
        try (Jedis admin = new Jedis("127.0.0.1", redis.port())) {
            admin.aclSetUser(USER, rules);
        }
    }

    private static NodeConnection connect(TestRedis redis, LoginSource loginSource) {
        Config config = new Config(List.of(ConfigSource.of("test", new HashMap<>())));
        RedisSettings settings = RedisSettings.from(config);
        JedisClientConfig client = ConnectionConfig.client(
                new RedisEndpoint(
                        new TopologySettings.Standalone(new HostPort("127.0.0.1", redis.port())),
                        false,
                        loginSource::current,
                        null,
                        0),
                settings,
                TIME,
                loginSource);
        return loginSource.connect(login ->
                new NodeConnection(new DefaultJedisSocketFactory(node(redis), client), client, login, loginSource, 0));
    }

    private static HostAndPort node(TestRedis redis) {
        return new HostAndPort("127.0.0.1", redis.port());
    }

    private void changePassword(LoginSource loginSource) {
        password = "two";
        loginSource.refresh();
    }

    private static CommandArguments command(Protocol.Command name, String... arguments) {
        CommandArguments command = new CommandArguments(name);
        List.of(arguments).forEach(command::add);
        return command;
    }

    private static CommandArguments hgetall(String key) {
        return command(Protocol.Command.HGETALL, key);
    }

    private static Object[] exchange(NodePipeline pipeline, NodeConnection over, int size) {
        Object[] replies = new Object[size];
        pipeline.attach(over);
        pipeline.flush();
        pipeline.readReplies(Deadline.after(TIME, System::nanoTime), replies);
        assertThat(pipeline.isComplete()).isTrue();
        assertThat(over.isBroken()).isFalse();
        assertThat(over.hasSurplus()).isFalse();
        return replies;
    }

    private static List<String> texts(@Nullable Object reply) {
        assertThat(reply).isInstanceOf(List.class);
        return ((List<?>) reply).stream().map(ReplyPositionTest::text).toList();
    }

    private static String text(@Nullable Object reply) {
        assertThat(reply).isInstanceOf(byte[].class);
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    /** Adds commands in two databases. No command with a limit is beside another one, and every second reply is large. */
    private static NodePipeline inTwoDatabases(TestRedis redis) {
        NodePipeline pipeline = new NodePipeline(node(redis), 0, 1);
        pipeline.add(0, 0, command(Protocol.Command.GET, "text"));
        pipeline.add(1, 1, hgetall("large"));
        pipeline.add(2, 1, hgetall("large"), MOST);
        pipeline.add(3, 1, hgetall("large"));
        pipeline.add(4, 1, hgetall("small"), MOST);
        pipeline.add(5, 1, hgetall("large"));
        pipeline.add(6, 0, hgetall("text"), MOST);
        pipeline.add(7, 0, command(Protocol.Command.ECHO, "last"));
        pipeline.waitForReplicas(1, 1);
        return pipeline;
    }

    private static void expectOwnReplies(Object[] replies) {
        assertThat(text(replies[0])).isEqualTo("in 0");
        assertThat(replies[2]).isEqualTo(64L + 1 + 5000);
        assertThat(texts(replies[4])).containsExactly("f", "in 1");
        for (int large : new int[] {1, 3, 5}) {
            assertThat(texts(replies[large])).containsExactly("f", "x".repeat(5000));
        }
        assertThat(replies[6]).isInstanceOf(JedisDataException.class).hasToString(wrongType());
        assertThat(text(replies[7])).isEqualTo("last");
    }

    private static String wrongType() {
        return JedisDataException.class.getName()
                + ": WRONGTYPE Operation against a key holding the wrong kind of value";
    }

    private static void fill(TestRedis redis) {
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.set("text", "in 0");
            client.select(1);
            client.hset("large", "f", "x".repeat(5000));
            client.hset("small", "f", "in 1");
        }
    }

    @Test
    void repliesAndLimitsBelongToTheirCommandsBesideAnAcceptedLogin(TestRedis redis) {
        fill(redis);
        LoginSource loginSource = logIn(redis);
        try (NodeConnection over = connect(redis, loginSource)) {
            expectOwnReplies(exchange(inTwoDatabases(redis), over, 8));
            acl(redis, ">two");
            changePassword(loginSource);
            assertThat(over.nextLogin()).isNotNull();
            expectOwnReplies(exchange(inTwoDatabases(redis), over, 8));
            assertThat(over.nextLogin()).as("the login of the next exchange").isNull();
            expectOwnReplies(exchange(inTwoDatabases(redis), over, 8));
        }
    }

    @Test
    void repliesAndLimitsBelongToTheirCommandsBesideARefusedLogin(TestRedis redis) {
        fill(redis);
        LoginSource loginSource = logIn(redis);
        try (NodeConnection over = connect(redis, loginSource)) {
            RedisLogin first = loginSource.current();
            changePassword(loginSource);
            assertThat(over.nextLogin()).isNotNull();
            expectOwnReplies(exchange(inTwoDatabases(redis), over, 8));
            assertThat(loginSource.current()).as("the login after a refusal").isSameAs(first);
            expectOwnReplies(exchange(inTwoDatabases(redis), over, 8));
        }
    }

    @Test
    void repliesAndLimitsBelongToTheirCommandsAfterAsking(TestCluster cluster) {
        TestRedis redis = cluster.nodes().get(0);
        LoginSource loginSource = logIn(redis);
        try (NodeConnection over = connect(redis, loginSource);
                Jedis admin = new Jedis("127.0.0.1", redis.port())) {
            List<String> served = served(admin);
            String large = served.get(0);
            String small = served.get(1);
            admin.hset(large, Map.of("f", "x".repeat(5000)));
            admin.hset(small, Map.of("f", "v"));
            acl(redis, ">two");
            changePassword(loginSource);
            NodePipeline pipeline = new NodePipeline(node(redis), 0, 3);
            pipeline.addAsking();
            pipeline.add(0, 0, hgetall(small), MOST);
            pipeline.addAsking();
            pipeline.add(1, 0, hgetall(large), MOST);
            pipeline.add(2, 0, hgetall(large));
            pipeline.waitForReplicas(1, 1);
            Object[] replies = exchange(pipeline, over, 3);
            assertThat(texts(replies[0])).containsExactly("f", "v");
            assertThat(replies[1]).isEqualTo(64L + 1 + 5000);
            assertThat(texts(replies[2])).containsExactly("f", "x".repeat(5000));
            assertThat(over.nextLogin()).isNull();
        }
    }

    /** Returns two keys that a node serves. */
    private static List<String> served(Jedis node) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "position" + i)
                .filter(key -> {
                    try {
                        return !node.exists(key);
                    } catch (JedisMovedDataException e) {
                        return false;
                    }
                })
                .limit(2)
                .toList();
    }
}
