package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.TestRedis;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** An application with one session, in whose Redis nothing must have changed when all bad requests have been made. */
abstract class BadRequests {
    static AdminApp app;
    private static TestRedis redis;
    private static Set<String> keys;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        app = AdminApp.start(AdminApp.with(redis.url()));
        app.login("alice");
        keys = AdminApp.lasting(redis);
    }

    @AfterAll
    static void stop() {
        assertThat(AdminApp.lasting(redis)).isEqualTo(keys);
        app.close();
        redis.close();
    }
}
