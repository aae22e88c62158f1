package io.gatehouse.internal.replay;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.rules.KeyExpression;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.internal.rules.RuleSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Replays an access log against a rule set and reports which requests the rules would have refused. The clock is the time in the log;
 * otherwise requests are decided as in production: a request is charged to all its rules or to none, and a rule that counts failures uses
 * the status in the log.
 *
 * <p>Servers write a line when the response ends, so lines are not exactly in the order of requests. They are sorted within a window of one
 * minute and 65,536 lines. A line that arrives later counts at the time that the replay has reached, and is reported as late.
 *
 * <p>Memory is bounded by the window of lines and by the bounds of {@link ReplayedRule}. Not thread-safe.
 */
public final class LogReplay {
    static final long WINDOW_MICROS = 60_000_000;
    static final int WINDOW_LINES = 65_536;
    static final int MOST_NUMBERS = 10;
    /** The length at which users and paths are truncated. */
    private static final int LONGEST_VALUE = 512;

    private final RuleSet rules;
    private final String contextPath;
    private final int ipv6Prefix;
    private final Map<String, ReplayedRule> replayed = new HashMap<>();
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::micros).thenComparingLong(Waiting::line));
    private final List<Long> firstNotUnderstood = new ArrayList<>();
    private long newest;
    private long now;
    private long lines;
    private long notUnderstood;
    private long withoutRequest;
    private long elsewhere;
    private long late;
    private long requests;
    private long allowed;
    private long denied;
    private long refused;
    private @Nullable Instant first;

    /** A request that waits for earlier requests whose lines come later. */
    private record Waiting(long line, long micros, int status, List<Match> matches) {}

    /** A rule that matches a request, and the key of the request's counter. */
    private record Match(ReplayedRule rule, List<String> key) {}

    /**
     * Creates a replay that has read no line.
     *
     * @param contextPath the context path of the application, such as {@code /shop}; empty at the root
     * @param ipv6Prefix the number of leading bits of an IPv6 address that identify one client
     */
    public LogReplay(RuleSet rules, String contextPath, int ipv6Prefix) {
        this.rules = rules;
        this.contextPath = contextPath.endsWith("/") ? contextPath.substring(0, contextPath.length() - 1) : contextPath;
        this.ipv6Prefix = ipv6Prefix;
        rules.rules().forEach(rule -> replayed.put(rule.name(), new ReplayedRule(rule)));
    }

    /** Reads the next line. Of a very long line, the first few thousand characters are enough. */
    public void line(String text) {
        lines++;
        Optional<AccessLogLine> read = AccessLogLine.parse(text);
        if (read.isEmpty()) {
            notUnderstood++;
            if (firstNotUnderstood.size() < MOST_NUMBERS) {
                firstNotUnderstood.add(lines);
            }
            return;
        }
        AccessLogLine line = read.get();
        RequestLine request = line.request();
        if (request == null) {
            withoutRequest++;
        } else if (!isBelow(request.path())) {
            elsewhere++;
        } else {
            String path = request.path().substring(contextPath.length());
            take(line, request.method(), path.isEmpty() ? "/" : path);
        }
    }

    private boolean isBelow(String path) {
        return path.startsWith(contextPath)
                && (path.length() == contextPath.length() || path.charAt(contextPath.length()) == '/');
    }

    private void take(AccessLogLine line, String method, String path) {
        ClientAddress address = ClientAddress.ofNode(line.host(), ipv6Prefix).orElse(null);
        requests++;
        List<Match> matches = List.of();
        if (rules.denies(address)) {
            denied++;
        } else if (rules.allows(address)) {
            allowed++;
        } else {
            matches = matches(new RateLimitRequest(method, path, address, line.user(), header -> null));
        }
        waiting.add(new Waiting(lines, line.micros(), line.status(), matches));
        newest = Math.max(newest, line.micros());
        for (Waiting next = waiting.peek(); next != null && isDue(next); next = waiting.peek()) {
            decide(waiting.remove());
        }
    }

    private boolean isDue(Waiting next) {
        return waiting.size() > WINDOW_LINES || next.micros() <= newest - WINDOW_MICROS;
    }

    private List<Match> matches(RateLimitRequest request) {
        List<Match> found = new ArrayList<>();
        for (RateLimitRule rule : rules.matching(request.method(), request.path())) {
            if (!request.meets(rule.when())) {
                continue;
            }
            ReplayedRule replayedRule = replayed.get(rule.name());
            List<String> key = key(rule, RequestAttributes.of(request, rule.endpoint(request.path())));
            if (key != null && replayedRule != null) {
                found.add(new Match(replayedRule, key));
            } else if (replayedRule != null) {
                replayedRule.addWithoutKey();
            }
        }
        return List.copyOf(found);
    }

    /** Returns the key of a request's counter; null if the request lacks an attribute that the rule counts by. */
    private static @Nullable List<String> key(RateLimitRule rule, RequestAttributes requestAttributes) {
        List<String> key = new ArrayList<>();
        for (KeyExpression.Part part : rule.level().parts()) {
            String value = requestAttributes.value(part);
            if (value == null) {
                return null;
            }
            key.add(value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE));
        }
        return List.copyOf(key);
    }

    private void decide(Waiting request) {
        if (request.micros() < now) {
            late++;
        }
        now = Math.max(now, request.micros());
        first = first == null ? time(now) : first;
        List<Limit.Result> results = new ArrayList<>(request.matches().size());
        boolean refuses = false;
        for (Match match : request.matches()) {
            Limit.Result result = match.rule().evaluate(match.key(), now);
            results.add(result);
            refuses |= match.rule().refuses(result);
        }
        for (int i = 0; i < results.size(); i++) {
            Match match = request.matches().get(i);
            match.rule().count(match.key(), results.get(i), now);
            if (!refuses) {
                match.rule().charge(match.key(), results.get(i), now, request.status());
            }
        }
        refused += refuses ? 1 : 0;
    }

    /** Decides the requests that still wait, and returns the report. */
    public ReplayReport report() {
        while (!waiting.isEmpty()) {
            decide(waiting.remove());
        }
        return new ReplayReport(
                lines,
                notUnderstood,
                firstNotUnderstood,
                withoutRequest,
                elsewhere,
                late,
                requests,
                allowed,
                denied,
                refused,
                first,
                first == null ? null : time(now),
                rules.rules().stream().map(this::report).toList());
    }

    private ReplayReport.Rule report(RateLimitRule rule) {
        boolean header =
                rule.level().has(KeyExpression.KeyPart.API_KEY) || rule.level().has(KeyExpression.KeyPart.HEADER);
        boolean notInLog = header || rule.countsSessions();
        ReplayedRule replayedRule = replayed.getOrDefault(rule.name(), new ReplayedRule(rule));
        return replayedRule.report(notInLog);
    }

    /** Returns the number of counters in memory. */
    int remembered() {
        return replayed.values().stream().mapToInt(ReplayedRule::remembered).sum();
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
