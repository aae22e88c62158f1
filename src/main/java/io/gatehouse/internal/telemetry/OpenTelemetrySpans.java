package io.gatehouse.internal.telemetry;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Exchange;
import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.Operation;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.TracedOperation;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records spans through the API of OpenTelemetry. Operations of Gatehouse are of kind {@code INTERNAL}. Exchanges with Redis are of
 * kind {@code CLIENT}, with the attributes of the semantic conventions for databases and Redis (1.33). Keys and arguments of commands
 * are never recorded, nor are messages of exceptions. Thread-safe.
 */
public final class OpenTelemetrySpans implements SpanRecorder {
    /** The name of the instrumentation scope. */
    public static final String SCOPE = "io.gatehouse";

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
    private static final AttributeKey<String> PROCEDURE = AttributeKey.stringKey("db.stored_procedure.name");
    private static final AttributeKey<Long> BATCH_SIZE = AttributeKey.longKey("db.operation.batch.size");
    private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("db.namespace");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> PURPOSE = AttributeKey.stringKey("gatehouse.redis.purpose");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("gatehouse.reason");

    private final OpenTelemetry openTelemetry;
    private final Tracer tracer;
    private final InstantSource clock;

    public OpenTelemetrySpans(OpenTelemetry openTelemetry, InstantSource clock) {
        this.openTelemetry = openTelemetry;
        this.tracer = openTelemetry.getTracer(SCOPE);
        this.clock = clock;
    }

    /** Returns whether spans of an instance go anywhere; those of the API without an SDK do not. */
    public static boolean isRecording(OpenTelemetry openTelemetry) {
        return openTelemetry.getTracer(SCOPE).getClass()
                != TracerProvider.noop().get(SCOPE).getClass();
    }

    @Override
    public Span start(TracedOperation operation) {
        return current(Context.current(), tracer.spanBuilder(operation.spanName()));
    }

    @Override
    public Span startRequest(Function<String, @Nullable String> header) {
        Context current = Context.current();
        if (io.opentelemetry.api.trace.Span.fromContext(current)
                .getSpanContext()
                .isValid()) {
            return Span.NONE;
        }
        Context client =
                openTelemetry.getPropagators().getTextMapPropagator().extract(current, header, HeaderGetter.INSTANCE);
        return current(client, tracer.spanBuilder(TracedOperation.REQUEST.spanName()));
    }

    @SuppressWarnings("MustBeClosedChecker") // CurrentSpan closes the scope
    private static Span current(Context parent, SpanBuilder builder) {
        io.opentelemetry.api.trace.Span span = builder.setParent(parent).startSpan();
        return new CurrentSpan(span, parent.with(span).makeCurrent());
    }

    private enum HeaderGetter implements TextMapGetter<Function<String, @Nullable String>> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Function<String, @Nullable String> header) {
            return List.of(); // no propagator of OpenTelemetry lists headers
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> header, String name) {
            return header == null ? null : header.apply(name);
        }
    }

    @Override
    public void exchanged(Exchange exchange) {
        List<Operation> operations = exchange.operations();
        String name = operationName(operations);
        String procedure = procedure(operations);
        Instant now = clock.instant();
        long end = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        SpanBuilder builder = tracer.spanBuilder(procedure == null ? name : name + " " + procedure)
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(end - exchange.nanos(), TimeUnit.NANOSECONDS)
                .setAttribute(SYSTEM, "redis")
                .setAttribute(OPERATION, name)
                .setAttribute(NAMESPACE, Integer.toString(exchange.database()))
                .setAttribute(PURPOSE, exchange.purpose().label());
        if (procedure != null) {
            builder.setAttribute(PROCEDURE, procedure);
        }
        if (operations.size() > 1) {
            builder.setAttribute(BATCH_SIZE, (long) operations.size());
        }
        HostPort node = exchange.node();
        if (node != null) {
            builder.setAttribute(ADDRESS, node.host()).setAttribute(PORT, (long) node.port());
        }
        io.opentelemetry.api.trace.Span span = builder.startSpan();
        GatehouseException fault = exchange.fault();
        if (fault != null) {
            fail(span, fault);
        }
        span.end(end, TimeUnit.NANOSECONDS);
    }

    /** Returns the command, with {@code PIPELINE} before it if there are several, or only that if they differ. */
    private static String operationName(List<Operation> operations) {
        String command = command(operations.get(0));
        if (operations.size() == 1) {
            return command;
        }
        boolean same =
                operations.stream().allMatch(operation -> command(operation).equals(command));
        return same ? "PIPELINE " + command : "PIPELINE";
    }

    private static String command(Operation operation) {
        return operation instanceof Script ? "EVALSHA" : operation.name().toUpperCase(Locale.ROOT);
    }

    /** Returns the script that all operations run, or null. */
    private static @Nullable String procedure(List<Operation> operations) {
        Operation first = operations.get(0);
        return first instanceof Script && operations.stream().allMatch(first::equals)
                ? first.name().replaceFirst("\\.lua$", "")
                : null;
    }

    @Override
    public void refused(int status, String reason) {
        io.opentelemetry.api.trace.Span.current()
                .addEvent("gatehouse.refused", Attributes.of(STATUS, (long) status, REASON, reason));
    }

    @Override
    public Runnable inContext(Runnable task) {
        return Context.current().wrap(task);
    }

    private static void fail(io.opentelemetry.api.trace.Span span, Throwable cause) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(
                ERROR,
                cause instanceof RedisUnavailableException unavailable
                        ? unavailable.reason().label()
                        : cause.getClass().getName());
    }

    /** A span that is current in its thread. */
    private record CurrentSpan(io.opentelemetry.api.trace.Span span, Scope scope) implements Span {
        @Override
        public void set(String attribute, String value) {
            guard(() -> span.setAttribute(attribute, value));
        }

        @Override
        public void failed(Throwable cause) {
            guard(() -> fail(span, cause));
        }

        @Override
        public void close() {
            guard(scope::close);
            guard(span::end);
        }

        private static void guard(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException | LinkageError e) {
                Telemetry.log(e);
            }
        }
    }
}
