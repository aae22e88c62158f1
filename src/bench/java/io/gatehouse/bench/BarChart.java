package io.gatehouse.bench;

import java.util.ArrayList;
import java.util.List;

/** A horizontal bar chart: one bar for each contender, and a line from its lowest to its highest value. Not thread-safe. */
final class BarChart {
    private static final int LABEL_WIDTH = 330;
    private static final int PLOT_WIDTH = 420;
    private static final int ROW_HEIGHT = 28;
    private static final int TOP = 44;

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, boolean gatehouse, double value, double low, double high) {}

    BarChart(String title) {
        this.title = title;
    }

    void add(String label, boolean gatehouse, double value, double[] range) {
        bars.add(new Bar(label, gatehouse, value, range[0], range[1]));
    }

    String svg() {
        double most = bars.stream().mapToDouble(Bar::high).max().orElse(1);
        Svg svg = new Svg(LABEL_WIDTH + PLOT_WIDTH + 80, TOP + bars.size() * ROW_HEIGHT + 8, title);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = TOP + i * ROW_HEIGHT;
            double end = LABEL_WIDTH + bar.high() / most * PLOT_WIDTH;
            svg.text(LABEL_WIDTH - 8, y + 15, "text", "end", bar.label());
            svg.rectangle(
                    LABEL_WIDTH, y + 2, bar.value() / most * PLOT_WIDTH, 18, bar.gatehouse() ? "gatehouse" : "other");
            svg.line(LABEL_WIDTH + bar.low() / most * PLOT_WIDTH, y + 11, end, y + 11, "edge");
            svg.text(end + 6, y + 15, "text", "start", Section.line("%.2f", bar.value()));
        }
        return svg.end();
    }
}
