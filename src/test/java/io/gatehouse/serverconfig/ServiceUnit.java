package io.gatehouse.serverconfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A systemd unit: sections with names, each of which may occur several times. */
public final class ServiceUnit {
    static final Path FILE = Path.of("server-config", "systemd", "gatehouse-wildfly.service");

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private ServiceUnit() {}

    public static ServiceUnit read() throws IOException {
        ServiceUnit unit = new ServiceUnit();
        String section = "";
        for (String line : Files.readAllLines(FILE)) {
            if (line.matches("\\[\\w+]")) {
                section = line.substring(1, line.length() - 1) + ".";
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                if (equals < 1 || section.isEmpty()) {
                    throw new AssertionError("no assignment in a section: " + line);
                }
                unit.values
                        .computeIfAbsent(section + line.substring(0, equals), name -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        return unit;
    }

    /**
     * Returns all values of a name.
     *
     * @param name the name with its section, such as {@code Service.User}
     */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    public String only(String name) {
        List<String> found = all(name);
        if (found.size() != 1) {
            throw new AssertionError(name + " is there " + found.size() + " times");
        }
        return found.get(0);
    }

    /**
     * Returns the environment variables that the unit sets.
     *
     * @param credentials the replacement for {@code %d}
     */
    public Map<String, String> environment(String credentials) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : all("Service.Environment")) {
            EnvironmentFile.put(found, line.replace("%d", credentials));
        }
        return found;
    }
}
