package io.gatehouse.internal.cli;

import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/**
 * The colours of texts. Commands always write them, and {@link #shown} removes them unless the command's colour scheme has colours. Data
 * contains no escape sequences, because {@link TextFormatter#plain} replaces control characters.
 */
final class Colors {
    /** Applies styles to texts without interpreting markup in them. */
    private static final ColorScheme SCHEME = Help.defaultColorScheme(Ansi.ON);

    static final List<IStyle> HEADING = List.of(Style.bold);
    static final List<IStyle> GOOD = List.of(Style.fg_green);
    static final List<IStyle> BAD = List.of(Style.bold, Style.fg_red);
    static final List<IStyle> DOUBTFUL = List.of(Style.fg_yellow);

    private static final Pattern SEQUENCE = Pattern.compile("\u001B\\[[0-9;]*m");

    private Colors() {}

    /** Returns a text in a style. Markup of picocli within the text is not interpreted. */
    static String in(List<IStyle> style, String text) {
        return SCHEME.apply(text, style).toString();
    }

    /** Returns a text as it is printed to standard output. */
    static String shown(CommandLine command, String text) {
        return command.getColorScheme().ansi().enabled() ? text : plain(text);
    }

    /** Returns a text as it is printed to standard error, which may be redirected while standard output is a terminal. */
    static String shownAsError(CommandLine command, String text) {
        Ansi ansi = command.getColorScheme().ansi();
        Main main = (Main) command.getCommandSpec().root().userObject();
        return ansi == Ansi.ON || (ansi.enabled() && main.environment().terminal()) ? text : plain(text);
    }

    private static String plain(String text) {
        return SEQUENCE.matcher(text).replaceAll("");
    }
}
