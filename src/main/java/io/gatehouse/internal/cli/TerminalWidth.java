package io.gatehouse.internal.cli;

import java.util.function.IntSupplier;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The columns of the terminal as picocli finds them, at least 55; it asks once, with {@code stty}. */
final class TerminalWidth implements IntSupplier {
    private final UsageMessageSpec usage = new UsageMessageSpec().autoWidth(true);

    @Override
    public int getAsInt() {
        return usage.width();
    }
}
