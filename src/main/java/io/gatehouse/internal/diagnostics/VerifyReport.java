package io.gatehouse.internal.diagnostics;

import java.util.Comparator;
import java.util.List;

/**
 * The findings of a verification, the most severe first, and its measurements. Immutable.
 *
 * @param checked how many different checks were made
 */
public record VerifyReport(List<Finding> findings, List<Measurement> measurements, int checked) {

    public VerifyReport {
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity)
                        .reversed()
                        .thenComparing(Finding::id)
                        .thenComparing(Finding::subject))
                .toList();
        measurements = List.copyOf(measurements);
    }

    /** Returns the number of findings of one severity. */
    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** Returns whether any finding is at least that severe. */
    public boolean fails(Severity level) {
        return findings.stream().anyMatch(finding -> finding.severity().compareTo(level) >= 0);
    }
}
