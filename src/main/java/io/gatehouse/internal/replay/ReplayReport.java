package io.gatehouse.internal.replay;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule set would have done to the requests of an access log. It names addresses and users: it is for those who may read
 * the log.
 *
 * @param lines lines read
 * @param notUnderstood how many of them are in no known format
 * @param firstNotUnderstood the numbers of the first of these, from 1
 * @param withoutRequest lines of connections that sent no HTTP request, which no rule sees
 * @param elsewhere requests outside of the context path
 * @param late lines that stood so far behind newer ones that they were counted at a later time than theirs
 * @param requests requests that were judged
 * @param allowed how many of them come from addresses that no rule counts
 * @param denied how many of them come from addresses that are always refused
 * @param refused how many of them the enforced rules would have refused
 * @param first the time of the first request, or null if there is none
 * @param last the time of the last request, or null if there is none
 * @param rules one line for each rule, in the order of the rules
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
     * What one rule would have done.
     *
     * @param dryRun whether it only counts
     * @param notInLog whether it counts by a header, which is not in the log, so that nothing is known about it
     * @param met requests that it counts
     * @param refused how many of them were too many; they are refused unless the rule is a dry run
     * @param without requests that match it and have nothing to count by: no user, or a name instead of an address
     * @param forgotten requests that it let through because there were too many counters to remember
     * @param counters how many different counters refused
     * @param moreCounters whether there were even more, too many to tell apart
     * @param top the counters that refused most, at most ten
     * @param first when it refused first, or null
     * @param last when it refused last, or null
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
     * One counter that refused.
     *
     * @param key what it counts: an address, a user, a path; untrusted text
     * @param requests how many of its requests it refused
     */
    public record Refused(String key, long requests) {}
}
