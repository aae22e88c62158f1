package io.gatehouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import redis.clients.jedis.Jedis;

/** The ACL user of {@code server-config/redis/users.acl} for Gatehouse, for a Redis that was started without that file. */
public final class GatehouseUser {
    private static final Path FILE = Path.of("server-config", "redis", "users.acl");
    private static final String LINE = "user gatehouse ";
    private static final String PASSWORD = "change-me";

    private GatehouseUser() {}

    /** Returns the rules of the user: password, keys, channels and commands, in the syntax of {@code ACL SETUSER}. */
    public static List<String> rules() {
        try {
            String line = Files.readAllLines(FILE).stream()
                    .filter(each -> each.startsWith(LINE))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no user gatehouse in " + FILE));
            return List.of(line.substring(LINE.length()).split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the user to a Redis and returns the URL with its credentials. */
    public static String at(TestRedis redis) {
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.aclSetUser("gatehouse", rules().toArray(String[]::new));
        }
        return url(redis.port());
    }

    /** Returns the URL with the user's credentials for a port of this machine. */
    public static String url(int port) {
        return "redis://gatehouse:" + PASSWORD + "@127.0.0.1:" + port + "/0";
    }
}
