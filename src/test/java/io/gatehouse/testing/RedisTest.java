package io.gatehouse.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that uses the Redis deployments of this JVM.
 *
 * <p>A parameter of type {@link TestRedis}, {@link TestSentinel} or {@link TestCluster} of a constructor, a lifecycle method or a test
 * receives the shared deployment of that topology. Static initializers call {@link TestRedis#shared}, parameterized classes call
 * {@link Topology#shared}. Every deployment that the class uses is emptied before each test. After each test it must hold no key
 * without time to live, and the log must contain no cookie value that a {@link Browser} received. After the last test no thread of
 * Gatehouse may be left that the class started.
 *
 * <p>A test that stops, pauses or reconfigures a server starts its own with {@link TestRedis#start}.
 *
 * <pre>{@code
 * @RedisTest
 * class ExampleTest {
 *     private static RedisConnections connections;
 *
 *     @BeforeAll
 *     static void connect(TestRedis redis) {
 *         connections = Connections.to(redis.url());
 *     }
 * }
 * }</pre>
 */
@Target(ElementType.TYPE)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RedisExtension.class)
public @interface RedisTest {
    /** Arguments of the standalone server, such as {@code "--maxmemory-policy", "noeviction"}. */
    String[] args() default {};

    /** Regular expressions of keys that may have no time to live. */
    String[] lasting() default {};
}
