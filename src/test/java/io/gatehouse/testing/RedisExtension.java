package io.gatehouse.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** The implementation of {@link RedisTest}. */
final class RedisExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(RedisExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        Browser.forgetReceivedCookies();
        context.getStore(NAMESPACE).put(ThreadSweep.class, new ThreadSweep());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        SharedRedis.inUse().forEach(RedisDeployment::flush);
        context.getStore(NAMESPACE).put(CookieSweep.class, new CookieSweep());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        CookieSweep cookies = context.getStore(NAMESPACE).remove(CookieSweep.class, CookieSweep.class);
        if (cookies != null) {
            cookies.close();
            cookies.requireNone(Browser.receivedCookies());
        }
        List<String> lasting = Arrays.asList(annotation(context).lasting());
        SharedRedis.inUse().forEach(deployment -> KeySweep.requireTimesToLive(deployment, lasting));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        SharedRedis.release();
        ThreadSweep threads = context.getStore(NAMESPACE).remove(ThreadSweep.class, ThreadSweep.class);
        if (threads != null) {
            threads.requireNoneLeft();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return topology(parameter).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Topology topology = topology(parameter).orElseThrow();
        List<String> arguments =
                topology == Topology.STANDALONE ? List.of(annotation(context).args()) : List.of();
        return SharedRedis.of(topology, arguments);
    }

    private static Optional<Topology> topology(ParameterContext parameter) {
        Class<?> type = parameter.getParameter().getType();
        if (type == TestRedis.class) {
            return Optional.of(Topology.STANDALONE);
        }
        if (type == TestSentinel.class) {
            return Optional.of(Topology.SENTINEL);
        }
        return type == TestCluster.class ? Optional.of(Topology.CLUSTER) : Optional.empty();
    }

    private static RedisTest annotation(ExtensionContext context) {
        Class<?> type = context.getRequiredTestClass();
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            Optional<RedisTest> found = AnnotationSupport.findAnnotation(each, RedisTest.class);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IllegalStateException(type + " has no @RedisTest");
    }
}
