package io.gatehouse.internal.warmup;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.warmup.FewEntries;
import io.gatehouse.warmup.WarmupSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cache as a map, a clock that only the warmer moves, and an executor that runs tasks when the test says so. */
abstract class WarmerFixture {
    final Map<String, Object> cache = new LinkedHashMap<>();
    final AtomicLong now = new AtomicLong(17);
    final Map<String, List<String>> hottest = new LinkedHashMap<>();
    final Queue<Runnable> later = new ArrayDeque<>();
    Map<String, String> settings = Map.of();
    boolean cacheAccepts = true;

    DefaultWarmer warmer(WarmupSource... sources) {
        Config config = new Config(List.of(ConfigSource.of("test", settings)));
        WarmupSettings read = WarmupSettings.from(config);
        config.throwIfBroken();
        return new DefaultWarmer(
                List.of(sources),
                this::put,
                (region, limit) -> hottest.getOrDefault(region, List.of()),
                read,
                later::add,
                now::get,
                now::addAndGet);
    }

    boolean put(String region, String key, Object value) {
        if (cacheAccepts) {
            cache.put(region + ":" + key, value);
        }
        return cacheAccepts;
    }

    static Map<String, Object> numbered(int count) {
        return IntStream.range(0, count)
                .boxed()
                .collect(Collectors.toMap(i -> "" + i, i -> i, (a, b) -> a, LinkedHashMap::new));
    }

    static FewEntries users(Map<String, Object> entries) {
        return new FewEntries("user", entries);
    }
}
