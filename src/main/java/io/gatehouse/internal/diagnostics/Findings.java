package io.gatehouse.internal.diagnostics;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Collects the findings of a verification, and which checks were made. Not thread-safe. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Set<CheckId> checked = EnumSet.noneOf(CheckId.class);

    /** Adds a finding, unless it is already present. */
    void add(CheckId checkId, String subject, String found) {
        checked.add(checkId);
        Finding finding = new Finding(checkId, subject, found);
        if (!all.contains(finding)) {
            all.add(finding);
        }
    }

    /** Records that a check was made, and adds a finding if its condition holds. */
    void addIf(boolean condition, CheckId checkId, String subject, String found) {
        checked.add(checkId);
        if (condition) {
            add(checkId, subject, found);
        }
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    /** Returns how many different checks were made. */
    int checked() {
        return checked.size();
    }
}
