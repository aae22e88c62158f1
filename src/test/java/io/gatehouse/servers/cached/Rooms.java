package io.gatehouse.servers.cached;

import io.gatehouse.warmup.WarmupSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.stream.Stream;

/** A warmup source with a scope of its own. */
@ApplicationScoped
public class Rooms implements WarmupSource {
    @Override
    public String scope() {
        return "room";
    }

    @Override
    public Stream<String> keys() {
        return Stream.of("hall", "cellar");
    }

    @Override
    public Object load(String key) {
        return "the " + key;
    }
}
