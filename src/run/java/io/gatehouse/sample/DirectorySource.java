package io.gatehouse.sample;

import io.gatehouse.warmup.WarmupSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Warms the cache from the directory, slowly enough to watch. */
@ApplicationScoped
class DirectorySource implements WarmupSource {
    private static final Duration SLOWNESS = Duration.ofMillis(200);

    @Override
    public String scope() {
        return USER;
    }

    @Override
    public Stream<String> keys() {
        return Directory.PEOPLE.stream();
    }

    @Override
    public @Nullable Object load(String key) throws Exception {
        return Directory.PEOPLE.contains(key) ? Directory.entry(key, SLOWNESS) : null;
    }
}
