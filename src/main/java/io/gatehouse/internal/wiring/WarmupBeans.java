package io.gatehouse.internal.wiring;

import io.gatehouse.warmup.WarmupSource;
import jakarta.enterprise.inject.spi.CDI;
import java.util.List;

/** Finds the warm-up sources that are CDI beans of the application. Only this class refers to CDI here. */
final class WarmupBeans {
    private WarmupBeans() {}

    static List<WarmupSource> find() {
        return CDI.current().select(WarmupSource.class).stream().toList();
    }
}
