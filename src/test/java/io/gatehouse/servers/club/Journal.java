package io.gatehouse.servers.club;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Records the events on this node, in order. */
@ApplicationScoped
public class Journal {
    private final List<String> lines = new ArrayList<>();

    synchronized void add(String line) {
        lines.add(line);
    }

    synchronized void clear() {
        lines.clear();
    }

    /** Returns the events as JSON. */
    @Override
    public synchronized String toString() {
        return lines.isEmpty() ? "[]" : "[\"" + String.join("\", \"", lines) + "\"]";
    }
}
