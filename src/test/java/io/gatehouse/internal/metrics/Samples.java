package io.gatehouse.internal.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The samples of a Prometheus text, parsed independently of the Prometheus client. */
final class Samples {
    private static final Pattern LINE = Pattern.compile("([a-z_]+)\\{(.*)} (-?[0-9.]+(?:E-?[0-9]+)?|\\+Inf|NaN)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"(?:,|$)");

    private final Map<String, Double> values = new LinkedHashMap<>();
    private final Set<String> families = new TreeSet<>();
    private final Map<String, Set<String>> labels = new TreeMap<>();

    Samples(String text) {
        text.lines().forEach(this::read);
    }

    static Samples of(GatehouseMetrics gatehouseMetrics) {
        try {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            PrometheusTextFormatWriter.create().write(text, gatehouseMetrics.scrape());
            return new Samples(text.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String line) {
        if (line.startsWith("# TYPE ")) {
            families.add(line.split(" ", -1)[2]);
        }
        if (line.startsWith("#")) {
            return;
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("not a sample: " + line);
        }
        Map<String, String> sorted = new TreeMap<>();
        Matcher label = LABEL.matcher(matcher.group(2));
        while (label.find()) {
            sorted.put(label.group(1), label.group(2));
            labels.computeIfAbsent(label.group(1), any -> new TreeSet<>()).add(label.group(2));
        }
        if (!sorted.containsKey("application")) {
            throw new AssertionError("no application: " + line);
        }
        sorted.remove("application");
        String value = matcher.group(3).replace("+Inf", "Infinity");
        if (values.put(matcher.group(1) + sorted, Double.parseDouble(value)) != null) {
            throw new AssertionError("twice: " + line);
        }
    }

    /** Returns the value of a sample such as {@code name{event=created}}, with its labels in alphabetical order, or -1 if it is missing. */
    double of(String sample) {
        return values.getOrDefault(sample.contains("{") ? sample : sample + "{}", -1.0);
    }

    /** Returns the sum of all samples with a name. */
    double sum(String name) {
        return values.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    Set<String> families() {
        return families;
    }

    /** Returns all values of each label. */
    Map<String, Set<String>> labels() {
        return labels;
    }
}
