package io.gatehouse.session;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A token and how it is written, kept because writing it takes a signature. */
record TokenText(SessionToken token, String text) {

    /** The text of a token: the known one if that is of the same token. */
    static TokenText of(SessionToken token, @Nullable TokenText known, Function<SessionToken, String> writer) {
        return known != null && known.token().equals(token) ? known : new TokenText(token, writer.apply(token));
    }
}
