package io.gatehouse.internal.cli;

import io.gatehouse.internal.replay.ReplayReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report of a replay as JSON. Component names are the names of the members. */
record ReplayDocument(
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

    static ReplayDocument of(ReplayReport report) {
        return new ReplayDocument(
                report.lines(),
                report.notUnderstood(),
                report.firstNotUnderstood(),
                report.withoutRequest(),
                report.elsewhere(),
                report.late(),
                report.requests(),
                report.allowed(),
                report.denied(),
                report.refused(),
                report.first(),
                report.last(),
                report.rules().stream().map(Rule::of).toList());
    }

    /** The outcome of one rule. */
    record Rule(
            String name,
            String level,
            boolean dryRun,
            boolean notInLog,
            long requests,
            long refused,
            long without,
            long forgotten,
            long counters,
            boolean moreCounters,
            @Nullable Instant first,
            @Nullable Instant last,
            List<Refused> top) {
        static Rule of(ReplayReport.Rule rule) {
            return new Rule(
                    rule.name(),
                    rule.level(),
                    rule.dryRun(),
                    rule.notInLog(),
                    rule.met(),
                    rule.refused(),
                    rule.without(),
                    rule.forgotten(),
                    rule.counters(),
                    rule.moreCounters(),
                    rule.first(),
                    rule.last(),
                    rule.top().stream()
                            .map(counter -> new Refused(counter.key(), counter.requests()))
                            .toList());
        }
    }

    /** One counter, and how many requests it refused. */
    record Refused(String key, long refused) {}
}
