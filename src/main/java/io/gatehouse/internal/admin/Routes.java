package io.gatehouse.internal.admin;

import static io.gatehouse.internal.admin.BodyField.text;
import static io.gatehouse.internal.admin.BodyField.textMap;
import static io.gatehouse.internal.admin.BodyField.texts;
import static io.gatehouse.internal.admin.Route.changes;
import static io.gatehouse.internal.admin.Route.reads;

import io.gatehouse.internal.ops.CacheViews.InvalidationView;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.LimitViews.ResetView;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.ops.SessionViews.TerminationView;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be called. Where a path is an example of another it stands before that.
 *
 * <p>Names of users and keys are in bodies only: addresses get into the logs of servers and proxies. So what looks for them is a
 * POST although it changes nothing.
 */
final class Routes {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;
    private static final int RUNS = 50;
    private static final int MOST_RUNS = 200;

    private final Operations operations;
    private final OpenApiDocument openApiDocument;

    Routes(Operations operations, OpenApiDocument openApiDocument) {
        this.operations = operations;
        this.openApiDocument = openApiDocument;
    }

    List<Route> table() {
        return List.of(
                reads("GET", "/sessions", "sessions.list", this::listSessions).query("cursor", "limit"),
                changes("DELETE", "/sessions", "sessions.terminate-all", this::terminateAll),
                reads(
                        "GET",
                        "/sessions/count",
                        "sessions.count",
                        adminRequest -> ok(operations.sessions().count())),
                reads(
                                "POST",
                                "/sessions/search",
                                "sessions.search",
                                adminRequest -> ok(operations.sessions().ofUser(adminRequest.text("user"))))
                        .body(text("user")),
                changes("POST", "/sessions/terminate", "sessions.terminate-user", this::terminateUser)
                        .body(text("user"), text("except").optional()),
                reads(
                        "GET",
                        "/sessions/{handle}",
                        "sessions.show",
                        adminRequest -> ok(operations.sessions().show(adminRequest.path("handle")))),
                changes("DELETE", "/sessions/{handle}", "sessions.terminate", this::terminate),
                reads(
                        "GET",
                        "/limits",
                        "limits.rules",
                        adminRequest -> ok(operations.limits().rules())),
                reads(
                                "POST",
                                "/limits/inspect",
                                "limits.inspect",
                                adminRequest -> ok(operations
                                        .limits()
                                        .inspect(adminRequest.text("scope"), adminRequest.texts("keys"))
                                        .document()))
                        .body(text("scope"), texts("keys").optional()),
                changes("POST", "/limits/reset", "limits.reset", this::resetLimits)
                        .body(text("scope"), texts("keys").optional()),
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
                        adminRequest -> ok(operations.cache().statistics())),
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
                                adminRequest ->
                                        ok(operations.jobs().list(adminRequest.number("limit", RUNS, MOST_RUNS))))
                        .query("limit"),
                changes("POST", "/jobs", "jobs.start", this::start)
                        .body(text("name"), textMap("arguments").optional()),
                reads(
                        "GET",
                        "/jobs/{id}",
                        "jobs.show",
                        adminRequest -> ok(operations.jobs().show(adminRequest.path("id")))),
                changes("DELETE", "/jobs/{id}", "jobs.cancel", this::cancel),
                reads("GET", "/keys", "keys.list", adminRequest -> ok(operations.keys())),
                reads("GET", "/configuration", "configuration.show", adminRequest -> ok(operations.configuration())),
                reads("GET", "/applications", "applications.list", adminRequest -> ok(operations.applications())),
                reads(
                        "GET",
                        "/openapi.json",
                        "description",
                        adminRequest -> AdminResponse.ok(openApiDocument.at(adminRequest.base()))));
    }

    private static AdminResponse ok(Record document) {
        return AdminResponse.ok(document);
    }

    private AdminResponse listSessions(AdminRequest adminRequest) {
        return ok(operations
                .sessions()
                .list(adminRequest.query("cursor"), adminRequest.number("limit", PAGE, LARGEST_PAGE)));
    }

    private AdminResponse terminate(AdminRequest adminRequest) {
        adminRequest.about().note("handle", adminRequest.path("handle"));
        return ended(adminRequest, operations.sessions().terminate(adminRequest.path("handle")));
    }

    private AdminResponse terminateUser(AdminRequest adminRequest) {
        adminRequest.about().noteHidden("user", adminRequest.text("user"));
        adminRequest.about().note("except", adminRequest.optional("except"));
        return ended(
                adminRequest,
                operations.sessions().terminateUser(adminRequest.text("user"), adminRequest.optional("except")));
    }

    private AdminResponse terminateAll(AdminRequest adminRequest) {
        if (!adminRequest.header(AdminRequest.CONFIRM).equals("all")) {
            throw ProblemException.invalid(
                    "This ends every session; confirm it with the header " + AdminRequest.CONFIRM + ": all.");
        }
        return ended(adminRequest, operations.sessions().terminateAll());
    }

    private static AdminResponse ended(AdminRequest adminRequest, TerminationView termination) {
        adminRequest.about().note("ended", termination.ended());
        return ok(termination);
    }

    private AdminResponse resetLimits(AdminRequest adminRequest) {
        adminRequest.about().note("scope", adminRequest.text("scope"));
        adminRequest.about().noteHidden("keys", String.join("+", adminRequest.texts("keys")));
        ResetView done = operations.limits().reset(adminRequest.text("scope"), adminRequest.texts("keys"));
        adminRequest.about().note("reset", done.reset());
        return ok(done);
    }

    private AdminResponse explain(AdminRequest adminRequest) {
        return ok(operations
                .limits()
                .explain(
                        adminRequest.text("method"),
                        adminRequest.text("path"),
                        adminRequest.optional("address"),
                        adminRequest.optional("user"),
                        adminRequest.textMap("headers")));
    }

    private AdminResponse invalidate(AdminRequest adminRequest) {
        String user = adminRequest.optional("user");
        String pattern = adminRequest.optional("pattern");
        String tag = adminRequest.optional("tag");
        String region = adminRequest.optional("region");
        String key = adminRequest.optional("key");
        long ways = Stream.of("user", "pattern", "tag", "region")
                .map(adminRequest::optional)
                .filter(Objects::nonNull)
                .count();
        if (ways != 1 || (key != null && region == null)) {
            throw ProblemException.invalid(
                    "Expected exactly one of user, pattern, tag and region; a key only with a region.");
        }
        adminRequest.about().noteHidden("user", user);
        adminRequest.about().noteHidden("pattern", pattern);
        adminRequest.about().noteHidden("tag", tag);
        adminRequest.about().note("region", region);
        adminRequest.about().noteHidden("key", key);
        InvalidationView done = invalidated(user, pattern, tag, region, key);
        adminRequest.about().note("entries", done.entries());
        return ok(done);
    }

    private InvalidationView invalidated(
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
        String named = Objects.requireNonNull(region);
        return key == null
                ? operations.cache().invalidateRegion(named)
                : operations.cache().invalidateKey(named, key);
    }

    private AdminResponse warm(AdminRequest adminRequest) {
        adminRequest.about().note("scope", adminRequest.text("scope"));
        adminRequest.about().note("keys", adminRequest.texts("keys").size());
        return submitted(adminRequest, operations.cache().warm(adminRequest.text("scope"), adminRequest.texts("keys")));
    }

    private AdminResponse start(AdminRequest adminRequest) {
        adminRequest.about().note("job", adminRequest.text("name"));
        return submitted(
                adminRequest, operations.jobs().start(adminRequest.text("name"), adminRequest.textMap("arguments")));
    }

    private static AdminResponse submitted(AdminRequest adminRequest, JobView run) {
        adminRequest.about().note("run", run.id());
        return AdminResponse.accepted(run, "/jobs/" + run.id());
    }

    private AdminResponse cancel(AdminRequest adminRequest) {
        adminRequest.about().note("run", adminRequest.path("id"));
        return ok(operations.jobs().cancel(adminRequest.path("id")));
    }
}
