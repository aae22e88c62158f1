package io.gatehouse.internal.diagnostics;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is found while a verification goes on. For one thread. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Set<CheckId> looked = EnumSet.noneOf(CheckId.class);

    void add(CheckId checkId, String subject, String found) {
        looked.add(checkId);
        Finding finding = new Finding(checkId, subject, found);
        if (!all.contains(finding)) {
            all.add(finding);
        }
    }

    /** Notes a finding if there is something to be found, and that it was looked for in any case. */
    void addIf(boolean there, CheckId checkId, String subject, String found) {
        looked.add(checkId);
        if (there) {
            add(checkId, subject, found);
        }
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    int looked() {
        return looked.size();
    }
}
