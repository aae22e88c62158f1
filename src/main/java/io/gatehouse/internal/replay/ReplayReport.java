package io.gatehouse.internal.replay;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of what a rule set would have done to the requests of an access log. It contains addresses and users, so it is as confidential
 * as the log. Immutable.
 *
 * @param lines the number of lines read
 * @param notUnderstood the number of lines in an unknown format
 * @param firstNotUnderstood the numbers of the first such lines, counted from 1
 * @param withoutRequest the number of lines of connections that sent no HTTP request, to which no rule applies
 * @param elsewhere the number of requests outside of the context path
 * @param late the number of lines that came so long after newer lines that they were counted at a later time than their own
 * @param requests the number of requests that were decided
 * @param allowed the number of requests from addresses that no rule counts
 * @param denied the number of requests from addresses that are always refused
 * @param refused the number of requests that the enforced rules would have refused
 * @param first the time of the first request, or null without requests
 * @param last the time of the last request, or null without requests
 * @param rules one report for each rule, in the order of the rules
 */
public record ReplayReport(
        long lines,
        long notUnderstood,
        List<Long> firstNotUnderstood,
        long withoutRequest,
        long elsewhere,
        long late,
        long requests,
        long allowed,
        long denied,
        long refused,
        @Nullable Instant first,
        @Nullable Instant last,
        List<Rule> rules) {

    public ReplayReport {
        firstNotUnderstood = List.copyOf(firstNotUnderstood);
        rules = List.copyOf(rules);
    }

    /**
     * The report of one rule.
     *
     * @param name the name of the rule
     * @param level what the rule counts by
     * @param dryRun whether the rule only counts
     * @param notInLog whether the rule counts something that is not in the log, such as a header, so that nothing is known about it
     * @param met the number of requests that the rule counts
     * @param refused the number of those requests that were beyond the limit; they are refused unless the rule is a dry run
     * @param without the number of matching requests without the attribute that the rule counts by, such as a user
     * @param forgotten the number of requests that were allowed because memory for further counters was exhausted
     * @param counters the number of counters that refused
     * @param moreCounters whether further counters refused, beyond the number that is kept
     * @param top the counters that refused most, at most ten
     * @param first the time of the first refusal, or null
     * @param last the time of the last refusal, or null
     */
    public record Rule(
            String name,
            String level,
            boolean dryRun,
            boolean notInLog,
            long met,
            long refused,
            long without,
            long forgotten,
            long counters,
            boolean moreCounters,
            List<Refused> top,
            @Nullable Instant first,
            @Nullable Instant last) {

        public Rule {
            top = List.copyOf(top);
        }
    }

    /**
     * A counter that refused requests.
     *
     * @param key the counted address, user or path; untrusted text
     * @param requests the number of refused requests
     */
    public record Refused(String key, long requests) {}
}
