package io.gatehouse.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.login.LoginEvent;
import io.gatehouse.internal.oidc.LogoutOutcome;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.jobs.JobState;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Compares the names and labels in contract, dashboard and alert rules with those in the code. */
class MetricNamesTest {
    private static final Path PROMETHEUS = Path.of("server-config", "prometheus");
    private static final Path OPERATIONS = Path.of("src", "docs", "how-to", "alerts.md");
    private static final Pattern NAME = Pattern.compile("gatehouse_[a-z0-9_]+");
    /** The label names of a selector; the next patterns match those of a grouping and of a legend. */
    private static final Pattern SELECTED = Pattern.compile("\\b([a-z_]+) *(?:=~|!~|!=|=) *\"([^\"]*)\"");

    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|without|on) *\\(([^)]*)\\)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{ *(?:\\$labels\\.)?([a-z_]+) *}}");
    /** Labels that Prometheus adds, that all metrics have, and that buckets have. */
    private static final Set<String> COMMON = Set.of("application", "instance", "le");

    /** The possible values of the labels for which the code has an enum. */
    private static final Map<String, Set<String>> VALUES = Map.of(
            "event", labels(SessionEvent.values(), SessionEvent::label, LoginEvent.values(), LoginEvent::label),
            "kind", labels(SessionEvent.values(), SessionEvent::label, new LoginEvent[0], LoginEvent::label),
            "outcome",
                    labels(
                            Reason.values(),
                            Reason::label,
                            JobState.values(),
                            JobState::label,
                            "ok",
                            LogoutOutcome.ENDED.label()),
            "purpose", labels(RedisPurpose.values(), RedisPurpose::label, new JobState[0], JobState::label));

    private static <A, B> Set<String> labels(
            A[] some, Function<A, String> name, B[] others, Function<B, String> otherName, String... more) {
        Set<String> labels = new TreeSet<>(List.of(more));
        Arrays.stream(some).map(name).forEach(labels::add);
        Arrays.stream(others).map(otherName).forEach(labels::add);
        return labels;
    }

    @Test
    void theContractListsEveryMetricWithItsTypeLabelsAndUnit() throws IOException {
        String table = Arrays.stream(MetricDefinition.values())
                .map(metricDefinition -> "| `" + metricDefinition.prometheusName() + "` | "
                        + metricDefinition.kind().name().toLowerCase(java.util.Locale.ROOT) + " | "
                        + metricDefinition.labels().stream()
                                .map(label -> "`" + label + "`")
                                .collect(Collectors.joining(", "))
                        + " | " + metricDefinition.unit() + " |\n")
                .collect(Collectors.joining("", "| name | type | labels | unit |\n|---|---|---|---|\n", "\n"));
        assertThat(Files.readString(Path.of("src/docs/reference/contract.md"))).contains(table);
    }

    @Test
    void theReferencePageExplainsEveryMetric() throws IOException {
        String page = Files.readString(Path.of("src/docs/reference/metrics.md"));
        for (MetricDefinition metricDefinition : MetricDefinition.values()) {
            assertThat(page).contains("`" + metricDefinition.prometheusName() + "`");
        }
        assertThat(names(page)).isSubsetOf(samples());
    }

    @Test
    void allNamesFollowTheConventionsOfPrometheus() {
        Set<String> names = new TreeSet<>();
        for (MetricDefinition metricDefinition : MetricDefinition.values()) {
            assertThat(names.add(metricDefinition.prometheusName())).isTrue();
            assertThat(metricDefinition.prometheusName()).matches(NAME);
            assertThat(metricDefinition.prometheusName().endsWith("_total"))
                    .isEqualTo(metricDefinition.kind() == MetricDefinition.Kind.COUNTER);
            assertThat(metricDefinition.help()).endsWith(".").matches("[A-Z0-9].*");
            assertThat(metricDefinition.labels())
                    .as("labels that Prometheus adds")
                    .doesNotContain("job", "instance", "application", "le");
        }
    }

    @Test
    void everyAlertUsesExistingMetricsAndLinksToARunbook() throws IOException {
        String operations = Files.readString(OPERATIONS);
        Set<String> names = new TreeSet<>();
        for (Map<?, ?> group : maps(yaml("alerts.yml").get("groups"))) {
            for (Map<?, ?> rule : maps(group.get("rules"))) {
                String alert = text(rule, "alert");
                assertThat(names.add(alert)).as(alert).isTrue();
                Map<?, ?> annotations = map(rule.get("annotations"));
                checkQuery(alert, text(rule, "expr"));
                assertThat(map(rule.get("labels")).get("severity")).as(alert).isIn("critical", "warning", "info");
                assertThat(text(annotations, "summary")).as(alert).isNotBlank();
                assertThat(text(annotations, "description")).as(alert).isNotBlank();
                String link = text(annotations, "runbook");
                assertThat(link).as(alert).startsWith("src/docs/how-to/alerts.md#");
                String heading = link.substring(link.indexOf('#') + 1).replace('-', ' ');
                assertThat(operations.toLowerCase(java.util.Locale.ROOT).lines())
                        .as(alert)
                        .anyMatch(line -> line.matches("#+ " + Pattern.quote(heading)));
            }
        }
        assertThat(names).hasSizeGreaterThan(10);
    }

    @Test
    void theScrapeConfigurationUsesThePathOfTheEndpoint() throws IOException {
        for (Map<?, ?> job : maps(yaml("scrape.yml").get("scrape_configs"))) {
            assertThat(text(job, "metrics_path")).endsWith("/api/v1/core/metrics");
        }
    }

    @Test
    void everyPanelOfTheDashboardUsesExistingMetrics() throws IOException {
        JsonObject dashboard;
        try (Reader file = Files.newBufferedReader(Path.of("server-config", "grafana", "gatehouse.json"));
                JsonReader json = Json.createReader(file)) {
            dashboard = json.readObject();
        }
        List<String> rows = new ArrayList<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonObject panel : dashboard.getJsonArray("panels").getValuesAs(JsonObject.class)) {
            String title = panel.getString("title");
            assertThat(ids.add(panel.getInt("id"))).as(title).isTrue();
            if (panel.getString("type").equals("row")) {
                rows.add(title);
                continue;
            }
            JsonArray targets = panel.getJsonArray("targets");
            assertThat(targets).as(title).isNotEmpty();
            for (JsonObject target : targets.getValuesAs(JsonObject.class)) {
                checkQuery(title, target.getString("expr"));
                checkLegend(title, target.getString("expr"), target.getString("legendFormat"));
            }
        }
        assertThat(rows)
                .containsExactly("Traffic and latency", "Sessions", "Redis", "Cache", "Rate limits", "Logins", "Jobs");
    }

    private static void checkQuery(String where, String query) {
        Set<String> used = names(query);
        assertThat(used).as(where).isNotEmpty().isSubsetOf(samples());
        Set<String> labels = new TreeSet<>();
        SELECTED.matcher(query).results().forEach(found -> {
            labels.add(found.group(1));
            if (VALUES.containsKey(found.group(1))) {
                assertThat(VALUES.get(found.group(1))).as(where).anyMatch(value -> value.matches(found.group(2)));
            }
        });
        GROUPED.matcher(query)
                .results()
                .forEach(found -> labels.addAll(List.of(found.group(1).split(" *, *", -1))));
        assertThat(labels).as(where).isSubsetOf(labelsOf(used));
    }

    private static void checkLegend(String where, String query, String legend) {
        Set<String> labels = LEGEND.matcher(legend)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(labels).as(where).isSubsetOf(labelsOf(names(query)));
    }

    private static Set<String> names(String text) {
        Matcher matcher = NAME.matcher(text);
        return matcher.results().map(found -> found.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the sample names that a query may use: all metrics, and the parts of histograms. */
    private static Set<String> samples() {
        Set<String> samples = new TreeSet<>();
        for (MetricDefinition metricDefinition : MetricDefinition.values()) {
            samples.add(metricDefinition.prometheusName());
            if (metricDefinition.kind() == MetricDefinition.Kind.HISTOGRAM) {
                for (String part : new String[] {"_bucket", "_count", "_sum"}) {
                    samples.add(metricDefinition.prometheusName() + part);
                }
            }
        }
        return samples;
    }

    private static Set<String> labelsOf(Set<String> names) {
        Set<String> labels = new TreeSet<>(COMMON);
        for (MetricDefinition metricDefinition : MetricDefinition.values()) {
            if (names.stream().anyMatch(name -> name.startsWith(metricDefinition.prometheusName()))) {
                labels.addAll(metricDefinition.labels());
            }
        }
        return labels;
    }

    private static Map<?, ?> yaml(String file) throws IOException {
        try (Reader reader = Files.newBufferedReader(PROMETHEUS.resolve(file))) {
            return map(new Yaml().load(reader));
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return (Map<?, ?>) Objects.requireNonNull(value);
    }

    private static List<Map<?, ?>> maps(@Nullable Object value) {
        return ((List<?>) Objects.requireNonNull(value))
                .stream().<Map<?, ?>>map(MetricNamesTest::map).toList();
    }

    private static String text(Map<?, ?> map, String key) {
        return String.valueOf(map.get(key));
    }
}
