package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.internal.rules.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads counters without charging them, in one round trip. Thread-safe. */
final class CounterInspector {
    private final Redis redis;
    private final CounterKeys counterKeys;
    private final Supplier<RuleSet> rules;

    CounterInspector(Redis redis, CounterKeys counterKeys, Supplier<RuleSet> rules) {
        this.redis = redis;
        this.counterKeys = counterKeys;
        this.rules = rules;
    }

    /** Returns the status of the counters of a scope. */
    List<RuleStatus> counters(CounterQuery counterQuery) {
        Look look = new Look();
        counterQuery.counters(rules.get(), look::at);
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
                    .forEach(rule -> look.at(rule, RequestAttributes.of(request, rule.endpoint(request.path()))));
        }
        return new Explanation(denied, exempt, look.standings());
    }

    private final class Look {
        private final Pipeline pipeline = new Pipeline();
        private final List<Supplier<RuleStatus>> replies = new ArrayList<>();

        void at(RateLimitRule rule, RequestAttributes requestAttributes) {
            CounterCharge counter = counterKeys.find(rule, requestAttributes);
            if (counter != null) {
                Response<Limit.Result> response = pipeline.add(CounterStore.look(counter));
                replies.add(() -> counter.inspected(response.get()));
            }
        }

        List<RuleStatus> standings() {
            redis.send(pipeline);
            return replies.stream().map(Supplier::get).toList();
        }
    }
}
