package io.gatehouse.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart of values over time, as percentages. Not thread-safe. */
final class LineChart {
    private static final int LEFT = 60;
    private static final int TOP = 44;
    private static final int WIDTH = 560;
    private static final int HEIGHT = 260;
    private static final int MOST = 120;

    private final String title;
    private final int period;
    private final List<Line> lines = new ArrayList<>();

    private record Line(String label, List<Double> shares) {}

    /** @param period the seconds between two values */
    LineChart(String title, int period) {
        this.title = title;
        this.period = period;
    }

    void add(String label, List<Double> shares) {
        lines.add(new Line(label, shares));
    }

    String svg() {
        int values = lines.stream().mapToInt(line -> line.shares().size()).max().orElse(1);
        Svg svg = new Svg(LEFT + WIDTH + 20, TOP + HEIGHT + 40 + lines.size() * 20, title);
        for (int percent = 0; percent <= MOST; percent += 20) {
            double y = y(percent / 100.0);
            svg.line(LEFT, y, LEFT + WIDTH, y, "grid");
            svg.text(LEFT - 8, y + 4, "faint", "end", percent + " %");
        }
        for (int i = 0; i <= values; i += Math.max(1, values / 6)) {
            svg.text(x(i, values), TOP + HEIGHT + 18, "faint", "middle", i * period + " s");
        }
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            StringBuilder points = new StringBuilder();
            for (int j = 0; j < line.shares().size(); j++) {
                points.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        x(j + 0.5, values),
                        y(line.shares().get(j))));
            }
            int y = TOP + HEIGHT + 40 + i * 20;
            svg.path(points.toString().strip(), "c" + i);
            svg.path(LEFT + "," + (y - 4) + " " + (LEFT + 24) + "," + (y - 4), "c" + i);
            svg.text(LEFT + 32, y, "text", "start", line.label());
        }
        return svg.end();
    }

    private static double x(double index, int values) {
        return LEFT + index * WIDTH / values;
    }

    private static double y(double share) {
        return TOP + HEIGHT - Math.min(share, MOST / 100.0) * HEIGHT / (MOST / 100.0);
    }
}
