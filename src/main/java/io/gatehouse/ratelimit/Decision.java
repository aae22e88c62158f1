package io.gatehouse.ratelimit;

import java.time.Duration;
import java.util.List;

/** What all rules that a request met say together. */
public sealed interface Decision {

    /** One line for each rule, in the order of the rules. */
    List<Standing> standings();

    /** The request may pass, and was charged to all its rules. */
    record Allowed(List<Standing> standings) implements Decision {
        public Allowed {
            standings = List.copyOf(standings);
        }
    }

    /**
     * The request may not pass, and was charged to none.
     *
     * @param retryAfter when the last of the rules that refused will let it through, if nothing else comes between
     */
    record Refused(List<Standing> standings, Duration retryAfter) implements Decision {
        public Refused {
            standings = List.copyOf(standings);
        }
    }

    /**
     * The request may not pass, because nobody can count it: Redis is away, and a rule that it met is closed then.
     *
     * @param closed the names of these rules
     * @param retryAfter when it is worth another try
     */
    record Unavailable(List<Standing> standings, List<String> closed, Duration retryAfter) implements Decision {
        public Unavailable {
            standings = List.copyOf(standings);
            closed = List.copyOf(closed);
        }
    }

    /** The request may not pass, because its address is on the list of those that never may. */
    record Denied() implements Decision {
        @Override
        public List<Standing> standings() {
            return List.of();
        }
    }
}
