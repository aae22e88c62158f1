package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.health.HealthReport;
import io.gatehouse.health.HealthSettings;
import io.gatehouse.operate.Document;
import io.gatehouse.redis.Purpose;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;

/** The command {@code health}. */
@Command(name = "health", description = "Says whether Redis can be used from here, for each purpose; 3 if one cannot.")
final class HealthCommand extends RedisCommand {

    @Override
    Set<Purpose> needs() {
        return Set.of();
    }

    @Override
    Answer answer(Capabilities capabilities) {
        HealthReport report = new HealthReport(
                capabilities.settings().session().application(),
                capabilities.redis(),
                capabilities.purposes(),
                Set.of(Purpose.SESSIONS),
                HealthSettings.Readiness.REQUIRED,
                () -> true,
                Optional::empty,
                Optional::empty);
        Document health = report.redis(true).document();
        boolean degraded = Boolean.TRUE.equals(health.get("degraded"));
        List<Document> rows = capabilities.purposes().stream()
                .sorted()
                .map(purpose -> row(purpose.label(), health))
                .toList();
        String table = Text.table(
                new Document().with("purposes", rows),
                "purposes",
                "none",
                "purpose",
                "status",
                "fault",
                "mode",
                "role",
                "latencyMs",
                "breaker");
        String head = "Redis is " + health.get("status") + (degraded ? ", degraded" : "");
        return Answer.of(health, Text.lines(head, table)).endingWith(degraded ? Exit.UNHEALTHY : Exit.OK);
    }

    private static Document row(String purpose, Document health) {
        Document row = new Document().with("purpose", purpose);
        if (health.get(purpose) instanceof Map<?, ?> members) {
            members.forEach((name, value) -> row.with(name.toString(), value));
        }
        return row;
    }
}
