package io.gatehouse.cli;

import io.gatehouse.config.Config;
import io.gatehouse.verify.Finding;
import io.gatehouse.verify.Severity;
import io.gatehouse.verify.Verification;
import io.gatehouse.verify.VerifyReport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code verify}. */
@Command(
        name = "verify",
        description =
                "Looks at the configuration and at every Redis that it names, tries sessions, limits and cache there, and"
                        + " says what to change. Leaves nothing behind.")
final class VerifyCommand extends OperatorCommand {
    /** In the column of what to do. */
    private static final String NOTHING = "-";

    @Option(
            names = "--fail-level",
            paramLabel = "LEVEL",
            defaultValue = "error",
            description = "info, warning or error (default: ${DEFAULT-VALUE}): what is as bad or worse ends with 3.")
    private Severity failLevel = Severity.ERROR;

    @Mixin
    private Site site;

    @Override
    Answer answer() {
        Config config = site.config(surroundings());
        Site.checkNamed(config);
        ProgressLine line =
                new ProgressLine(spec.commandLine().getErr(), surroundings().terminal());
        VerifyReport report;
        try {
            report = new Verification(config, "", path -> null, surroundings().clock())
                    .run(group -> line.show("looking at " + group.label()));
        } finally {
            line.end();
        }
        return Answer.of(VerifyDocument.of(report), text(report))
                .endingWith(report.fails(failLevel) ? Exit.UNHEALTHY : Exit.OK);
    }

    private static String text(VerifyReport report) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : report.findings()) {
            lines.add(Text.plain(finding.id() + " " + finding.severity().label() + ", " + finding.subject() + ": "
                    + finding.check().title()));
            lines.add("  found: " + Text.plain(finding.found()));
            lines.add("  why:   " + finding.why());
            if (!finding.remedy().equals(NOTHING)) {
                lines.add("  do:    " + finding.remedy());
            }
        }
        lines.add("");
        lines.add(Text.count(report.count(Severity.ERROR), "error") + ", "
                + Text.count(report.count(Severity.WARNING), "warning") + ", "
                + Text.count(report.count(Severity.INFO), "info") + "; " + report.checked() + " things looked at");
        return Text.lines(lines.toArray(String[]::new));
    }
}
