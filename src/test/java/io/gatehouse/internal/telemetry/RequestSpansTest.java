package io.gatehouse.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The spans of requests to an application that has registered an SDK of OpenTelemetry. */
@RedisTest
class RequestSpansTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final AttributeKey<String> RESULT = AttributeKey.stringKey("gatehouse.ratelimit.result");

    @RegisterExtension
    static final OpenTelemetryExtension OTEL = OpenTelemetryExtension.create();

    private final Browser browser = new Browser();

    /** Starts the span of a request before any filter, as a server does. */
    private static final class ServerSpans extends ValveBase {
        ServerSpans() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            Span span = GlobalOpenTelemetry.getTracer("server")
                    .spanBuilder("server")
                    .setSpanKind(SpanKind.SERVER)
                    .startSpan();
            try (Scope scope = span.makeCurrent()) {
                assertThat(scope).isNotNull();
                getNext().invoke(request, response);
            } finally {
                span.end();
            }
        }
    }

    private static App.Builder app(String url) {
        return App.with(url)
                .set("GATEHOUSE_RATE_LIMITS", """
                        all.match = /*
                        all.level = ip
                        all.limit = 100/m
                        rare.match = /rare
                        rare.level = ip
                        rare.limit = 1/h
                        """)
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice@example.com");
                    request.getSession().setAttribute("cart", "secret-value");
                    response.getWriter().print(request.getSession().getId());
                })
                .on("/read", (request, response) -> {
                    GlobalOpenTelemetry.getTracer("app")
                            .spanBuilder("work")
                            .startSpan()
                            .end();
                    response.getWriter().print(request.getSession().getAttribute("cart"));
                })
                .on("/rare", (request, response) -> response.getWriter().print("rare"));
    }

    private static App.Builder withServerSpans(App.Builder builder) {
        return builder.customize(context -> context.getPipeline().addValve(new ServerSpans()));
    }

    /** Sends a request and waits for the span of the server, which ends after the response. */
    private Browser.Answer get(App app, String path) {
        long before = serverSpans();
        Browser.Answer answer = browser.get(app.url(path));
        Eventually.within(
                Duration.ofSeconds(20), () -> assertThat(serverSpans()).isEqualTo(before + 1));
        return answer;
    }

    private static void awaitRequestSpan() {
        Eventually.within(
                Duration.ofSeconds(20),
                () -> assertThat(OTEL.getSpans())
                        .anyMatch(span -> span.getName().equals("gatehouse.request")));
    }

    private static long serverSpans() {
        return OTEL.getSpans().stream()
                .filter(span -> span.getName().equals("server"))
                .count();
    }

    private static SpanData only(String name) {
        return OTEL.getSpans().stream()
                .filter(span -> span.getName().equals(name))
                .reduce((one, other) -> {
                    throw new AssertionError("several spans " + name + ": " + OTEL.getSpans());
                })
                .orElseThrow(() -> new AssertionError("no span " + name + ": " + OTEL.getSpans()));
    }

    private static List<SpanData> ofRedis() {
        return OTEL.getSpans().stream()
                .filter(span -> span.getKind() == SpanKind.CLIENT)
                .toList();
    }

    private static void assertParent(SpanData child, SpanData parent) {
        assertThat(child.getParentSpanId()).as(child.getName()).isEqualTo(parent.getSpanId());
        assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
    }

    @Test
    void decisionLoadAndSaveAreBelowTheSpanOfTheServer() {
        try (App app = withServerSpans(app(REDIS.url())).start()) {
            get(app, "/login");
            SpanData server = only("server");
            assertParent(only("gatehouse.ratelimit.decide"), server);
            assertThat(only("gatehouse.ratelimit.decide").getAttributes().get(RESULT))
                    .isEqualTo("allowed");
            SpanData save = only("gatehouse.session.save");
            assertParent(save, server);
            assertThat(ofRedis()).anySatisfy(span -> assertParent(span, save));
            assertThat(OTEL.getSpans()).noneMatch(span -> span.getName().equals("gatehouse.session.load"));

            OTEL.clearSpans();
            assertThat(get(app, "/read").body()).isEqualTo("secret-value");
            SpanData load = only("gatehouse.session.load");
            assertParent(load, only("gatehouse.ratelimit.decide"));
            assertThat(load.getAttributes().get(AttributeKey.stringKey("gatehouse.session.result")))
                    .isEqualTo("found");
            assertParent(ofRedis().get(0), load);
            assertParent(only("work"), only("server"));
            assertThat(OTEL.getSpans()).noneMatch(span -> span.getName().equals("gatehouse.session.save"));
        }
    }

    @Test
    void withoutASpanOfTheServerTheRequestContinuesTheTraceOfTheClient() {
        try (App app = app(REDIS.url()).start()) {
            browser.get(app.url("/login"));
            awaitRequestSpan();
            OTEL.clearSpans();
            browser.send(HttpRequest.newBuilder(URI.create(app.url("/read")))
                    .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
            awaitRequestSpan();
            SpanData request = only("gatehouse.request");
            assertThat(request.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(request.getParentSpanId()).isEqualTo("b7ad6b7169203331");
            assertParent(only("gatehouse.ratelimit.decide"), request);
            assertParent(only("work"), request);
        }
    }

    @Test
    void aRequestWithoutLimitsAndSessionHasNoSpanOfItsOwn() {
        try (App app = withServerSpans(app(REDIS.url()).set("GATEHOUSE_RATE_LIMITS", "none"))
                .start()) {
            get(app, "/rare");
            String trace = only("server").getTraceId(); // background work has traces of its own
            assertThat(OTEL.getSpans())
                    .filteredOn(span -> span.getTraceId().equals(trace))
                    .extracting(SpanData::getName)
                    .containsExactly("server");
        }
    }

    @Test
    void refusalsAreEventsOfTheSpanOfTheServer() {
        try (App app = withServerSpans(app(REDIS.url())).start()) {
            get(app, "/rare");
            OTEL.clearSpans();
            assertThat(get(app, "/rare").status()).isEqualTo(429);
            assertThat(only("gatehouse.ratelimit.decide").getAttributes().get(RESULT))
                    .isEqualTo("refused");
            EventData event = only("server").getEvents().get(0);
            assertThat(event.getName()).isEqualTo("gatehouse.refused");
            assertThat(event.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                    .isEqualTo(429);
            assertThat(event.getAttributes().get(AttributeKey.stringKey("gatehouse.reason")))
                    .isEqualTo("refused");
        }
    }

    @Test
    void failuresOfRedisAreErrorsOfTheSpansAndAnEvent() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App app = withServerSpans(app(proxy.url()).set("GATEHOUSE_RATE_LIMITS", "none"))
                        .start()) {
            get(app, "/login");
            OTEL.clearSpans();
            proxy.fault(CountingProxy.Fault.SILENT);
            assertThat(get(app, "/read").status()).isEqualTo(503);
            SpanData load = only("gatehouse.session.load");
            assertThat(load.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(load.getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo("timeout");
            assertThat(only("server")
                            .getEvents()
                            .get(0)
                            .getAttributes()
                            .get(AttributeKey.stringKey("gatehouse.reason")))
                    .isEqualTo("unavailable");
        }
    }

    /** Jobs ask their Redis at any time, and this application has none for them. */
    private static boolean isOfJobs(SpanData span) {
        return "cache_warming".equals(span.getAttributes().get(AttributeKey.stringKey("gatehouse.redis.purpose")));
    }

    @Test
    void noAttributeNamesAUserASessionOrAKey() {
        Set<String> names = new TreeSet<>();
        try (App app = withServerSpans(app(REDIS.url())).start()) {
            String id = get(app, "/login").body();
            get(app, "/read");
            get(app, "/rare");
            get(app, "/rare");
            String token = browser.token();
            for (SpanData span : OTEL.getSpans()) {
                if (!isOfJobs(span)) {
                    span.getAttributes().asMap().keySet().forEach(key -> names.add(key.getKey()));
                }
                assertThat(span.toString()).doesNotContain(id, token, "alice", "cart", "secret-value", "gatehouse:{");
            }
        }
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "db.namespace",
                        "db.operation.batch.size",
                        "db.operation.name",
                        "db.stored_procedure.name",
                        "db.system.name",
                        "gatehouse.ratelimit.result",
                        "gatehouse.redis.purpose",
                        "gatehouse.session.result",
                        "server.address",
                        "server.port");
    }

    @Test
    void settingOffRecordsNothing() {
        try (App app = app(REDIS.url()).set("GATEHOUSE_TELEMETRY", "off").start()) {
            browser.get(app.url("/login"));
            browser.get(app.url("/read"));
            assertThat(OTEL.getSpans()).extracting(SpanData::getName).containsExactly("work");
            assertThat(only("work").getParentSpanId()).isEqualTo(SpanId.getInvalid());
        }
    }
}
