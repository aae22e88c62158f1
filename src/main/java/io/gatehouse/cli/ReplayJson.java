package io.gatehouse.cli;

import io.gatehouse.ratelimit.ReplayReport;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A replay's report as JSON (RFC 8259), one object in one line, in ASCII. */
final class ReplayJson {

    private ReplayJson() {}

    static String of(ReplayReport report) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("lines", report.lines());
        members.put("notUnderstood", report.notUnderstood());
        members.put("firstNotUnderstood", report.firstNotUnderstood());
        members.put("withoutRequest", report.withoutRequest());
        members.put("elsewhere", report.elsewhere());
        members.put("late", report.late());
        members.put("requests", report.requests());
        members.put("allowed", report.allowed());
        members.put("denied", report.denied());
        members.put("refused", report.refused());
        members.put("first", text(report.first()));
        members.put("last", text(report.last()));
        members.put("rules", report.rules().stream().map(ReplayJson::rule).toList());
        return json(members);
    }

    private static Map<String, @Nullable Object> rule(ReplayReport.Rule rule) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", rule.name());
        members.put("level", rule.level());
        members.put("dryRun", rule.dryRun());
        members.put("notInLog", rule.notInLog());
        members.put("requests", rule.met());
        members.put("refused", rule.refused());
        members.put("without", rule.without());
        members.put("forgotten", rule.forgotten());
        members.put("counters", rule.counters());
        members.put("moreCounters", rule.moreCounters());
        members.put("first", text(rule.first()));
        members.put("last", text(rule.last()));
        members.put("top", rule.top().stream().map(ReplayJson::refused).toList());
        return members;
    }

    private static Map<String, @Nullable Object> refused(ReplayReport.Refused refused) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("key", refused.key());
        members.put("refused", refused.requests());
        return members;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static String json(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.entrySet().stream()
                    .map(member -> quoted(String.valueOf(member.getKey())) + ":" + json(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> items) {
            return items.stream().map(ReplayJson::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ' || c > '~') {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
