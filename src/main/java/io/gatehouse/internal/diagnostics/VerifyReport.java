package io.gatehouse.internal.diagnostics;

import java.util.Comparator;
import java.util.List;

/**
 * All that a verification has found, the worst first, and what it has measured. Immutable.
 *
 * @param checked how many different things were looked at
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

    /** How many findings of one severity there are. */
    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** Whether anything is as bad as that, or worse. */
    public boolean fails(Severity level) {
        return findings.stream().anyMatch(finding -> finding.severity().compareTo(level) >= 0);
    }
}
