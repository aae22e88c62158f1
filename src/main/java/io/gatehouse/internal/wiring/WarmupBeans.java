package io.gatehouse.internal.wiring;

import io.gatehouse.warmup.WarmupSource;
import jakarta.enterprise.inject.spi.CDI;
import java.util.List;

/** The warm-up sources that are beans of the application. */
final class WarmupBeans {
    private WarmupBeans() {}

    static List<WarmupSource> find() {
        return CDI.current().select(WarmupSource.class).stream().toList();
    }
}
