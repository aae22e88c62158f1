package io.gatehouse.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A horizontal bar chart as SVG: one bar for each contender, and a line from its lowest to its highest value. Not thread-safe. */
final class BarChart {
    private static final int LABEL_WIDTH = 260;
    private static final int PLOT_WIDTH = 420;
    private static final int ROW_HEIGHT = 28;
    private static final int TOP = 44;

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, double value, double low, double high) {}

    BarChart(String title) {
        this.title = title;
    }

    void add(String label, double value, double[] range) {
        bars.add(new Bar(label, value, range[0], range[1]));
    }

    String svg() {
        double most = bars.stream().mapToDouble(Bar::high).max().orElse(1);
        int height = TOP + bars.size() * ROW_HEIGHT + 8;
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">%n",
                LABEL_WIDTH + PLOT_WIDTH + 80,
                height);
        append(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n");
        append(svg, "<text x=\"12\" y=\"24\" font-weight=\"bold\">%s</text>%n", escaped(title));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = TOP + i * ROW_HEIGHT;
            append(
                    svg,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    LABEL_WIDTH - 8,
                    y + 15,
                    escaped(bar.label()));
            append(
                    svg,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>%n",
                    LABEL_WIDTH,
                    y + 2,
                    bar.value() / most * PLOT_WIDTH,
                    bar.label().startsWith("Gatehouse") ? "#2b6cb0" : "#a0aec0");
            append(
                    svg,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#1a202c\"/>%n",
                    LABEL_WIDTH + bar.low() / most * PLOT_WIDTH,
                    LABEL_WIDTH + bar.high() / most * PLOT_WIDTH,
                    y + 11,
                    y + 11);
            append(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\">%.2f</text>%n",
                    LABEL_WIDTH + bar.high() / most * PLOT_WIDTH + 6,
                    y + 15,
                    bar.value());
        }
        return svg.append("</svg>\n").toString();
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
