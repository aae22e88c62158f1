package io.gatehouse.internal.admin;

import static io.gatehouse.internal.admin.BodyField.object;
import static io.gatehouse.internal.admin.BodyField.text;
import static io.gatehouse.internal.admin.BodyField.textMap;
import static io.gatehouse.internal.admin.BodyField.texts;
import static io.gatehouse.internal.admin.Route.changes;
import static io.gatehouse.internal.admin.Route.reads;

import io.gatehouse.internal.ops.CacheViews.InvalidationView;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.LimitViews.ReleaseView;
import io.gatehouse.internal.ops.LimitViews.ResetView;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.ops.SessionViews.TerminationView;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the admin API and their handlers. A fixed path comes before a template that also matches it.
 *
 * <p>Names of users and keys appear only in bodies, because servers and proxies log URLs. Therefore a search for them is a
 * POST, although it changes nothing.
 */
final class Routes {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final int DEFAULT_RUNS = 50;
    private static final int MAX_RUNS = 200;

    private final Operations operations;
    private final OpenApiDocument openApi;

    Routes(Operations operations, OpenApiDocument openApi) {
        this.operations = operations;
        this.openApi = openApi;
    }

    List<Route> table() {
        return List.of(
                reads("GET", "/sessions", "sessions.list", this::listSessions).query("cursor", "limit"),
                changes("DELETE", "/sessions", "sessions.terminate-all", this::terminateAll),
                reads(
                        "GET",
                        "/sessions/count",
                        "sessions.count",
                        request -> ok(operations.sessions().count())),
                reads(
                                "POST",
                                "/sessions/search",
                                "sessions.search",
                                request -> ok(operations.sessions().ofUser(request.text("user"))))
                        .body(text("user")),
                changes("POST", "/sessions/terminate", "sessions.terminate-user", this::terminateUser)
                        .body(text("user"), text("except").optional()),
                reads(
                        "GET",
                        "/sessions/{handle}",
                        "sessions.show",
                        request -> ok(operations.sessions().show(request.path("handle")))),
                changes("DELETE", "/sessions/{handle}", "sessions.terminate", this::terminate),
                reads(
                        "GET",
                        "/limits",
                        "limits.rules",
                        request -> ok(operations.limits().rules())),
                reads(
                        "GET",
                        "/limits/statistics",
                        "limits.statistics",
                        request -> ok(operations.limits().totals())),
                reads(
                                "POST",
                                "/limits/inspect",
                                "limits.inspect",
                                request -> ok(operations
                                        .limits()
                                        .inspect(request.text("scope"), request.texts("keys"))
                                        .document()))
                        .body(text("scope"), texts("keys").optional()),
                changes("POST", "/limits/reset", "limits.reset", this::resetLimits)
                        .body(text("scope"), texts("keys").optional()),
                reads(
                                "GET",
                                "/limits/blocked",
                                "limits.blocked",
                                request -> ok(
                                        operations.limits().blocked(request.number("limit", DEFAULT_PAGE, MAX_PAGE))))
                        .query("limit"),
                changes("POST", "/limits/release", "limits.release", this::release)
                        .body(text("counter")),
                reads("POST", "/limits/explain", "limits.explain", this::explain)
                        .body(
                                text("method"),
                                text("path"),
                                text("address").optional(),
                                text("user").optional(),
                                textMap("headers").optional()),
                reads(
                        "GET",
                        "/cache",
                        "cache.statistics",
                        request -> ok(operations.cache().statistics())),
                changes("POST", "/cache/invalidate", "cache.invalidate", this::invalidate)
                        .body(
                                text("user").optional(),
                                text("pattern").optional(),
                                text("tag").optional(),
                                text("region").optional(),
                                text("key").optional()),
                changes("POST", "/cache/warm", "cache.warm", this::warm)
                        .body(text("scope"), texts("keys").optional()),
                reads(
                                "GET",
                                "/jobs",
                                "jobs.list",
                                request -> ok(operations
                                        .jobs()
                                        .list(
                                                request.query("state").isEmpty() ? null : request.query("state"),
                                                request.number("limit", DEFAULT_RUNS, MAX_RUNS))))
                        .query("limit", "state"),
                changes("POST", "/jobs", "jobs.start", this::start)
                        .body(
                                text("name"),
                                object("arguments").optional(),
                                text("delay").optional(),
                                text("at").optional()),
                reads(
                        "GET",
                        "/jobs/{id}",
                        "jobs.show",
                        request -> ok(operations.jobs().show(request.path("id")))),
                changes("DELETE", "/jobs/{id}", "jobs.cancel", this::cancel),
                changes("POST", "/jobs/{id}/retry", "jobs.retry", this::retry),
                changes("POST", "/jobs/{id}/discard", "jobs.discard", this::discard),
                reads("GET", "/keys", "keys.list", request -> ok(operations.keys())),
                reads("GET", "/configuration", "configuration.show", request -> ok(operations.configuration())),
                reads("GET", "/applications", "applications.list", request -> ok(operations.applications())),
                reads("GET", "/openapi.json", "description", request -> AdminResponse.ok(openApi.at(request.base()))));
    }

