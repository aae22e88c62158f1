package io.gatehouse.internal.health;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The response of a probe, in the format of MicroProfile Health 4.0, whose data is not nested. Component names are those of the JSON. */
record ProbeReport(String status, List<Check> checks) {

    static ProbeReport of(String name, String status, Map<String, Object> data) {
        return new ProbeReport(status, List.of(new Check(name, status, data.isEmpty() ? null : data)));
    }

    /** The only check of a probe. */
    Check check() {
        return checks.get(0);
    }

    /**
     * One check.
     *
     * @param data texts and booleans, or null if there are none
     */
    record Check(String name, String status, @Nullable Map<String, Object> data) {}
}
