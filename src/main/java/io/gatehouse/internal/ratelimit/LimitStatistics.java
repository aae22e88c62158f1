package io.gatehouse.internal.ratelimit;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.NodeReports;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.ratelimit.RuleStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What each rule has done: on this node since its start, and on all nodes that are alive. A node stores one line for each rule in the
 * {@link NodeReports} with its heartbeat; a process without a heartbeat, such as a command, only reads them. Thread-safe.
 */
final class LimitStatistics {
    /** The name of a rule and its numbers; a newer version may append others. */
    private static final Pattern LINE =
            Pattern.compile("(\\S+) (\\d{1,18}) (\\d{1,18}) (\\d{1,18}) (\\d{1,18}) (\\d{1,18})( .*)?");

    private final Redis redis;
    private final Supplier<RuleSet> rules;
    private final NodeReports reports;
    private final Map<String, RuleCounters> counters = new ConcurrentHashMap<>();
    private volatile boolean published;

    LimitStatistics(Redis redis, String keyPrefix, String application, String node, Supplier<RuleSet> rules) {
        this.redis = redis;
        this.rules = rules;
        this.reports = new NodeReports(
                RedisPurpose.RATE_LIMIT, ScriptArgs.encode(keyPrefix + ":{r." + application + "}statistics"), node);
    }

    RuleCounters counters(RateLimitRule rule) {
        return counters.computeIfAbsent(rule.name(), any -> new RuleCounters());
    }

    /** Returns what each rule has done on this node since its start, in the order of the rules. */
    List<RuleStatistics> ofNode() {
        return rules.get().rules().stream()
                .map(rule -> counters(rule).snapshot(rule.name()))
                .toList();
    }

    /** Adds the call that stores the numbers of this node to the pipeline of a heartbeat. */
    void publish(Pipeline pipeline) {
        published = true;
        Response<List<String>> unused = pipeline.add(reports.exchange(report()));
    }

    /**
     * Returns the sums over all nodes, in the order of the rules; rules that only other nodes have come last. One round trip.
     *
     * @throws io.gatehouse.RedisUnavailableException if Redis does not answer in time
     */
    List<RuleStatistics> ofCluster() {
        Map<String, RuleStatistics> sums = new LinkedHashMap<>();
        for (RateLimitRule rule : rules.get().rules()) {
            sums.put(rule.name(), new RuleStatistics(rule.name(), 0, 0, 0, 0, 0));
        }
        for (String report : redis.send(published ? reports.exchange(report()) : reports.read())) {
            report.lines()
                    .map(LINE::matcher)
                    .filter(line -> line.matches())
                    .map(line -> new RuleStatistics(
                            line.group(1),
                            Long.parseLong(line.group(2)),
                            Long.parseLong(line.group(3)),
                            Long.parseLong(line.group(4)),
                            Long.parseLong(line.group(5)),
                            Long.parseLong(line.group(6))))
                    .forEach(rule -> sums.merge(rule.rule(), rule, LimitStatistics::sum));
        }
        return List.copyOf(sums.values());
    }

    private String report() {
        StringBuilder text = new StringBuilder();
        for (RuleStatistics rule : ofNode()) {
            text.append(rule.rule())
                    .append(' ')
                    .append(rule.allowed())
                    .append(' ')
                    .append(rule.refused());
            text.append(' ').append(rule.wouldRefuse()).append(' ').append(rule.locally());
            text.append(' ').append(rule.withoutRedis()).append('\n');
        }
        return text.toString();
    }

    private static RuleStatistics sum(RuleStatistics one, RuleStatistics other) {
        return new RuleStatistics(
                one.rule(),
                one.allowed() + other.allowed(),
                one.refused() + other.refused(),
                one.wouldRefuse() + other.wouldRefuse(),
                one.locally() + other.locally(),
                one.withoutRedis() + other.withoutRedis());
    }
}