    private static AdminResponse ok(Record document) {
        return AdminResponse.ok(document);
    }

    private AdminResponse listSessions(AdminRequest request) {
        return ok(operations.sessions().list(request.query("cursor"), request.number("limit", DEFAULT_PAGE, MAX_PAGE)));
    }

    private AdminResponse terminate(AdminRequest request) {
        request.auditEntry().add("handle", request.path("handle"));
        return terminated(request, operations.sessions().terminate(request.path("handle")));
    }

    private AdminResponse terminateUser(AdminRequest request) {
        request.auditEntry().addHashed("user", request.text("user"));
        request.auditEntry().add("except", request.optional("except"));
        return terminated(
                request, operations.sessions().terminateUser(request.text("user"), request.optional("except")));
    }

    private AdminResponse terminateAll(AdminRequest request) {
        if (!request.header(AdminRequest.CONFIRM).equals("all")) {
            throw ProblemException.invalid("This call ends every session; expected the header " + AdminRequest.CONFIRM
                    + ": all as confirmation.");
        }
        return terminated(request, operations.sessions().terminateAll());
    }

    private static AdminResponse terminated(AdminRequest request, TerminationView termination) {
        request.auditEntry().add("ended", termination.ended());
        return ok(termination);
    }

    private AdminResponse resetLimits(AdminRequest request) {
        request.auditEntry().add("scope", request.text("scope"));
        request.auditEntry().addHashed("keys", String.join("+", request.texts("keys")));
        ResetView result = operations.limits().reset(request.text("scope"), request.texts("keys"));
        request.auditEntry().add("reset", result.reset());
        return ok(result);
    }

    private AdminResponse release(AdminRequest request) {
        request.auditEntry().addHashed("counter", request.text("counter"));
        ReleaseView result = operations.limits().release(request.text("counter"));
        request.auditEntry().add("released", result.released());
        return ok(result);
    }

    private AdminResponse explain(AdminRequest request) {
        return ok(operations
                .limits()
                .explain(
                        request.text("method"),
                        request.text("path"),
                        request.optional("address"),
                        request.optional("user"),
                        request.textMap("headers")));
    }

    private AdminResponse invalidate(AdminRequest request) {
        String user = request.optional("user");
        String pattern = request.optional("pattern");
        String tag = request.optional("tag");
        String region = request.optional("region");
        String key = request.optional("key");
        long targets = Stream.of("user", "pattern", "tag", "region")
                .map(request::optional)
                .filter(Objects::nonNull)
                .count();
        if (targets != 1 || (key != null && region == null)) {
            throw ProblemException.invalid(
                    "The body must have exactly one of user, pattern, tag and region, and a key only with a region.");
        }
        request.auditEntry().addHashed("user", user);
        request.auditEntry().addHashed("pattern", pattern);
        request.auditEntry().addHashed("tag", tag);
        request.auditEntry().add("region", region);
        request.auditEntry().addHashed("key", key);
        InvalidationView result = invalidateBy(user, pattern, tag, region, key);
        request.auditEntry().add("entries", result.entries());
        return ok(result);
    }

    private InvalidationView invalidateBy(
            @Nullable String user,
            @Nullable String pattern,
            @Nullable String tag,
            @Nullable String region,
            @Nullable String key) {
        if (user != null) {
            return operations.cache().invalidateUser(user);
        }
        if (pattern != null) {
            return operations.cache().invalidatePattern(pattern);
        }
        if (tag != null) {
            return operations.cache().invalidateTag(tag);
        }
        String regionName = Objects.requireNonNull(region);
        return key == null
                ? operations.cache().invalidateRegion(regionName)
                : operations.cache().invalidateKey(regionName, key);
    }

    private AdminResponse warm(AdminRequest request) {
        request.auditEntry().add("scope", request.text("scope"));
        request.auditEntry().add("keys", request.texts("keys").size());
        return submitted(request, operations.cache().warm(request.text("scope"), request.texts("keys")));
    }

    private AdminResponse start(AdminRequest request) {
        request.auditEntry().add("job", request.text("name"));
        return submitted(
                request,
                operations
                        .jobs()
                        .start(
                                request.text("name"),
                                request.object("arguments"),
                                JobOperations.options(request.optional("delay"), request.optional("at"))));
    }

    private static AdminResponse submitted(AdminRequest request, JobView run) {
        request.auditEntry().add("run", run.id());
        return AdminResponse.accepted(run, "/jobs/" + run.id());
    }

    private AdminResponse retry(AdminRequest request) {
        return submitted(request, operations.jobs().retry(request.path("id")));
    }

    private AdminResponse discard(AdminRequest request) {
        request.auditEntry().add("run", request.path("id"));
        return ok(operations.jobs().discard(request.path("id")));
    }

    private AdminResponse cancel(AdminRequest request) {
        request.auditEntry().add("run", request.path("id"));
        return ok(operations.jobs().cancel(request.path("id")));
    }
}
