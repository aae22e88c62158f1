package io.gatehouse.bench;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Properties;

/** The measured value of each goal, kept in a file so that parts can be measured in different runs. Not thread-safe. */
final class Goals {
    private final Path file;
    private final Properties values = new Properties();

    Goals(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                values.load(in);
            }
        }
    }

    /** Notes a value; NaN says that this run could not measure it. */
    void put(Goal goal, double value) throws IOException {
        if (Double.isNaN(value)) {
            values.remove(goal.name());
        } else {
            values.setProperty(goal.name(), value + " " + LocalDate.now(ZoneOffset.UTC));
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            values.store(out, null);
        }
    }

    String table() {
        StringBuilder text = new StringBuilder("| | goal | measured | | on |\n|---|---:|---:|---|---|\n");
        for (Goal goal : Goal.values()) {
            String[] value = values.getProperty(goal.name(), "").split(" ", -1);
            boolean measured = value.length == 2;
            double number = measured ? Double.parseDouble(value[0]) : Double.NaN;
            text.append("| ")
                    .append(goal.title())
                    .append(" | ")
                    .append(goal.bound())
                    .append(" | ")
                    .append(measured ? goal.number(number) : "")
                    .append(" | ")
                    .append(!measured ? "not measured" : goal.isKept(number) ? "kept" : "**missed**")
                    .append(" | ")
                    .append(measured ? value[1] : "")
                    .append(" |\n");
        }
        return text.toString();
    }
}
