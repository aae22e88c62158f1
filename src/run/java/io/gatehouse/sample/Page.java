package io.gatehouse.sample;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Builds an HTML page. Text is escaped, markup is not. */
final class Page {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM, HH:mm:ss").withZone(ZoneId.systemDefault());

    private final StringBuilder html = new StringBuilder();

    Page(String title) {
        this(title, "");
    }

    /** Creates a page that the browser reloads periodically. */
    static Page refreshed(String title, int seconds) {
        return new Page(title, "<meta http-equiv=\"refresh\" content=\"" + seconds + "\">");
    }

    private Page(String title, String head) {
        markup("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .markup("<meta name=\"viewport\" content=\"width=device-width\">")
                .markup(head)
                .markup("<title>")
                .text(title)
                .markup("</title><link rel=\"stylesheet\" href=\"style.css\"></head><body><header><b>Gatehouse</b> ")
                .markup("<span>sample</span><i>node ")
                .text(node())
                .markup("</i></header><main>");
    }

    /** Returns the number of this node. */
    static String node() {
        return System.getProperty("gatehouse.node", "1");
    }

    static String time(@Nullable Instant time) {
        return time == null ? "never" : TIME.format(time);
    }

    Page markup(String markup) {
        html.append(markup);
        return this;
    }

    Page text(@Nullable Object text) {
        return markup(escaped(text));
    }

    /** Returns a labelled field with its current value. */
    static String field(String label, String name, String value) {
        return "<label>" + escaped(label) + "<input name=\"" + name + "\" maxlength=\"60\" value=\"" + escaped(value)
                + "\"></label>";
    }

    private static String escaped(@Nullable Object text) {
        return String.valueOf(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Adds a form with a hidden action; the fields are markup. */
    Page form(String action, String csrf, String fields, String button) {
        return markup("<form method=\"post\"><input type=\"hidden\" name=\"csrf\" value=\"")
                .text(csrf)
                .markup("\"><input type=\"hidden\" name=\"action\" value=\"")
                .text(action)
                .markup("\">")
                .markup(fields)
                .markup("<button>")
                .text(button)
                .markup("</button></form>");
    }

    void sendTo(HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'");
        response.getWriter().print(html.append("</main></body></html>"));
    }
}
