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

    /** Returns the status of the counters that a query names. */
    List<RuleStatus> inspect(CounterQuery counterQuery) {
        Inspection inspection = new Inspection();
        counterQuery.counters(rules.get(), inspection::add);
        return inspection.statuses();
    }

    /** Returns the status of the counters that a request would be charged to. */
    Explanation explain(RateLimitRequest request) {
        RuleSet now = rules.get();
        boolean denied = now.denies(request.address());
        boolean exempt = now.allows(request.address());
        Inspection inspection = new Inspection();
        if (!denied && !exempt) {
            now.matching(request.method(), request.path()).stream()
                    .filter(rule -> request.meets(rule.when()))
                    .forEach(
                            rule -> inspection.add(rule, RequestAttributes.of(request, rule.endpoint(request.path()))));
        }
        return new Explanation(denied, exempt, inspection.statuses());
    }

    /** The calls that read counters, and how to turn their replies into statuses. */
    private final class Inspection {
        private final Pipeline pipeline = new Pipeline();
        private final List<Supplier<RuleStatus>> replies = new ArrayList<>();

        void add(RateLimitRule rule, RequestAttributes requestAttributes) {
            CounterCharge counter = counterKeys.find(rule, requestAttributes);
            if (counter != null) {
                Response<Limit.Result> response = pipeline.add(CounterStore.inspect(counter));
                replies.add(() -> counter.inspected(response.get()));
            }
        }

        List<RuleStatus> statuses() {
            redis.send(pipeline);
            return replies.stream().map(Supplier::get).toList();
        }
    }
}
