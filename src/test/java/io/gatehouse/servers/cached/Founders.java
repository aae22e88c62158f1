package io.gatehouse.servers.cached;

import io.gatehouse.warmup.WarmupSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A warmup source of two users. */
@ApplicationScoped
public class Founders implements WarmupSource {
    private static final List<String> NAMES = List.of("founder-ada", "founder-bob");

    @Override
    public String scope() {
        return USER;
    }

    @Override
    public Stream<String> keys() {
        return NAMES.stream();
    }

    @Override
    public @Nullable Object load(String key) {
        return NAMES.contains(key) ? key + " was here first" : null;
    }
}
