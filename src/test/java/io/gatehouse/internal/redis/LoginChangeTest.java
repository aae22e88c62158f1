package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisCredentials;
import io.gatehouse.RedisCredentialsProvider;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Changes of users and passwords, and tokens that expire, while requests use the connections. */
@Timeout(120)
class LoginChangeTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("secret");
    }

    @AfterEach
    void restoreLoader() {
        Thread.currentThread().setContextClassLoader(loader);
    }

    private static void user(TestRedis redis, String name, String... rules) {
        try (Jedis admin = new Jedis("127.0.0.1", redis.port())) {
            admin.aclSetUser(name, rules);
        }
    }

    private static void deleteUser(TestRedis redis, String name) {
        try (Jedis admin = new Jedis("127.0.0.1", redis.port())) {
            admin.aclDelUser(name); // and close its connections
        }
    }

    private static List<String> loggedIn(TestRedis redis) {
        try (Jedis admin = new Jedis("127.0.0.1", redis.port())) {
            return admin.clientList()
                    .lines()
                    .filter(line -> line.contains(" name=gatehouse "))
                    .map(line -> Arrays.stream(line.split(" ", -1))
                            .filter(part -> part.startsWith("id=") || part.startsWith("user="))
                            .toList()
                            .toString())
                    .toList();
        }
    }

    private static void count(RedisConnections connections, int thread) {
        connections.send(Calls.count("k" + thread));
    }

    @Test
    void liveConnectionsUseTheNewUserAndPasswordWithoutAFailedRequest() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            user(redis, "a", "on", ">pw0", "~*", "&*", "+@all");
            Files.writeString(file, "redis://a:pw0@127.0.0.1:" + redis.port());
            try (RedisConnections connections = Connections.with(Map.of("REDIS_SESSION_URL_FILE", file.toString()));
                    Load load = new Load(8, thread -> count(connections, thread))) {
                load.awaitProgress(SOON);
                String before = "a";
                for (String next : List.of("b", "c", "d")) {
                    List<String> connected = loggedIn(redis);
                    assertThat(connected).isNotEmpty();
                    user(redis, next, "on", ">pw-" + next, "~*", "&*", "+@all");
                    Files.writeString(file, "redis://" + next + ":pw-" + next + "@127.0.0.1:" + redis.port());
                    List<String> sameWithNext = connected.stream()
                            .map(line -> line.replaceAll("user=\\w+", "user=" + next))
                            .toList();
                    Eventually.within(SOON, () -> {
                        load.awaitProgress(SOON);
                        assertThat(loggedIn(redis)).containsAll(sameWithNext);
                    });
                    deleteUser(redis, before);
                    load.awaitProgress(SOON);
                    before = next;
                }
                assertThat(load.takeFailures()).isEmpty();
            }
        }
    }

    @Test
    void aWrongPasswordInTheFileKeepsThePreviousOneAndIsTriedAgain() throws IOException {
        Files.writeString(file, "first-secret");
        try (TestRedis redis = TestRedis.start();
                LogCapture log = new LogCapture("io.gatehouse.internal.redis")) {
            user(redis, "a", "on", ">first-secret", "~*", "&*", "+@all");
            try (RedisConnections connections = Connections.with(Map.of(
                            "REDIS_SESSION_URL", redis.url(),
                            "GATEHOUSE_REDIS_USER", "a",
                            "GATEHOUSE_REDIS_PASSWORD_FILE", file.toString()));
                    Load load = new Load(8, thread -> count(connections, thread))) {
                load.awaitProgress(SOON);
                Files.writeString(file, "second-secret");
                Eventually.within(
                        SOON,
                        () -> assertThat(log.lines())
                                .anyMatch(line ->
                                        line.startsWith("WARNING Redis for sessions refused the new password")));
                load.awaitProgress(SOON);
                Files.writeString(file, "");
                Eventually.within(
                        SOON,
                        () -> assertThat(log.lines())
                                .anyMatch(line ->
                                        line.startsWith("WARNING The password of Redis for sessions is empty now")));
                load.awaitProgress(SOON);
                Files.writeString(file, "second-secret");
                user(redis, "a", ">second-secret");
                Eventually.within(
                        SOON,
                        () -> assertThat(log.lines())
                                .anyMatch(
                                        line -> line.startsWith("INFO Redis for sessions accepted the new password")));
                user(redis, "a", "<first-secret");
                load.awaitProgress(SOON);
                assertThat(load.takeFailures()).isEmpty();
                assertThat(log.lines()).noneMatch(line -> line.contains("secret"));
                assertThat(log.lines().stream().filter(line -> line.contains("refused the new")))
                        .hasSize(1);
            }
        }
    }

    /** Tokens as Entra ID and IAM give them: when one expires, the server closes the connections that used it. */
    @Test
    void connectionsAreAuthenticatedAgainBeforeTheirTokenExpires() throws IOException {
        TestRedis server = TestRedis.start();
        TokenProvider.install(folder, server);
        try (TestRedis redis = server;
                RedisConnections connections = Connections.with(Map.of("REDIS_SESSION_URL", redis.url()));
                Load load = new Load(4, thread -> count(connections, thread))) {
            Queue<String> received = new ConcurrentLinkedQueue<>();
            connections.subscribe(RedisPurpose.SESSIONS, "gatehouse:news", new ChannelListener() {
                @Override
                public void received(byte[] message) {
                    received.add(new String(message, StandardCharsets.UTF_8));
                }

                @Override
                public void connected() {}

                @Override
                public void lost() {}
            });
            for (int token = 2; token <= 4; token++) {
                int number = token;
                Eventually.holds("another token", SOON, () -> TokenProvider.GIVEN.get() >= number);
                String user = "user=token" + (number - 1);
                Eventually.within(SOON, () -> {
                    load.awaitProgress(SOON);
                    assertThat(loggedIn(redis)).isNotEmpty().noneMatch(line -> line.contains(user + "]"));
                });
                deleteUser(redis, "token" + (number - 1));
                load.awaitProgress(SOON);
            }
            Eventually.within(SOON, () -> {
                try (Jedis admin = new Jedis("127.0.0.1", redis.port())) {
                    admin.publish("gatehouse:news", "still here");
                }
                assertThat(received).contains("still here");
            });
            assertThat(load.takeFailures()).isEmpty();
            assertThat(connections.health(RedisPurpose.SESSIONS).up()).isTrue();
        }
    }

    @Test
    void aProviderIsNotAskedWhereAPasswordIsConfigured() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            TokenProvider.install(folder, redis);
            user(redis, "a", "on", ">pw", "~*", "&*", "+@all");
            try (RedisConnections connections = Connections.to("redis://a:pw@127.0.0.1:" + redis.port())) {
                count(connections, 0);
                assertThat(TokenProvider.GIVEN).hasValue(0);
            }
        }
    }

    @Test
    void severalProvidersAreAConfigurationProblem() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            TokenProvider.install(folder, redis, TokenProvider.class.getName(), OtherProvider.class.getName());
            assertThatThrownBy(() -> Connections.to(redis.url()))
                    .hasMessageContaining("found 2 providers")
                    .hasMessageContaining("expected one");
            TokenProvider.install(folder, redis, "no.such.Provider");
            assertThatThrownBy(() -> Connections.to(redis.url())).hasMessageContaining("cannot be created");
        }
    }

    /** Gives tokens of five seconds, each for a user of its own, so that the server can close the connections of one token. */
    public static final class TokenProvider implements RedisCredentialsProvider {
        private static final AtomicInteger GIVEN = new AtomicInteger();

        @SuppressWarnings("NullAway.Init") // a test installs it
        private static TestRedis server;

        static void install(Path folder, TestRedis redis, String... names) throws IOException {
            GIVEN.set(0);
            server = redis;
            List<String> lines = names.length == 0 ? List.of(TokenProvider.class.getName()) : List.of(names);
            Path services = Files.write(folder.resolve("services"), lines);
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(new ClassLoader(before) {
                @Override
                public Enumeration<URL> getResources(String name) throws IOException {
                    return name.equals("META-INF/services/" + RedisCredentialsProvider.class.getName())
                            ? Collections.enumeration(List.of(url(services)))
                            : super.getResources(name);
                }
            });
        }

        private static URL url(Path path) throws MalformedURLException {
            return path.toUri().toURL();
        }

        @Override
        public RedisCredentials credentials() {
            String name = "token" + GIVEN.incrementAndGet();
            user(server, name, "on", ">secret-" + name, "~*", "&*", "+@all");
            return new RedisCredentials(name, "secret-" + name, Instant.now().plusSeconds(5));
        }
    }

    /** A second provider. */
    public static final class OtherProvider implements RedisCredentialsProvider {
        @Override
        public RedisCredentials credentials() {
            throw new IllegalStateException("must not be asked");
        }
    }

    @Test
    void credentialsShowNoPassword() {
        assertThat(new RedisCredentials("u", "secret", null))
                .hasToString("RedisCredentials[user=u, password=***, expiresAt=null]");
        assertThatThrownBy(() -> new RedisCredentials("u", "", null)).isInstanceOf(IllegalArgumentException.class);
    }
}
