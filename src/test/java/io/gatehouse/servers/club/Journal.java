package io.gatehouse.servers.club;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** What has happened on this node, in order. */
@ApplicationScoped
public class Journal {
    private final List<String> lines = new ArrayList<>();

    synchronized void note(String line) {
        lines.add(line);
    }

    synchronized void clear() {
        lines.clear();
    }

    /** As JSON. */
    @Override
    public synchronized String toString() {
        return lines.isEmpty() ? "[]" : "[\"" + String.join("\", \"", lines) + "\"]";
    }
}
