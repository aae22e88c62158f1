package io.gatehouse.internal.cache.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.Cached;
import io.gatehouse.cache.LoadOptions;
import jakarta.interceptor.InvocationContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code @Cached} asks of the cache. */
class CachedInterceptorTest {
    private final List<LoadOptions> asked = new ArrayList<>();

    /** A bean with cached methods. */
    static class Bean {
        @Cached(region = "user", key = "{0}", tags = "team:{1}", ttl = "5m")
        void fiveMinutes() {}

        @Cached(ttl = "300")
        void seconds() {}

        @Cached
        void theRegionDecides() {}

        @Cached(ttl = "5 minutes")
        void text() {}

        @Cached(ttl = "-5m")
        void negative() {}

        @Cached(ttl = "0")
        void zero() {}

        @Cached(ttl = "400d")
        void tooLong() {}
    }

    @Test
    void theTtlOfTheAnnotationIsHowLongTheResultIsKept() throws Exception {
        call("fiveMinutes");
        call("seconds");
        call("theRegionDecides");
        assertThat(asked)
                .extracting(options -> options.ttl().orElse(null))
                .containsExactly(Duration.ofMinutes(5), Duration.ofMinutes(5), null);
        assertThat(asked.get(0).tags()).containsExactly("team:red");
        assertThat(asked).allMatch(LoadOptions::isInCallerThread);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "negative", "zero", "tooLong"})
    void anInvalidTtlNamesTheMethodAndWhatIsExpected(String method) {
        assertThatThrownBy(() -> call(method))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("@Cached of ")
                .hasMessageContaining("Bean." + method + "()")
                .hasMessageMatching(
                        ".*(expected a time such as 500ms|expected at least 1 ms|expected at most 366 days).*");
        assertThat(asked).isEmpty();
    }

    @SuppressWarnings("UnnecessaryAssignment") // this test is the framework
    private void call(String method) throws Exception {
        CachedInterceptor interceptor = new CachedInterceptor();
        CacheRegion region = proxy(CacheRegion.class, (self, called, arguments) -> {
            assertThat(called.getName()).isEqualTo("getOrSet");
            asked.add((LoadOptions) arguments[2]);
            return null;
        });
        interceptor.cache = proxy(CacheManager.class, (self, called, arguments) -> region);
        Bean bean = new Bean();
        interceptor.cached(proxy(InvocationContext.class, (self, called, arguments) -> switch (called.getName()) {
            case "getMethod" -> Bean.class.getDeclaredMethod(method);
            case "getTarget" -> bean;
            case "getParameters" -> new Object[] {"alice", "red"};
            default -> throw new IllegalStateException(called.getName());
        }));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
