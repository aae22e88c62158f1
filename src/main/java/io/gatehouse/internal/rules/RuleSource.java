package io.gatehouse.internal.rules;

import io.gatehouse.internal.rules.RuleFile.Content;
import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The source of the rule set in force: a constant rule set, or a file that is polled for changes. A changed file is applied as a whole or
 * not at all; while it is invalid or missing, the last valid rules stay in force. Thread-safe.
 *
 * <p>Change detection: each poll reads the whole file, which is short, and compares its content. Modification times and sizes are not
 * sufficient: they miss a change within one tick of the file system's clock, and a path through symbolic links, as in Kubernetes
 * ConfigMaps, may lead to another file at any time. A new content is applied when two polls in a row have found it, so that a half-written
 * file is not applied. A content that differs at every poll is applied at the fourth. A change is therefore always in force within ten
 * seconds.
 */
public final class RuleSource implements Supplier<RuleSet> {
    /** The time between two reads of the file. */
    static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

    /** The number of polls in a row that may each find another content before the last one is applied. */
    static final int MAX_UNSTABLE_READS = 4;

    private static final System.Logger LOG = System.getLogger(RuleSource.class.getName());

    private final @Nullable RuleFile file;
    private final Lock poll = new ReentrantLock();
    private volatile RuleSet current;
    private Content seen = new Content.Missing("");
    private Content applied = seen;
    private int unstableReads;

    /** Creates a source of rules that never change. */
    RuleSource(RuleSet rules) {
        this.file = null;
        this.current = rules;
    }

    /** Creates a source of the rules in a file, which will be polled. */
    RuleSource(RuleFile file, Content content, RuleSet rules) {
        this.file = file;
        this.current = rules;
        this.seen = content;
        this.applied = content;
    }

    @Override
    public RuleSet get() {
        return current;
    }

    /** Returns whether the rules come from a file, and so may change. */
    public boolean isFile() {
        return file != null;
    }

    /** Polls the file, if any, and applies a change. Problems are logged once for each content. */
    public void refresh() {
        if (file == null) {
            return;
        }
        poll.lock(); // not a monitor, in which a virtual thread would keep its carrier while it reads
        try {
            read(file);
        } finally {
            poll.unlock();
        }
    }

    private void read(RuleFile from) {
        Content content = from.load();
        boolean same = content.equals(seen);
        unstableReads = same ? 0 : unstableReads + 1;
        seen = content;
        if ((same || unstableReads >= MAX_UNSTABLE_READS) && !content.equals(applied)) {
            unstableReads = 0;
            applied = content;
            apply(from, from.parse(content));
        }
    }

    private void apply(RuleFile from, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted) {
            current = accepted.rules();
            LOG.log(
                    System.Logger.Level.INFO,
                    "reloaded the rate limits from {0}: {1} rules, version {2}",
                    from.path(),
                    current.rules().size(),
                    current.version());
        } else if (outcome instanceof Outcome.Rejected rejected) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "rejected the rate limits in {0}, version {1} stays in force:\n  - {2}",
                    from.path(),
                    current.version(),
                    String.join("\n  - ", rejected.problems()));
        }
    }
}
