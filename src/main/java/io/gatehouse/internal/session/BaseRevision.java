package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.StoredSession;
import io.gatehouse.internal.session.store.StoredValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stored revision that a live session is based on, and what is known about a save whose reply is missing: Redis may have executed it,
 * so the next revision that this node sees may contain changes of its own. Not thread-safe; guarded by the live session.
 */
final class BaseRevision {
    private byte @Nullable [] tag;
    private boolean current = true;
    /**
     * The last change whose save has got no reply, or which the requests of the former id may save; null if there is none, or if a later
     * revision was seen.
     */
    private @Nullable SessionChange unanswered;

    private boolean uncertain;

    /** Creates the base of a session that is not stored yet. */
    BaseRevision() {}

    /** Creates the base of a session that was read. */
    BaseRevision(StoredSession stored) {
        tag = stored.revisionTag();
        current = stored.current();
    }

    /** Returns an independent copy. */
    BaseRevision copy() {
        BaseRevision copy = new BaseRevision();
        copy.tag = tag;
        copy.current = current;
        copy.unanswered = unanswered;
        copy.uncertain = uncertain;
        return copy;
    }

    /** Returns the revision tag, or null if the session is not stored yet, as far as this node knows. */
    byte @Nullable [] tag() {
        return tag;
    }

    /** Returns whether the record has the present signing key and encryption. */
    boolean isCurrent() {
        return current;
    }

    /**
     * Returns whether no save has succeeded since one got no reply. The session must be saved even if nothing differs: only then is it known
     * what is stored, and that no other node answers from an older copy.
     */
    boolean isUncertain() {
        return uncertain;
    }

    /** Records that a save got no reply. */
    void unanswered(SessionChange change) {
        unanswered = change;
        uncertain = true;
    }

    /** Records that other requests may save a change that this session has taken over from them. */
    void mayBeSavedElsewhere(@Nullable SessionChange change) {
        unanswered = unanswered == null ? change : unanswered;
    }

    /** Records that a save has succeeded. */
    void stored(byte[] newTag) {
        tag = newTag;
        current = true;
        unanswered = null;
        uncertain = false;
    }

    /** Makes another revision the base. */
    void merged(StoredSession other) {
        tag = other.revisionTag();
        current = other.current();
        unanswered = null;
    }

    /** Returns the attributes of the change that may be stored, or those of the base if there is none. */
    Map<String, StoredValue> sentOr(Map<String, StoredValue> base) {
        SessionChange sent = unanswered;
        return sent == null ? base : sent.attributes().values();
    }

    /** Returns the number of id changes of the change that may be stored, if another revision contains them; otherwise 0. */
    int idChangesIn(SessionMetadata other) {
        SessionChange sent = unanswered;
        return sent != null && sent.metadata().hasSameIdentity(other)
                ? sent.idChanges().explicit()
                : 0;
    }
}
