package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.telemetry.TelemetrySettings;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.TracedOperation;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When Gatehouse connects to OpenTelemetry, without a container. */
class TelemetrySetupTest {
    @BeforeEach
    @AfterEach
    void reset() {
        GlobalOpenTelemetry.resetForTest();
    }

    private static TelemetrySetup setup(String mode) {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_TELEMETRY", mode))));
        TelemetrySettings settings = TelemetrySettings.from(config);
        config.throwIfBroken();
        return new TelemetrySetup(settings);
    }

    private static OpenTelemetry sdk() {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .build();
    }

    @Test
    void findsAnSdkThatIsRegisteredAfterTheStart() {
        try (TelemetrySetup setup = setup("auto")) {
            setup.connect(null);
            setup.connectToGlobal(null);
            assertThat(setup.tracing().isActive()).isFalse();
            GlobalOpenTelemetry.set(sdk());
            setup.connectToGlobal(null);
            assertThat(setup.tracing().isActive()).isTrue();
        }
    }

    @Test
    void recordsNothingAfterItsEnd() {
        GlobalOpenTelemetry.set(sdk());
        TelemetrySetup setup = setup("auto");
        setup.connect(null);
        assertThat(setup.tracing().isActive()).isTrue();
        setup.close();
        setup.connectToGlobal(null);
        assertThat(setup.tracing().isActive()).isFalse();
        assertThat(setup.tracing().start(TracedOperation.SESSION_LOAD)).isSameAs(Span.NONE);
    }

    @Test
    void anOpenTelemetryWithoutSdkCostsNothing() {
        GlobalOpenTelemetry.set(OpenTelemetry.noop());
        try (TelemetrySetup setup = setup("auto")) {
            setup.connect(null);
            assertThat(setup.tracing().isActive()).isFalse();
            assertThat(setup.tracing().start(TracedOperation.SESSION_LOAD)).isSameAs(Span.NONE);
            Runnable task = () -> {};
            assertThat(setup.tracing().inContext(task)).isSameAs(task);
        }
    }

    @Test
    void offNeverLooksForAnSdk() {
        GlobalOpenTelemetry.set(sdk());
        try (TelemetrySetup setup = setup("off")) {
            setup.connect(null);
            setup.connectToGlobal(null);
            assertThat(setup.tracing().isActive()).isFalse();
        }
    }

    @Test
    void tasksOnOtherThreadsKeepTheSpanOfTheCaller() throws Exception {
        OpenTelemetry sdk = sdk();
        GlobalOpenTelemetry.set(sdk);
        try (TelemetrySetup setup = setup("auto")) {
            setup.connect(null);
            io.opentelemetry.api.trace.Span caller =
                    sdk.getTracer("t").spanBuilder("caller").startSpan();
            CompletableFuture<SpanContext> seen = new CompletableFuture<>();
            try (Scope scope = caller.makeCurrent()) {
                assertThat(scope).isNotNull();
                setup.inContext(task -> new Thread(task).start())
                        .execute(() -> seen.complete(
                                io.opentelemetry.api.trace.Span.current().getSpanContext()));
            }
            assertThat(seen.get()).isEqualTo(caller.getSpanContext());
        }
    }
}
