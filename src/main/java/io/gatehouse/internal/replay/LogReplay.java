package io.gatehouse.internal.replay;

import io.gatehouse.internal.clientaddress.AddressParser;
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
 * Says what a rule set would have refused of the requests in an access log. The clock is the time in the log; all else is as at
 * the gate: a request is charged to all its rules or to none, and a rule that counts failures goes by the status in the log.
 *
 * <p>Servers write a line when the answer ends, so lines are not quite in order: they are sorted as long as they are less than
 * a minute and 65,536 lines apart. What comes later than that counts at the time that is reached, and is told.
 *
 * <p>Memory is bounded: the lines that wait to be sorted, and what {@link ReplayedRule} says. For one thread.
 */
public final class LogReplay {
    static final long WINDOW_MICROS = 60_000_000;
    static final int WINDOW_LINES = 65_536;
    static final int MOST_NUMBERS = 10;
    /** Users and paths that are the same up to there count as the same. */
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

    /** A request that waits for those that came before it. */
    private record Waiting(long line, long micros, int status, List<Met> met) {}

    /** A rule that a request meets, and its counter there. */
    private record Met(ReplayedRule rule, List<String> key) {}

    /**
     * Begins with no line read.
     *
     * @param contextPath where the application is, such as {@code /shop}; empty if it is at the root
     * @param ipv6Prefix how many first bits of an IPv6 address count as one client
     */
    public LogReplay(RuleSet rules, String contextPath, int ipv6Prefix) {
        this.rules = rules;
        this.contextPath = contextPath.endsWith("/") ? contextPath.substring(0, contextPath.length() - 1) : contextPath;
        this.ipv6Prefix = ipv6Prefix;
        rules.rules().forEach(rule -> replayed.put(rule.name(), new ReplayedRule(rule)));
    }

    /** Takes the next line; of a very long one the first few thousand characters are enough. */
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
        ClientAddress address = AddressParser.node(line.host())
                .map(bits -> new ClientAddress(bits, ipv6Prefix))
                .orElse(null);
        requests++;
        List<Met> met = List.of();
        if (rules.denies(address)) {
            denied++;
        } else if (rules.allows(address)) {
            allowed++;
        } else {
            met = met(new RateLimitRequest(method, path, address, line.user(), header -> null));
        }
        waiting.add(new Waiting(lines, line.micros(), line.status(), met));
        newest = Math.max(newest, line.micros());
        for (Waiting next = waiting.peek(); next != null && isDue(next); next = waiting.peek()) {
            judge(waiting.remove());
        }
    }

    private boolean isDue(Waiting next) {
        return waiting.size() > WINDOW_LINES || next.micros() <= newest - WINDOW_MICROS;
    }

    private List<Met> met(RateLimitRequest request) {
        List<Met> found = new ArrayList<>();
        for (RateLimitRule rule : rules.matching(request.method(), request.path())) {
            ReplayedRule counted = replayed.get(rule.name());
            List<String> key = key(rule, RequestAttributes.of(request, rule.endpoint(request.path())));
            if (key != null && counted != null) {
                found.add(new Met(counted, key));
            } else if (counted != null) {
                counted.without();
            }
        }
        return List.copyOf(found);
    }

    /** What a rule counts a request by; null if the request lacks a part of it. */
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

    private void judge(Waiting request) {
        if (request.micros() < now) {
            late++;
        }
        now = Math.max(now, request.micros());
        first = first == null ? time(now) : first;
        List<Limit.Result> results = new ArrayList<>(request.met().size());
        boolean refuses = false;
        for (Met met : request.met()) {
            Limit.Result result = met.rule().judge(met.key(), now);
            results.add(result);
            refuses |= met.rule().refuses(result);
        }
        for (int i = 0; i < results.size(); i++) {
            Met met = request.met().get(i);
            met.rule().count(met.key(), results.get(i), now);
            if (!refuses) {
                met.rule().charge(met.key(), results.get(i), now, request.status());
            }
        }
        refused += refuses ? 1 : 0;
    }

    /** Judges the lines that still wait, and says what came of all. */
    public ReplayReport report() {
        while (!waiting.isEmpty()) {
            judge(waiting.remove());
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
        ReplayedRule counted = replayed.getOrDefault(rule.name(), new ReplayedRule(rule));
        return counted.report(notInLog);
    }

    /** How many counters are remembered now. */
    int remembered() {
        return replayed.values().stream().mapToInt(ReplayedRule::remembered).sum();
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
