package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.GatehouseUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Tests who can log in with {@code users.acl} and what the user of Gatehouse must not do. Other tests cover what it may do. */
class UsersFileTest {
    /** The commands that Jedis sends when it connects and when it reads the slots. */
    private static final Set<String> BY_JEDIS = Set.of("hello", "client|setname", "cluster|slots");

    private static ShippedRedis redis;
    private static Jedis gatehouse;

    @BeforeAll
    static void start() throws IOException {
        redis = ShippedRedis.start("standalone.conf");
        gatehouse = ShippedRedis.client(redis.port(), "gatehouse", "change-me");
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
        redis.close();
    }

    @Test
    void loginWithoutAUserNameIsRejected() {
        try (Jedis nobody = new Jedis("127.0.0.1", redis.port())) {
            assertThatThrownBy(nobody::ping).hasMessageContaining("NOAUTH");
            assertThatThrownBy(() -> nobody.auth("change-me")).hasMessageContaining("WRONGPASS");
        }
    }

    @Test
    void everyShippedPasswordIsAnObviousPlaceholder() throws IOException {
        for (String line : Files.readAllLines(ShippedRedis.FILES.resolve("users.acl"))) {
            assertThat(line)
                    .matches("user default off|user \\w+ on >change-me(-\\w+)? .*")
                    .doesNotContain("nopass");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FLUSHALL",
                "FLUSHDB",
                "KEYS *",
                "CONFIG GET *",
                "CONFIG SET maxmemory 1",
                "SHUTDOWN NOSAVE",
                "ACL LIST",
                "ACL SETUSER gatehouse +@all",
                "DEBUG SLEEP 0",
                "REPLICAOF NO ONE",
                "MONITOR",
                "CLIENT LIST",
                "CLIENT KILL TYPE normal",
                "SAVE",
                "BGSAVE",
                "SCRIPT FLUSH",
                "MODULE LIST",
                "MIGRATE 127.0.0.1 1 gatehouse:a 0 1",
                "DUMP gatehouse:a",
                "RESTORE gatehouse:a 0 x",
                "SWAPDB 0 1",
                "RENAME gatehouse:a gatehouse:b",
                "PERSIST gatehouse:a",
                "CLUSTER RESET",
                "SORT gatehouse:a",
                "PSYNC ? -1"
            })
    void gatehouseMustNotRunAdministrationCommands(String command) {
        String[] words = command.split(" ");
        assertThatThrownBy(() -> gatehouse.sendCommand(
                        () -> words[0].getBytes(StandardCharsets.US_ASCII),
                        Stream.of(words).skip(1).toArray(String[]::new)))
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(JedisAccessControlException.class),
                        e -> assertThat(e).hasMessageContaining("DEBUG command not allowed")); // Redis 7, to any user
    }

    @Test
    void gatehouseMustNotUseForeignKeysAndChannels() {
        assertThat(gatehouse.set("gatehouse:a", "1")).isEqualTo("OK");
        assertThat(gatehouse.publish("gatehouse:a", "1")).isZero();
        assertThatThrownBy(() -> gatehouse.set("other", "1")).isInstanceOf(JedisAccessControlException.class);
        assertThatThrownBy(() -> gatehouse.publish("other", "1")).isInstanceOf(JedisAccessControlException.class);
    }

    @Test
    void scriptsHaveNoMoreRightsThanTheUser() {
        for (String script : List.of("return redis.call('FLUSHALL')", "return redis.call('GET', 'other')")) {
            assertThatThrownBy(() -> gatehouse.eval(script)).isInstanceOf(JedisDataException.class);
        }
    }

    /** Tests also that verify tries every command of a script, so that it reports a missing right. */
    @Test
    void everyCommandOfAScriptIsAllowedAndTriedByVerify() throws IOException {
        Set<String> missing = new TreeSet<>();
        String tried = Files.readString(Path.of("src/main/java/io/gatehouse/internal/redis/probe/AclProbe.java"));
        Matcher called = Pattern.compile("redis\\.p?call\\('([A-Z]+)'").matcher(code());
        while (called.find()) {
            String command = called.group(1).toLowerCase(Locale.ROOT);
            if (!GatehouseUser.rules().contains("+" + command) || !tried.contains("Command." + called.group(1))) {
                missing.add(command);
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Tests that no right remains that the code no longer needs. */
    @Test
    void everyGrantedRightIsNeeded() throws IOException {
        Set<String> unused = new TreeSet<>();
        String code = code();
        for (String rule : GatehouseUser.rules()) {
            if (rule.startsWith("+") && !BY_JEDIS.contains(rule.substring(1))) {
                String command = rule.substring(1).replaceFirst("\\|.*", "").toUpperCase(Locale.ROOT);
                if (!code.contains("'" + command + "'") && !code.contains("Command." + command)) {
                    unused.add(command);
                }
            }
        }
        unused.remove("PING"); // used by connection.ping() and by the pool
        assertThat(unused).isEmpty();
    }

    private static String code() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(java|lua)"))
                    .toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        }
    }
}
