package io.gatehouse.internal.wiring;

import io.gatehouse.internal.servers.CdiScope;
import io.gatehouse.warmup.WarmupSource;
import java.util.List;

/** Finds the warm-up sources that are CDI beans of the application. Only this class refers to CDI here. */
final class WarmupBeans {
    private WarmupBeans() {}

    static List<WarmupSource> find() {
        return CdiScope.currentBeans().createInstance().select(WarmupSource.class).stream()
                .toList();
    }
}
