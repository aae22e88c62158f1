package io.gatehouse.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An application source with its entries in a map; a value that is an exception is thrown. */
public class FewEntries implements WarmupSource {
    public final List<String> loaded = new ArrayList<>();
    private final String scope;
    private final Map<String, Object> entries;

    public FewEntries(String scope, Map<String, Object> entries) {
        this.scope = scope;
        this.entries = entries;
    }

    @Override
    public String scope() {
        return scope;
    }

    @Override
    public Stream<String> keys() throws Exception {
        return entries.keySet().stream();
    }

    @Override
    public @Nullable Object load(String key) throws Exception {
        loaded.add(key);
        Object value = entries.get(key);
        if (value instanceof RuntimeException failure) {
            throw failure;
        }
        return value;
    }
}
