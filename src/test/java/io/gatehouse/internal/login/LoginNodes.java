package io.gatehouse.internal.login;

import io.gatehouse.RedisPurpose;
import io.gatehouse.ratelimit.LoginClockShift;
import io.gatehouse.testing.ConnectionPair;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Two nodes with login protection, on each topology that affects scripts; for scripts, Sentinel equals a single server. */
@RedisTest
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SENTINEL")
abstract class LoginNodes {
    @SuppressWarnings("NullAway.Init") // set before each invocation of the class
    private static ConnectionPair connections;

    final LoginNode one;
    final LoginNode two;
    final List<TestRedis> servers;

    LoginNodes(Topology topology) {
        servers = topology.shared().masters();
        one = new LoginNode(connections.first());
        two = new LoginNode(connections.second());
    }

    @BeforeParameterizedClassInvocation
    static void connect(Topology topology) {
        connections = ConnectionPair.to(topology, RedisPurpose.RATE_LIMIT);
    }

    @AfterParameterizedClassInvocation
    static void disconnect() {
        connections.close();
    }

    /** Moves the stored times back, as if time had passed. */
    void pass(Duration time) {
        LoginClockShift.pass(servers, time);
    }
}
