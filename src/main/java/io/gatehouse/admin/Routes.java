package io.gatehouse.admin;

import static io.gatehouse.admin.Member.text;
import static io.gatehouse.admin.Member.textMap;
import static io.gatehouse.admin.Member.texts;
import static io.gatehouse.admin.Route.changes;
import static io.gatehouse.admin.Route.reads;

import io.gatehouse.operate.CacheViews.InvalidationView;
import io.gatehouse.operate.JobViews.JobView;
import io.gatehouse.operate.LimitViews.ResetView;
import io.gatehouse.operate.Operator;
import io.gatehouse.operate.SessionViews.TerminationView;
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

    private final Operator operator;
    private final Description description;

    Routes(Operator operator, Description description) {
        this.operator = operator;
        this.description = description;
    }

    List<Route> table() {
        return List.of(
                reads("GET", "/sessions", "sessions.list", this::listSessions).query("cursor", "limit"),
                changes("DELETE", "/sessions", "sessions.terminate-all", this::terminateAll),
                reads(
                        "GET",
                        "/sessions/count",
                        "sessions.count",
                        call -> ok(operator.sessions().count())),
                reads(
                                "POST",
                                "/sessions/search",
                                "sessions.search",
                                call -> ok(operator.sessions().ofUser(call.text("user"))))
                        .body(text("user")),
                changes("POST", "/sessions/terminate", "sessions.terminate-user", this::terminateUser)
                        .body(text("user"), text("except").optional()),
                reads(
                        "GET",
                        "/sessions/{handle}",
                        "sessions.show",
                        call -> ok(operator.sessions().show(call.path("handle")))),
                changes("DELETE", "/sessions/{handle}", "sessions.terminate", this::terminate),
                reads(
                        "GET",
                        "/limits",
                        "limits.rules",
                        call -> ok(operator.limits().rules())),
                reads(
                                "POST",
                                "/limits/inspect",
                                "limits.inspect",
                                call -> ok(operator.limits()
                                        .inspect(call.text("scope"), call.texts("keys"))
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
                        call -> ok(operator.cache().statistics())),
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
                                call -> ok(operator.jobs().list(call.number("limit", RUNS, MOST_RUNS))))
                        .query("limit"),
                changes("POST", "/jobs", "jobs.start", this::start)
                        .body(text("name"), textMap("arguments").optional()),
                reads(
                        "GET",
                        "/jobs/{id}",
                        "jobs.show",
                        call -> ok(operator.jobs().show(call.path("id")))),
                changes("DELETE", "/jobs/{id}", "jobs.cancel", this::cancel),
                reads("GET", "/keys", "keys.list", call -> ok(operator.keys())),
                reads("GET", "/configuration", "configuration.show", call -> ok(operator.configuration())),
                reads("GET", "/applications", "applications.list", call -> ok(operator.applications())),
                reads("GET", "/openapi.json", "description", call -> Answer.ok(description.at(call.base()))));
    }

    private static Answer ok(Record document) {
        return Answer.ok(document);
    }

    private Answer listSessions(Call call) {
        return ok(operator.sessions().list(call.query("cursor"), call.number("limit", PAGE, LARGEST_PAGE)));
    }

    private Answer terminate(Call call) {
        call.about().note("handle", call.path("handle"));
        return ended(call, operator.sessions().terminate(call.path("handle")));
    }

    private Answer terminateUser(Call call) {
        call.about().noteHidden("user", call.text("user"));
        call.about().note("except", call.optional("except"));
        return ended(call, operator.sessions().terminateUser(call.text("user"), call.optional("except")));
    }

    private Answer terminateAll(Call call) {
        if (!call.header(Call.CONFIRM).equals("all")) {
            throw Problem.invalid("This ends every session; confirm it with the header " + Call.CONFIRM + ": all.");
        }
        return ended(call, operator.sessions().terminateAll());
    }

    private static Answer ended(Call call, TerminationView termination) {
        call.about().note("ended", termination.ended());
        return ok(termination);
    }

    private Answer resetLimits(Call call) {
        call.about().note("scope", call.text("scope"));
        call.about().noteHidden("keys", String.join("+", call.texts("keys")));
        ResetView done = operator.limits().reset(call.text("scope"), call.texts("keys"));
        call.about().note("reset", done.reset());
        return ok(done);
    }

    private Answer explain(Call call) {
        return ok(operator.limits()
                .explain(
                        call.text("method"),
                        call.text("path"),
                        call.optional("address"),
                        call.optional("user"),
                        call.textMap("headers")));
    }

    private Answer invalidate(Call call) {
        String user = call.optional("user");
        String pattern = call.optional("pattern");
        String tag = call.optional("tag");
        String region = call.optional("region");
        String key = call.optional("key");
        long ways = Stream.of("user", "pattern", "tag", "region")
                .map(call::optional)
                .filter(Objects::nonNull)
                .count();
        if (ways != 1 || (key != null && region == null)) {
            throw Problem.invalid("Expected exactly one of user, pattern, tag and region; a key only with a region.");
        }
        call.about().noteHidden("user", user);
        call.about().noteHidden("pattern", pattern);
        call.about().noteHidden("tag", tag);
        call.about().note("region", region);
        call.about().noteHidden("key", key);
        InvalidationView done = invalidated(user, pattern, tag, region, key);
        call.about().note("entries", done.entries());
        return ok(done);
    }

    private InvalidationView invalidated(
            @Nullable String user,
            @Nullable String pattern,
            @Nullable String tag,
            @Nullable String region,
            @Nullable String key) {
        if (user != null) {
            return operator.cache().invalidateUser(user);
        }
        if (pattern != null) {
            return operator.cache().invalidatePattern(pattern);
        }
        if (tag != null) {
            return operator.cache().invalidateTag(tag);
        }
        String named = Objects.requireNonNull(region);
        return key == null
                ? operator.cache().invalidateRegion(named)
                : operator.cache().invalidateKey(named, key);
    }

    private Answer warm(Call call) {
        call.about().note("scope", call.text("scope"));
        call.about().note("keys", call.texts("keys").size());
        return submitted(call, operator.cache().warm(call.text("scope"), call.texts("keys")));
    }

    private Answer start(Call call) {
        call.about().note("job", call.text("name"));
        return submitted(call, operator.jobs().start(call.text("name"), call.textMap("arguments")));
    }

    private static Answer submitted(Call call, JobView run) {
        call.about().note("run", run.id());
        return Answer.accepted(run, "/jobs/" + run.id());
    }

    private Answer cancel(Call call) {
        call.about().note("run", call.path("id"));
        return ok(operator.jobs().cancel(call.path("id")));
    }
}
