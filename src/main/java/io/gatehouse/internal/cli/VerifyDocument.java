package io.gatehouse.internal.cli;

import io.gatehouse.internal.diagnostics.Severity;
import io.gatehouse.internal.diagnostics.VerifyReport;
import java.util.List;

/** The report of a verification as JSON. Component names are the names of the members. */
record VerifyDocument(
        long errors, long warnings, long infos, int checked, List<Finding> findings, List<Measurement> measurements) {

    static VerifyDocument of(VerifyReport report) {
        return new VerifyDocument(
                report.count(Severity.ERROR),
                report.count(Severity.WARNING),
                report.count(Severity.INFO),
                report.checked(),
                report.findings().stream().map(Finding::of).toList(),
                report.measurements().stream().map(Measurement::of).toList());
    }

    /** One finding. */
    record Finding(
            String id,
            String severity,
            String group,
            String subject,
            String title,
            String found,
            String why,
            String remedy) {
        static Finding of(io.gatehouse.internal.diagnostics.Finding finding) {
            return new Finding(
                    finding.id(),
                    finding.severity().label(),
                    finding.group().label(),
                    finding.subject(),
                    finding.check().title(),
                    finding.found(),
                    finding.why(),
                    finding.remedy());
        }
    }

    /** One measurement. */
    record Measurement(String subject, String name, long count, long p50Micros, long p99Micros) {
        static Measurement of(io.gatehouse.internal.diagnostics.Measurement measurement) {
            return new Measurement(
                    measurement.subject(),
                    measurement.name(),
                    measurement.count(),
                    measurement.p50Micros(),
                    measurement.p99Micros());
        }
    }
}
