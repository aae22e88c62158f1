package io.gatehouse.internal.cli;

import java.io.PrintWriter;
import java.util.function.IntSupplier;

/** Shows progress: on a terminal in one line that is overwritten, elsewhere in one line per change. */
final class ProgressLine {
    private final PrintWriter errors;
    private final boolean terminal;
    private final IntSupplier columns;
    private String shown = "";

    /** @param columns the width of the terminal, 0 if it is unknown; called once per line, on a terminal only */
    ProgressLine(PrintWriter errors, boolean terminal, IntSupplier columns) {
        this.errors = errors;
        this.terminal = terminal;
        this.columns = columns;
    }

    /** Returns the line of a command, in the width of its terminal. */
    static ProgressLine of(OperatorCommand command) {
        return new ProgressLine(
                command.spec.commandLine().getErr(), command.environment().terminal(), new TerminalWidth());
    }

    void show(String text) {
        String whole = TextFormatter.plain(text);
        String plain = terminal ? fitting(whole) : whole;
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

    /** Returns a line that does not wrap, because a wrapped line cannot be overwritten. */
    private String fitting(String line) {
        int width = columns.getAsInt();
        return width <= 0 || line.length() < width ? line : line.substring(0, width - 1);
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
