package io.gatehouse.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisObservers;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The spans of exchanges with Redis, by the semantic conventions for databases. */
@RedisTest
class RedisSpansTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final EnumSet<RedisPurpose> BOTH = EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT);

    @RegisterExtension
    static final OpenTelemetryExtension OTEL = OpenTelemetryExtension.create();

    private final Telemetry telemetry = new Telemetry();

    private RedisConnections connect(Map<String, String> settings) {
        Config config = new Config(List.of(ConfigSource.of("test", settings)));
        RedisSettings redis = RedisSettings.from(config);
        config.throwIfBroken();
        telemetry.recordWith(new OpenTelemetrySpans(OTEL.getOpenTelemetry(), InstantSource.system()));
        RedisConnections connections =
                RedisConnections.openInBackground(redis, BOTH, InstantSource.system(), new RedisObservers(telemetry));
        connections.awaitFirstProbe();
        return connections;
    }

    private static RedisCall<String> get(RedisPurpose redisPurpose, String key) {
        return RedisCall.mget(redisPurpose, List.of(key.getBytes(StandardCharsets.UTF_8)), reply -> "");
    }

    private static @Nullable Object attribute(SpanData span, String name) {
        return span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static SpanData only() {
        assertThat(OTEL.getSpans()).hasSize(1);
        return OTEL.getSpans().get(0);
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aCommandHasTheAttributesOfTheConventions(Topology topology) {
        try (RedisConnections redis = connect(topology.shared().settings())) {
            Pipeline pipeline = new Pipeline();
            pipeline.add(get(RedisPurpose.SESSIONS, "k"));
            redis.send(pipeline);
            SpanData span = only();
            assertThat(span.getName()).isEqualTo("MGET");
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(attribute(span, "db.system.name")).isEqualTo("redis");
            assertThat(attribute(span, "db.operation.name")).isEqualTo("MGET");
            assertThat(attribute(span, "db.namespace")).asString().matches("\\d+");
            assertThat(attribute(span, "db.operation.batch.size")).isNull();
            assertThat(attribute(span, "server.address")).isEqualTo("127.0.0.1");
            assertThat((Long) attribute(span, "server.port")).isPositive();
            assertThat(attribute(span, "gatehouse.redis.purpose")).isEqualTo("sessions");
            assertThat(span.getEndEpochNanos()).isGreaterThan(span.getStartEpochNanos());
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        }
    }

    @Test
    void aPipelineOfScriptsNamesTheirNumber() {
        try (RedisConnections redis =
                connect(Map.of("REDIS_SESSION_URL", REDIS.url(), "REDIS_RATE_LIMIT_URL", REDIS.url()))) {
            Script script = new Script("answer.lua", "return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", true);
            Pipeline one = new Pipeline();
            one.add(script.on(RedisPurpose.SESSIONS).keys("k").reply(reply -> ""));
            redis.send(one);
            assertThat(only().getName()).isEqualTo("EVALSHA answer");
            assertThat(attribute(only(), "db.stored_procedure.name")).isEqualTo("answer");

            OTEL.clearSpans();
            Pipeline mixed = new Pipeline();
            mixed.add(script.on(RedisPurpose.SESSIONS).keys("k").reply(reply -> ""));
            mixed.add(get(RedisPurpose.SESSIONS, "k"));
            redis.send(mixed);
            assertThat(only().getName()).isEqualTo("PIPELINE");
            assertThat(attribute(only(), "db.operation.batch.size")).isEqualTo(2L);
            assertThat(attribute(only(), "db.stored_procedure.name")).isNull();
        }
    }

    @Test
    void exchangesOnOtherThreadsAreBelowTheSpanOfTheCaller() {
        try (TestRedis other = TestRedis.start();
                RedisConnections redis =
                        connect(Map.of("REDIS_SESSION_URL", REDIS.url(), "REDIS_RATE_LIMIT_URL", other.url()))) {
            Span caller =
                    OTEL.getOpenTelemetry().getTracer("t").spanBuilder("caller").startSpan();
            try (Scope scope = caller.makeCurrent()) {
                assertThat(scope).isNotNull();
                Pipeline pipeline = new Pipeline();
                pipeline.add(get(RedisPurpose.SESSIONS, "k"));
                pipeline.add(get(RedisPurpose.RATE_LIMIT, "k"));
                redis.send(pipeline);
            }
            assertThat(OTEL.getSpans())
                    .hasSize(2)
                    .allMatch(span -> span.getParentSpanId()
                            .equals(caller.getSpanContext().getSpanId()));
            assertThat(OTEL.getSpans())
                    .extracting(span -> attribute(span, "server.port"))
                    .containsExactlyInAnyOrder((long) REDIS.port(), (long) other.port());
        }
    }

    @Test
    void aFailedExchangeHasTheReasonAsErrorType() {
        TestRedis gone = TestRedis.start();
        try (RedisConnections redis =
                connect(Map.of("REDIS_SESSION_URL", gone.url(), "REDIS_RATE_LIMIT_URL", gone.url()))) {
            gone.close();
            Pipeline pipeline = new Pipeline();
            pipeline.add(get(RedisPurpose.SESSIONS, "k"));
            assertThat(catchThrowable(() -> {
                        redis.send(pipeline);
                        pipeline.response(0).get();
                    }))
                    .isNotNull();
            assertThat(only().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(only().getAttributes().get(AttributeKey.stringKey("error.type")))
                    .matches("[a-z_]+");
            assertThat(only().getEvents()).as("no message of an exception").isEmpty();
        }
    }
}
