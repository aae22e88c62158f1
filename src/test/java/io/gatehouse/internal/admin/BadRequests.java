package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.TestRedis;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The base of tests of bad requests: an application with one session, whose keys in Redis must not have changed at the end. */
abstract class BadRequests {
    static AdminApp app;
    private static TestRedis redis;
    private static Set<String> keys;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        app = AdminApp.start(AdminApp.with(redis.url()));
        app.login("alice");
        keys = AdminApp.persistentKeys(redis);
    }

    @AfterAll
    static void stop() {
        assertThat(AdminApp.persistentKeys(redis)).isEqualTo(keys);
        app.close();
        redis.close();
    }
}
