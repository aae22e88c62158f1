package io.gatehouse.internal.ratelimit;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit check of one request. {@link #begin} adds its calls to a pipeline, {@link #decision} reads the replies after the
 * pipeline was sent, and {@link #complete} refunds what need not count once the status of the response is known. Not thread-safe; belongs
 * to one request.
 *
 * <p>Invariant: after {@link #decision} either every matching rule is charged, or none is. A rule is "charged" in one of three ways: in
 * Redis, with a token that this node prefetched, or on this node alone while Redis is unavailable.
 */
public final class RateLimitCheck {
    private static final Duration RETRY_WITHOUT_REDIS = Duration.ofSeconds(2);

    private final LimitEngine limiter;
    private final RuleStatuses ruleStatus = new RuleStatuses();
    private final List<Group> groups = new ArrayList<>();
    private final PaidCharges paid;
    /** The names of the rules that refuse while Redis is unavailable. */
    private final List<String> closed = new ArrayList<>();

    /** The ids of the counters that refuse only because requests in progress hold tokens. */
    private final List<String> busy = new ArrayList<>();

    private final LocalRefusals refusals;

    private @Nullable LimitDecision decision;
    /** Whether waiting for a place cannot help. */
    private boolean refusedForGood;

    /** The charges that one script call decides together. */
    private static final class Group {
        private final List<CounterCharge> charges = new ArrayList<>();
        private @Nullable Response<List<Limit.Result>> reply;
    }

    RateLimitCheck(LimitEngine limiter) {
        this.limiter = limiter;
        this.refusals = new LocalRefusals(limiter.refusalCache());
        this.paid = new PaidCharges(limiter);
    }

    /** Returns the check of a request from an address on the deny list. */
    static RateLimitCheck denied(LimitEngine limiter) {
        RateLimitCheck check = new RateLimitCheck(limiter);
        check.decision = new LimitDecision.Denied();
        return check;
    }

    /** Adds the calls that decide the charges to a pipeline; none if this node knows the decision already. */
    void begin(List<CounterCharge> charges, boolean oneSlot, boolean held, Pipeline pipeline) {
        for (CounterCharge charge : charges) {
            ruleStatus.expect(charge.rule());
        }
        for (RuleStatus refused : refusals.find(charges)) {
            ruleStatus.add(refused);
        }
        if (!ruleStatus.all().isEmpty()) {
            decision = ruleStatus.summary();
            for (RuleStatus status : ruleStatus.all()) {
                limiter.counters(status.rule()).locally.increment();
            }
            count();
            return;
        }
        for (CounterCharge charge : charges) {
            RuleStatus prepaid = limiter.prefetch().take(charge);
            if (prepaid != null) {
                paid.addPrepaid(charge);
                ruleStatus.add(prepaid);
            } else {
                groupOf(charge, oneSlot).add(limiter.prefetch().withRequestSize(charge));
            }
        }
        for (Group group : groups) {
            group.reply = pipeline.add(CounterStore.decide(group.charges, held));
        }
    }

    private List<CounterCharge> groupOf(CounterCharge charge, boolean oneSlot) {
        for (Group group : groups) {
            if (oneSlot || group.charges.get(0).slotGroup().equals(charge.slotGroup())) {
                return group.charges;
            }
        }
        Group group = new Group();
        groups.add(group);
        return group.charges;
    }

    /** Returns whether the request is already refused, without a call to Redis. */
    public boolean isRefused() {
        return decision != null;
    }

    /** Returns the decision; to be called after the pipeline was sent. Does not wait, except for refunds on a cluster. */
    public LimitDecision decision() {
        LimitDecision known = decision;
        if (known == null) {
            try {
                for (Group group : groups) {
                    apply(group);
                }
            } finally {
                refusals.answered();
            }
            ruleStatus.sort();
            known = closed.isEmpty()
                    ? ruleStatus.summary()
                    : new LimitDecision.Unavailable(ruleStatus.all(), closed, RETRY_WITHOUT_REDIS);
            boolean allowed = known instanceof LimitDecision.Allowed;
            if (!allowed) {
                paid.refund();
            }
            decision = known;
            if (!isBusy()) {
                count();
            }
        }
        return known;
    }

    /** Returns whether the request is refused only because requests in progress hold tokens. {@link #giveUp} counts it as refused. */
    public boolean isBusy() {
        return decision instanceof LimitDecision.Refused && !busy.isEmpty() && !refusedForGood;
    }

    /** Records that the request stops waiting for a place, and counts it as refused. */
    public void giveUp() {
        if (isBusy()) {
            refusedForGood = true;
            count();
        }
    }

    /** Returns the ids of the counters that the request waits for. */
    public List<String> busyCounters() {
        return List.copyOf(busy);
    }

    /** Returns the ids of the counters in which the request holds tokens. */
    public List<String> heldCounters() {
        return paid.heldCounters();
    }

    private void apply(Group group) {
        for (CounterCharge charge : group.charges) {
            if (charge.tokens() > charge.rule().cost()) {
                limiter.prefetch().requestDone(charge);
            }
        }
        List<Limit.Result> results;
        try {
            results =
                    Objects.requireNonNull(group.reply, "the calls of begin()").get();
        } catch (GatehouseException e) {
            decideLocally(group.charges);
            return;
        }
        int first = ruleStatus.all().size();
        boolean refused = read(group.charges, results);
        for (int i = 0; i < results.size() && !refused; i++) {
            CounterCharge charge = group.charges.get(i);
            Limit.Result result = results.get(i);
            if (result.granted() > 0) {
                paid.add(charge.withTokens(charge.rule().cost()));
                limiter.prefetch().granted(charge, result, ruleStatus.all().get(first + i));
            }
        }
    }

    /** Decides charges without Redis, each as its rule is configured for that. */
    private void decideLocally(List<CounterCharge> charges) {
        List<CounterCharge> local = new ArrayList<>();
        for (CounterCharge charge : charges) {
            limiter.counters(charge.rule()).withoutRedis.increment();
            switch (charge.rule().onRedisFailure()) {
                case OPEN -> {}
                case CLOSED -> {
                    if (charge.rule().mode() == RateLimitRule.Mode.ENFORCE) {
                        closed.add(charge.rule().name());
                    }
                }
                case LOCAL -> local.add(charge);
            }
        }
        List<Limit.Result> results = limiter.local().decide(local);
        boolean refused = read(local, results);
        for (int i = 0; i < local.size() && !refused; i++) {
            if (results.get(i).granted() > 0) {
                paid.addLocal(local.get(i));
            }
        }
    }

    /** Records the status of each charge; returns whether a rule refuses. */
    private boolean read(List<CounterCharge> charges, List<Limit.Result> results) {
        boolean refused = false;
        for (int i = 0; i < results.size(); i++) {
            refused |= charges.get(i).isRefusedBy(results.get(i));
        }
        for (int i = 0; i < results.size(); i++) {
            RuleStatus status = charges.get(i).status(results.get(i), refused);
            ruleStatus.add(status);
            if (status.refuses() && results.get(i).busy()) {
                busy.add(charges.get(i).id());
            } else if (status.refuses()) {
                refusedForGood = true;
                refusals.note(charges.get(i), status.retryAfter());
                limiter.blocked().note(charges.get(i), status.retryAfter());
            }
        }
        return refused;
    }

    /** Returns whether the request is refused, and only by rules that count by user. */
    boolean onlyUsersRefuse() {
        return decision instanceof LimitDecision.Refused && ruleStatus.onlyUsersRefuse();
    }

    /** Refunds the charges of rules that count by user; other charges stay. */
    void refundUsers() {
        paid.refundUsers();
    }

    /** Refunds all charges, because the request does not reach the application. */
    void refund() {
        paid.refund();
    }

    /**
     * Completes the check once the outcome is known: refunds the rules that count failures if the response is not a failure, and releases
     * the tokens that the request held. Costs one round trip if there are such rules, otherwise none.
     *
     * @param status the status of the response
     */
    public void complete(int status) {
        paid.complete(status);
    }

    /** Refunds all charges, because the checked action did not happen. */
    public void cancel() {
        if (decision() instanceof LimitDecision.Allowed) {
            paid.refund();
        }
    }

    private void count() {
        boolean allowed = decision instanceof LimitDecision.Allowed;
        for (RuleStatus status : ruleStatus.all()) {
            RuleCounters counters = limiter.counters(status.rule());
            if (status.refuses()) {
                counters.refused.increment();
            } else if (status.violated()) {
                counters.wouldRefuse.increment();
            } else if (allowed) {
                counters.allowed.increment();
            }
        }
    }
}
