package io.gatehouse.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A source of an application: entries in a map, of which those whose value is an exception fail. */
public class FewEntries implements WarmupSource {
    public final List<String> asked = new ArrayList<>();
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
        asked.add(key);
        Object value = entries.get(key);
        if (value instanceof RuntimeException failure) {
            throw failure;
        }
        return value;
    }
}
