package io.gatehouse.verify;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is found while a verification goes on. For one thread. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Set<Check> looked = EnumSet.noneOf(Check.class);

    void add(Check check, String subject, String found) {
        looked.add(check);
        Finding finding = new Finding(check, subject, found);
        if (!all.contains(finding)) {
            all.add(finding);
        }
    }

    /** Notes a finding if there is something to be found, and that it was looked for in any case. */
    void addIf(boolean there, Check check, String subject, String found) {
        looked.add(check);
        if (there) {
            add(check, subject, found);
        }
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    int looked() {
        return looked.size();
    }
}
