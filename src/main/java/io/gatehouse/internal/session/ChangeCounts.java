package io.gatehouse.internal.session;

/**
 * Counts what happens to the attributes of a session. The counts decide whether a draft may still be stored: the base must be the same, and no
 * other request may have found since then that nothing differs, because it may have changed a value back after the draft was encoded. Not
 * thread-safe; guarded by the attributes.
 */
final class ChangeCounts {
    private long revision;
    private long changes;
    private long confirmations;
    private long settled;

    /**
     * The counts at one moment.
     *
     * @param revision the number of changes of the base
     * @param changes the number of attributes that were set or removed
     * @param confirmations the number of drafts that did not differ from the base
     */
    record Moment(long revision, long changes, long confirmations) {}

    /** Returns counts for a copy of the attributes. */
    ChangeCounts copy() {
        ChangeCounts copy = new ChangeCounts();
        copy.changes = changes;
        copy.settled = settled;
        return copy;
    }

    /** Returns the present counts. */
    Moment now() {
        return new Moment(revision, changes, confirmations);
    }

    /** Records that an attribute was set or removed. */
    void changed() {
        changes++;
    }

    /** Returns whether an attribute was set or removed after the last draft that was stored or did not differ. */
    boolean isUnsettled() {
        return changes != settled;
    }

    /** Returns whether a draft may still be stored. */
    boolean allow(AttributeDraft draft) {
        Moment then = draft.moment();
        return then.revision() == revision && (then.confirmations() == confirmations || !draft.changed());
    }

    /** Records that a draft did not differ from the base. */
    void confirmed(AttributeDraft draft) {
        settle(draft);
        confirmations++;
    }

    /** Records that a draft was stored, and is the new base. */
    void stored(AttributeDraft draft) {
        settle(draft);
        revision++;
    }

    /** Records that another revision is the new base. */
    void merged() {
        revision++;
    }

    private void settle(AttributeDraft draft) {
        settled = Math.max(settled, draft.moment().changes());
    }
}
