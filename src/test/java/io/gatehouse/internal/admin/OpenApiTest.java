package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.TestRedis;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that the OpenAPI description matches the routes and their responses. */
class OpenApiTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static AdminApp app;
    private static Map<String, Object> document;
    private static SchemaCheck schemas;

    private final Set<String> called = new HashSet<>();
    private final List<String> bodies = new ArrayList<>();

    @BeforeAll
    static void start() {
        app = AdminApp.start(AdminApp.with(REDIS.url())
                .path("/shop")
                .set("GATEHOUSE_RATE_LIMITS", "page.match=/page\npage.limit=5/min\npage.level=ip"));
        document = AdminApp.json(app.get("/openapi.json").body());
        schemas = new SchemaCheck(document);
    }

    @AfterAll
    static void stop() {
        app.close();
        REDIS.close();
    }

    private static Map<?, ?> operation(Route route) {
        return SchemaCheck.at(document, "paths", route.path(), route.method().toLowerCase(Locale.ROOT));
    }

    private static List<Map<?, ?>> parameters(Route route) {
        List<Map<?, ?>> parameters = new ArrayList<>();
        if (operation(route).get("parameters") instanceof List<?> all) {
            all.forEach(parameter -> parameters.add(schemas.resolved((Map<?, ?>) parameter)));
        }
        return parameters;
    }

    private static Set<String> names(Route route, String in) {
        Set<String> names = new TreeSet<>();
        for (Map<?, ?> parameter : parameters(route)) {
            if (in.equals(parameter.get("in"))) {
                names.add((String) parameter.get("name"));
            }
        }
        return names;
    }

    @Test
    void describesEveryRouteAndNothingElse() {
        Set<String> described = new TreeSet<>();
        SchemaCheck.at(document, "paths")
                .forEach((path, methods) -> ((Map<?, ?>) methods)
                        .keySet()
                        .forEach(method -> described.add(method.toString().toUpperCase(Locale.ROOT) + " " + path)));
        assertThat(app.routes())
                .extracting(route -> route.method() + " " + route.path())
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void describesTheParametersAndBodiesOfRoutes() {
        for (Route route : app.routes()) {
            String name = route.action();
            assertThat(operation(route).get("operationId")).isEqualTo(name);
            assertThat(names(route, "query")).as(name).containsExactlyInAnyOrderElementsOf(route.query());
            assertThat(names(route, "path"))
                    .as(name)
                    .hasSize(route.path().split("\\{", -1).length - 1)
                    .allMatch(part -> route.path().contains("{" + part + "}"));
            assertThat(names(route, "header").contains(AdminAccessControl.PROOF))
                    .as(name)
                    .isEqualTo(!route.method().equals("GET"));
            assertThat(operation(route).containsKey("requestBody"))
                    .as(name)
                    .isEqualTo(!route.body().isEmpty());
            if (!route.body().isEmpty()) {
                assertBodyIsDescribed(route);
            }
        }
    }

    private static void assertBodyIsDescribed(Route route) {
        Map<?, ?> schema = schemas.resolved(
                SchemaCheck.at(operation(route), "requestBody", "content", "application/json", "schema"));
        assertThat(schema.get("additionalProperties")).isEqualTo(false);
        Map<?, ?> properties = SchemaCheck.at(schema, "properties");
        assertThat(properties).as(route.action()).hasSameSizeAs(route.body());
        List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
        for (BodyField bodyField : route.body()) {
            String type = switch (bodyField.kind()) {
                case TEXT -> "string";
                case TEXTS -> "array";
                case TEXT_MAP, OBJECT -> "object";
            };
            assertThat(SchemaCheck.at(properties, bodyField.name()).get("type"))
                    .as(route.action() + " " + bodyField.name())
                    .isEqualTo(type);
            assertThat(required.contains(bodyField.name())).isEqualTo(bodyField.required());
        }
    }

    @Test
    void describesEveryStatusOfARoute() {
        for (Route route : app.routes()) {
            Set<String> codes = new TreeSet<>(Set.of("400", "401", "403", "406", "429", "500", "503"));
            codes.add(Set.of("cache.warm", "jobs.start", "jobs.retry").contains(route.action()) ? "202" : "200");
            if (!route.body().isEmpty()) {
                codes.addAll(Set.of("413", "415"));
            }
            if (route.path().contains("{")) {
                codes.add("404");
            }
            if (route.path().startsWith("/cache")) {
                codes.add("409");
            }
            assertThat(new TreeSet<Object>(
                            SchemaCheck.at(operation(route), "responses").keySet()))
                    .as(route.action())
                    .isEqualTo(codes);
        }
    }

    @Test
    void namesTheServerByItsActualPath() {
        assertThat(document.get("openapi")).isEqualTo("3.1.0");
        assertThat(document.get("servers")).isEqualTo(List.of(Map.of("url", "/shop" + AdminApp.API)));
    }

    /** Calls a route, alternately with and without a trailing slash, and checks the response against its description. */
    private Map<String, Object> call(String action, String json, String... parts) {
        Route route = app.routes().stream()
                .filter(candidate -> candidate.action().equals(action))
                .findFirst()
                .orElseThrow();
        String path = route.path();
        for (String part : parts) {
            path = path.replaceFirst("\\{[a-z]+}", part);
        }
        HttpRequest.Builder request = AdminApp.withToken(app.to(path + (called.size() % 2 == 0 ? "" : "/")))
                .header(AdminRequest.CONFIRM, "all");
        Answer answer = new Browser()
                .send(
                        json.isEmpty()
                                ? request.method(route.method(), HttpRequest.BodyPublishers.noBody())
                                : AdminApp.body(request, json));
        called.add(action);
        bodies.add(answer.body() + answer.headers());
        assertThat(answer.status()).as(action + " says " + answer.body()).isLessThan(300);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        Map<String, Object> body = AdminApp.json(answer.body());
        Map<?, ?> described = SchemaCheck.at(operation(route), "responses", "" + answer.status());
        if (!action.equals("description")) {
            schemas.check(action, SchemaCheck.at(described, "content", "application/json", "schema"), body);
        }
        if (answer.status() == 202) {
            assertThat(answer.header("Location")).isEqualTo("/shop" + AdminApp.API + "/jobs/" + body.get("id"));
        }
        return body;
    }

    private static JobResult fail(JobContext context) {
        throw new IllegalStateException("no");
    }

    private static String deadRun() {
        Jobs jobs = app.app().gatehouse().jobs();
        JobRun run = jobs.await(jobs.submit("doomed", Map.of()), Duration.ofSeconds(20));
        assertThat(run.state()).isEqualTo(JobState.DEAD);
        return run.id();
    }

    @Test
    void everyRouteRespondsAsDescribedAndDisclosesNoSecret() {
        List<Browser> browsers = List.of(app.login("alice"), app.login("bob"), app.login("carol"));
        String alice = app.handle("alice");
        String bob = app.handle("bob");

        assertThat(call("sessions.count", "").get("sessions")).hasToString("3");
        assertThat((List<?>) call("sessions.list", "").get("sessions")).isNotEmpty();
        assertThat((List<?>) call("sessions.search", "{\"user\":\"alice\"}").get("sessions"))
                .hasSize(1);
        assertThat(call("sessions.show", "", alice).get("attributes"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("secret");
        assertThat(call("sessions.terminate", "", alice).get("ended")).hasToString("1");
        assertThat(call("sessions.terminate-user", "{\"user\":\"bob\",\"except\":\"" + bob + "\"}")
                        .get("ended"))
                .hasToString("0");
        assertThat(call("sessions.terminate-user", "{\"user\":\"bob\"}").get("ended"))
                .hasToString("1");
        assertThat(call("sessions.terminate-all", "").get("ended")).hasToString("1");

        call("limits.rules", "");
        assertThat((List<?>) call("limits.statistics", "").get("rules")).isNotEmpty();
        assertThat((List<?>) call("limits.blocked", "").get("blocked")).isEmpty();
        assertThat(call("limits.release", "{\"counter\":\"none\"}").get("released"))
                .isEqualTo(false);
        call("limits.inspect", "{\"scope\":\"ip\",\"keys\":[\"203.0.113.9\"]}");
        call("limits.inspect", "{\"scope\":\"account\",\"keys\":[\"alice\"]}");
        call("limits.reset", "{\"scope\":\"ip\",\"keys\":[\"203.0.113.9\"]}");
        call("limits.reset", "{\"scope\":\"account\",\"keys\":[\"alice\"]}");
        assertThat(call(
                                "limits.explain",
                                "{\"method\":\"get\",\"path\":\"/\",\"address\":\"203.0.113.9\",\"user\":\"alice\",\"headers\":{\"A\":\"b\"}}")
                        .get("passes"))
                .isEqualTo(true);

        call("cache.statistics", "");
        call("cache.invalidate", "{\"user\":\"alice\"}");
        call("cache.invalidate", "{\"pattern\":\"oauth:*\"}");
        call("cache.invalidate", "{\"tag\":\"team:red\"}");
        call("cache.invalidate", "{\"region\":\"roles\"}");
        call("cache.invalidate", "{\"region\":\"roles\",\"key\":\"admin\"}");
        call("cache.warm", "{\"scope\":\"user\",\"keys\":[\"alice\"]}");
        String run = String.valueOf(
                call("jobs.start", "{\"name\":\"warm-roles\",\"arguments\":{}}").get("id"));
        assertThat((List<?>) call("jobs.list", "").get("jobs")).hasSize(2);
        call("jobs.show", "", run);
        call("jobs.cancel", "", run);
        app.app().gatehouse().jobs().register("doomed", OpenApiTest::fail, JobOptions.DEFAULT.withAttempts(1));
        call("jobs.discard", "", deadRun());
        call("jobs.retry", "", deadRun());

        call("keys.list", "");
        call("configuration.show", "");
        call("applications.list", "");
        call("description", "");

        assertThat(called)
                .containsExactlyInAnyOrderElementsOf(
                        app.routes().stream().map(Route::action).toList());
        List<String> secrets = new ArrayList<>(List.of(
                AdminApp.SECRET, AdminApp.TOKEN, AdminApp.SECOND_TOKEN, io.gatehouse.testing.App.KEYS.substring(3)));
        browsers.forEach(browser -> secrets.add(browser.token()));
        browsers.forEach(browser -> secrets.add(browser.token().substring(10, 40)));
        assertThat(bodies).allSatisfy(body -> assertThat(body).doesNotContain(secrets));
    }
}
