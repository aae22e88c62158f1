package io.gatehouse.bench;

import java.util.ArrayList;
import java.util.List;

/** A chart of latencies on a logarithmic scale: for each contender a line from the median to the 99th percentile. Not thread-safe. */
final class LatencyChart {
    private static final int LABEL_WIDTH = 330;
    private static final int PLOT_WIDTH = 420;
    private static final int ROW_HEIGHT = 24;
    private static final int TOP = 60;

    private final String title;
    private final List<Line> lines = new ArrayList<>();

    private record Line(String label, boolean gatehouse, double median, double high) {}

    LatencyChart(String title) {
        this.title = title;
    }

    void add(String label, boolean gatehouse, double median, double high) {
        lines.add(new Line(label, gatehouse, median, high));
    }

    String svg() {
        int low = (int) Math.floor(Math.log10(
                Math.max(1e-3, lines.stream().mapToDouble(Line::median).min().orElse(1))));
        int high = Math.max(low + 1, (int) Math.ceil(
                Math.log10(lines.stream().mapToDouble(Line::high).max().orElse(1))));
        int bottom = TOP + lines.size() * ROW_HEIGHT;
        Svg svg = new Svg(LABEL_WIDTH + PLOT_WIDTH + 150, bottom + 8, title);
        for (int power = low; power <= high; power++) {
            double x = LABEL_WIDTH + (power - low) * (double) PLOT_WIDTH / (high - low);
            svg.line(x, TOP - 8, x, bottom, "grid");
            double millis = Math.pow(10, power);
            svg.text(x, TOP - 14, "faint", "middle", (millis < 1 ? "" + millis : "" + (long) millis) + " ms");
        }
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            int y = TOP + i * ROW_HEIGHT + 10;
            double from = x(line.median(), low, high);
            double to = x(line.high(), low, high);
            String style = line.gatehouse() ? "gatehouse" : "other";
            svg.text(LABEL_WIDTH - 8, y + 4, "text", "end", line.label());
            svg.rectangle(from, y - 2, to - from, 4, style);
            svg.circle(from, y, 5, style);
            svg.circle(to, y, 5, style);
            svg.text(to + 10, y + 4, "faint", "start", Section.line("%.2f / %.2f", line.median(), line.high()));
        }
        return svg.end();
    }

    private static double x(double millis, int low, int high) {
        return LABEL_WIDTH + (Math.log10(Math.max(millis, Math.pow(10, low))) - low) * PLOT_WIDTH / (high - low);
    }
}
