package io.gatehouse.bench;

import java.util.Locale;

/** Writes a drawing that is readable on a light and on a dark page: its colors follow the reader's preference. Not thread-safe. */
final class Svg {
    private static final String STYLE = """
            <style>
            .back{fill:#ffffff}.text{fill:#1f2328}.faint{fill:#59636e}.grid{stroke:#d1d9e0}.edge{stroke:#1f2328}
            .gatehouse{fill:#2563eb}.other{fill:#a3acb6}
            .line{fill:none;stroke-width:2}.c0{stroke:#2563eb}.c1{stroke:#0d9488}.c2{stroke:#8c959f}.c3{stroke:#d97706}.c4{stroke:#be185d}
            @media (prefers-color-scheme:dark){.back{fill:#0d1117}.text{fill:#f0f6fc}.faint{fill:#9198a1}.grid{stroke:#3d444d}
            .edge{stroke:#f0f6fc}.gatehouse{fill:#4f8cff}.other{fill:#6e7681}}
            </style>
            """;

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"13\" role=\"img\">%n",
                width, height, width, height);
        add("<title>%s</title>%n", escaped(title));
        text.append(STYLE);
        add("<rect class=\"back\" width=\"100%%\" height=\"100%%\"/>%n");
        add("<text class=\"text\" x=\"12\" y=\"24\" font-weight=\"bold\">%s</text>%n", escaped(title));
    }

    void text(double x, double y, String style, String anchor, String content) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                style, x, y, anchor, escaped(content));
    }

    void rectangle(double x, double y, double width, double height, String style) {
        add("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n", style, x, y, width, height);
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n", style, x1, y1, x2, y2);
    }

    void circle(double x, double y, double radius, String style) {
        add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>%n", style, x, y, radius);
    }

    /** Draws a line through points, given as {@code x,y x,y ...}. */
    void path(String points, String style) {
        add("<polyline class=\"line %s\" points=\"%s\"/>%n", style, points);
    }

    String end() {
        return text + "</svg>\n";
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    private static String escaped(String content) {
        return content.replace("&", "&amp;").replace("<", "&lt;");
    }
}
