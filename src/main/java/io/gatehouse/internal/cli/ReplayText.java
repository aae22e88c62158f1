package io.gatehouse.internal.cli;

import io.gatehouse.internal.replay.ReplayReport;
import io.gatehouse.internal.rules.RuleReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A replay's report for people. What comes from the log is shown without control characters, which a terminal might obey. */
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
                        report.denied() == 0 ? "" : ", " + report.denied() + " more by deny"));
        if (report.notUnderstood() > 0) {
            text.add("%d lines not understood, the first: %s"
                    .formatted(
                            report.notUnderstood(),
                            report.firstNotUnderstood().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
        some(text, report.withoutRequest(), "lines of connections without an HTTP request");
        some(text, report.elsewhere(), "requests outside of the context path");
        some(text, report.allowed(), "requests not counted because of allow");
        some(text, report.late(), "lines too late to be sorted, counted at a later time: are the logs in order?");
        report.rules().forEach(rule -> rule(text, rule));
        return String.join(System.lineSeparator(), text);
    }

    private static void rule(List<String> text, ReplayReport.Rule rule) {
        text.add("");
        text.add("%s (%s%s)".formatted(rule.name(), rule.level(), rule.dryRun() ? ", dry run" : ""));
        if (rule.notInLog()) {
            text.add("  not known: a header that it counts by is not in the log");
            return;
        }
        text.add("  %d requests, %d too many%s"
                .formatted(rule.met(), rule.refused(), percent(rule.refused(), rule.met())));
        some(text, rule.without(), "requests without an address or user to count by", "  ");
        some(text, rule.forgotten(), "requests let through because there were too many counters", "  ");
        if (rule.refused() > 0) {
            text.add("  %s to %s, %s%d counters"
                    .formatted(rule.first(), rule.last(), rule.moreCounters() ? "more than " : "", rule.counters()));
            rule.top().forEach(top -> text.add("  %10d %s".formatted(top.requests(), RuleReader.quoted(top.key()))));
        }
    }

    private static void some(List<String> text, long count, String what) {
        some(text, count, what, "");
    }

    private static void some(List<String> text, long count, String what, String indent) {
        if (count > 0) {
            text.add(indent + count + " " + what);
        }
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "" : String.format(Locale.ROOT, " (%.2f%%)", 100.0 * part / whole);
    }
}
