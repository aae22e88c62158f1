package io.gatehouse.internal.cli;

import io.gatehouse.internal.replay.ReplayReport;
import io.gatehouse.internal.rules.RuleReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats the report of a replay for people. Replaces control characters from the log, because a terminal might execute them. */
final class ReplayText {

    private ReplayText() {}

    static String of(ReplayReport report) {
        List<String> text = new ArrayList<>();
        text.add("%d lines, %d requests%s"
                .formatted(
                        report.lines(),
                        report.requests(),
                        report.first() == null ? "" : ", " + report.first() + " to " + report.last()));
        text.add("%d would have been refused%s%s"
                .formatted(
                        report.refused(),
                        percent(report.refused(), report.requests()),
                        report.denied() == 0 ? "" : ", " + report.denied() + " more by the deny list"));
        if (report.notUnderstood() > 0) {
            text.add("%d lines could not be parsed, the first: %s"
                    .formatted(
                            report.notUnderstood(),
                            report.firstNotUnderstood().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
        addCount(text, report.withoutRequest(), "lines without an HTTP request");
        addCount(text, report.elsewhere(), "requests outside the context path");
        addCount(text, report.allowed(), "requests exempt by the allow list");
        addCount(
                text,
                report.late(),
                "lines out of order, counted at a later time; check that the oldest log comes first");
        report.rules().forEach(rule -> rule(text, rule));
        return String.join(System.lineSeparator(), text);
    }

    private static void rule(List<String> text, ReplayReport.Rule rule) {
        text.add("");
        text.add("%s (%s%s)".formatted(rule.name(), rule.level(), rule.dryRun() ? ", dry run" : ""));
        if (rule.notInLog()) {
            text.add("  unknown: the log does not contain a header that this rule counts by");
            return;
        }
        text.add("  %d requests, %d refused%s"
                .formatted(rule.met(), rule.refused(), percent(rule.refused(), rule.met())));
        addCount(text, rule.without(), "requests without an address or user, which this rule does not count", "  ");
        addCount(text, rule.forgotten(), "requests allowed because there were too many counters", "  ");
        if (rule.refused() > 0) {
            text.add("  %s to %s, %s%d counters"
                    .formatted(rule.first(), rule.last(), rule.moreCounters() ? "more than " : "", rule.counters()));
            rule.top().forEach(top -> text.add("  %10d %s".formatted(top.requests(), RuleReader.quoted(top.key()))));
        }
    }

    private static void addCount(List<String> text, long count, String description) {
        addCount(text, count, description, "");
    }

    private static void addCount(List<String> text, long count, String description, String indent) {
        if (count > 0) {
            text.add(indent + count + " " + description);
        }
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "" : String.format(Locale.ROOT, " (%.2f%%)", 100.0 * part / whole);
    }
}
