package io.gatehouse.ratelimit;

import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Looks at counters without charging them, in one exchange. Safe for use by several threads. */
final class Inspection {
    private final Redis redis;
    private final Partitions partitions;
    private final Supplier<RuleSet> rules;

    Inspection(Redis redis, Partitions partitions, Supplier<RuleSet> rules) {
        this.redis = redis;
        this.partitions = partitions;
        this.rules = rules;
    }

    /** How the counters of a scope stand. */
    List<Standing> counters(Scope scope) {
        Look look = new Look();
        scope.counters(rules.get(), look::at);
        return look.standings();
    }

    /** How those that a request would be charged to stand. */
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
            Partition partition = partitions.find(rule, values);
            if (partition != null) {
                Reply<Verdict> reply = flight.add(CounterStore.look(rule.limit(), rule.cost(), partition));
                replies.add(() -> standing(rule, partition, reply.value()));
            }
        }

        List<Standing> standings() {
            redis.send(flight);
            return replies.stream().map(Supplier::get).toList();
        }
    }

    private static Standing standing(RateLimitRule rule, Partition partition, Verdict verdict) {
        Charge charge = new Charge(rule, partition, 0);
        Standing standing = charge.standing(verdict);
        return new Standing(
                rule,
                partition.hash(),
                verdict.remaining() < rule.cost(),
                verdict.remaining(),
                standing.retryAfter(),
                standing.reset());
    }
}
