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
 * <p>A parameter of type {@link TestRedis}, {@link TestSentinel} or {@link TestCluster} of a constructor, a lifecycle method
 * or a test receives the shared deployment of that topology. Static initializers call {@link TestRedis#shared}, parameterized
 * classes call {@link Topology#shared}.
 *
 * <p>Every deployment that the class uses is flushed before each test. After each test every key must have a time to live
 * ({@link KeySweep}), and the log must contain no cookie value that a {@link Browser} received ({@link CookieSweep}). After
 * the last test no thread of Gatehouse that the class started may be alive ({@link ThreadSweep}).
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

    /** Regular expressions of keys that need no time to live. */
    String[] lasting() default {};
}
