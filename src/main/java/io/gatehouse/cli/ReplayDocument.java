package io.gatehouse.cli;

import io.gatehouse.operate.Document;
import io.gatehouse.ratelimit.ReplayReport;

/** A replay's report for programs. */
final class ReplayDocument {

    private ReplayDocument() {}

    static Document of(ReplayReport report) {
        return new Document()
                .with("lines", report.lines())
                .with("notUnderstood", report.notUnderstood())
                .with("firstNotUnderstood", report.firstNotUnderstood())
                .with("withoutRequest", report.withoutRequest())
                .with("elsewhere", report.elsewhere())
                .with("late", report.late())
                .with("requests", report.requests())
                .with("allowed", report.allowed())
                .with("denied", report.denied())
                .with("refused", report.refused())
                .with("first", report.first())
                .with("last", report.last())
                .with("rules", report.rules().stream().map(ReplayDocument::rule).toList());
    }

    private static Document rule(ReplayReport.Rule rule) {
        return new Document()
                .with("name", rule.name())
                .with("level", rule.level())
                .with("dryRun", rule.dryRun())
                .with("notInLog", rule.notInLog())
                .with("requests", rule.met())
                .with("refused", rule.refused())
                .with("without", rule.without())
                .with("forgotten", rule.forgotten())
                .with("counters", rule.counters())
                .with("moreCounters", rule.moreCounters())
                .with("first", rule.first())
                .with("last", rule.last())
                .with("top", rule.top().stream().map(ReplayDocument::refused).toList());
    }

    private static Document refused(ReplayReport.Refused refused) {
        return new Document().with("key", refused.key()).with("refused", refused.requests());
    }
}
