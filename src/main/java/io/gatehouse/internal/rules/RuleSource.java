package io.gatehouse.internal.rules;

import io.gatehouse.internal.rules.RuleFile.Look;
import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rule set in force: one that never changes, or that of a file, which is looked at again and again. A changed file counts
 * as a whole or not at all: while it is broken or away the last good rules stay. Safe for use by several threads.
 *
 * <p>Each look reads the file, which is short, and compares what it says: times and sizes miss a change within one tick of the
 * file system's clock, and a path through symbolic links, as Kubernetes mounts its ConfigMaps, may lead elsewhere at any time.
 * A change counts once two looks in a row have found the same, so that a file is not read while it is half written. A file
 * that is another at every look counts at the fourth. With a look every two seconds that is within ten seconds, always.
 */
public final class RuleSource implements Supplier<RuleSet> {
    /** How long to wait between looks at the file. */
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    /** How many looks in a row may find something else each before the last is taken over. */
    static final int MOST_UNSETTLED = 4;

    private static final System.Logger LOG = System.getLogger(RuleSource.class.getName());

    private final @Nullable RuleFile file;
    private volatile RuleSet inForce;
    private Look seen = new Look.Nothing("");
    private Look judged = seen;
    private int unsettled;

    /** Rules that never change. */
    RuleSource(RuleSet rules) {
        this.file = null;
        this.inForce = rules;
    }

    /** Rules of a file as a look at it has found them, which will be looked at again. */
    RuleSource(RuleFile file, Look look, RuleSet rules) {
        this.file = file;
        this.inForce = rules;
        this.seen = look;
        this.judged = look;
    }

    @Override
    public RuleSet get() {
        return inForce;
    }

    /** Whether the rules are those of a file, and may change. */
    public boolean isFile() {
        return file != null;
    }

    /** Looks at the file, if there is one, and takes over what has changed. What is wrong is logged once. */
    public synchronized void refresh() {
        if (file == null) {
            return;
        }
        Look look = file.look();
        boolean same = look.equals(seen);
        unsettled = same ? 0 : unsettled + 1;
        seen = look;
        if ((same || unsettled >= MOST_UNSETTLED) && !look.equals(judged)) {
            unsettled = 0;
            judged = look;
            take(file, file.read(look));
        }
    }

    private void take(RuleFile from, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted) {
            inForce = accepted.rules();
            LOG.log(
                    System.Logger.Level.INFO,
                    "Rate limits are read anew from {0}: {1} rules, version {2}",
                    from.path(),
                    inForce.rules().size(),
                    inForce.version());
        } else if (outcome instanceof Outcome.Rejected rejected) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Rate limits in {0} are not taken over, version {1} stays in force:\n  - {2}",
                    from.path(),
                    inForce.version(),
                    String.join("\n  - ", rejected.problems()));
        }
    }
}
