package io.gatehouse.ratelimit;

import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads counters without charging them, in one round trip. Thread-safe. */
final class Inspection {
    private final Redis redis;
    private final Partitions partitions;
    private final Supplier<RuleSet> rules;

    Inspection(Redis redis, Partitions partitions, Supplier<RuleSet> rules) {
        this.redis = redis;
        this.partitions = partitions;
        this.rules = rules;
    }

    /** Returns the status of the counters of a scope. */
    List<Standing> counters(Scope scope) {
        Look look = new Look();
        scope.counters(rules.get(), look::at);
        return look.standings();
    }

    /** Returns the status of the counters that a request would be charged to. */
    Explanation explain(RateLimitRequest request) {
        RuleSet now = rules.get();
        boolean denied = now.denies(request.address());
        boolean exempt = now.allows(request.address());
        Look look = new Look();
        if (!denied && !exempt) {
            now.matching(request.method(), request.path())
                    .forEach(rule -> look.at(rule, Values.of(request, rule.endpoint(request.path()))));
        }
        return new Explanation(denied, exempt, look.standings());
    }

    private final class Look {
        private final Flight flight = new Flight();
        private final List<Supplier<Standing>> replies = new ArrayList<>();

        void at(RateLimitRule rule, Values values) {
            CounterCharge counter = partitions.find(rule, values);
            if (counter != null) {
                Reply<Limit.Result> reply = flight.add(CounterStore.look(counter));
                replies.add(() -> counter.inspected(reply.value()));
            }
        }

        List<Standing> standings() {
            redis.send(flight);
            return replies.stream().map(Supplier::get).toList();
        }
    }
}
