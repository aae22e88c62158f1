package io.gatehouse.internal.cli;

import java.io.PrintWriter;

/** Shows progress: on a terminal in one line that is overwritten, elsewhere in one line per change. */
final class ProgressLine {
    private final PrintWriter errors;
    private final boolean terminal;
    private String shown = "";

    ProgressLine(PrintWriter errors, boolean terminal) {
        this.errors = errors;
        this.terminal = terminal;
    }

    void show(String text) {
        String plain = TextFormatter.plain(text);
        if (plain.equals(shown)) {
            return;
        }
        if (terminal) {
            errors.print("\r" + plain + " ".repeat(Math.max(0, shown.length() - plain.length())));
        } else {
            errors.println("gatehouse: " + plain);
        }
        errors.flush();
        shown = plain;
    }

    /** Ends the line. */
    void end() {
        if (terminal && !shown.isEmpty()) {
            errors.println();
            errors.flush();
        }
        shown = "";
    }
}
