package io.gatehouse.internal.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * Finds the OpenTelemetry of the application: the bean of MicroProfile Telemetry, or the global instance. Never initializes the global
 * instance: an application that registered its own later would then fail. Only methods of this class refer to CDI.
 */
public final class OpenTelemetryLookup {
    private static final String AGENT = "io.opentelemetry.javaagent.OpenTelemetryAgent";

    private OpenTelemetryLookup() {}

    /**
     * Returns the bean of the application that runs in this thread, or null if there is none.
     *
     * @throws RuntimeException if there is no CDI
     */
    public static @Nullable OpenTelemetry bean() {
        Instance<OpenTelemetry> found = CDI.current().select(OpenTelemetry.class);
        return found.isResolvable() ? found.get() : null;
    }

    /** Returns the global instance, or null if it is not set yet. */
    public static @Nullable OpenTelemetry global() {
        return isGlobalSet() ? GlobalOpenTelemetry.get() : null;
    }

    private static boolean isGlobalSet() {
        if (hasAgent()) {
            return true; // the agent replaces the methods of GlobalOpenTelemetry, and does not set it
        }
        try {
            return (boolean) GlobalOpenTelemetry.class.getMethod("isSet").invoke(null); // since 1.57
        } catch (ReflectiveOperationException e) {
            return isFieldSet();
        }
    }

    private static boolean isFieldSet() {
        try {
            Field field = GlobalOpenTelemetry.class.getDeclaredField("globalOpenTelemetry");
            field.setAccessible(true);
            return field.get(null) != null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    private static boolean hasAgent() {
        try {
            Class.forName(AGENT, false, ClassLoader.getSystemClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
