package io.gatehouse.internal.ratelimit;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final List<RateLimitRule> order = new ArrayList<>();
    private final List<RuleStatus> ruleStatus = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    /** The charges that prefetched tokens paid. */
    private final List<CounterCharge> prepaid = new ArrayList<>();
    /** The charges in Redis that can be refunded. */
    private final List<CounterCharge> charged = new ArrayList<>();

    /** The charges on this node alone, made while Redis was unavailable. */
    private final List<CounterCharge> chargedLocally = new ArrayList<>();
    /** The names of the rules that refuse while Redis is unavailable. */
    private final List<String> closed = new ArrayList<>();

    /** The ids of the counters that refuse only because requests in progress hold tokens. */
    private final List<String> busy = new ArrayList<>();

    private final LocalRefusals refusals;

    private @Nullable LimitDecision decision;
    /** Whether waiting for a place cannot help. */
    private boolean refusedForGood;

    /** The charges that one script call decides together. */
    private record Group(List<CounterCharge> charges, Response<List<Limit.Result>> reply) {}

    RateLimitCheck(LimitEngine limiter) {
        this.limiter = limiter;
        this.refusals = new LocalRefusals(limiter.refusalCache());
    }

    /** Returns the check of a request from an address on the deny list. */
    static RateLimitCheck denied(LimitEngine limiter) {
        RateLimitCheck check = new RateLimitCheck(limiter);
        check.decision = new LimitDecision.Denied();
        return check;
    }

    /** Adds the calls that decide the charges to a pipeline; none if this node knows the decision already. */
    void begin(List<CounterCharge> charges, boolean oneSlot, boolean held, Pipeline pipeline) {
        charges.forEach(charge -> order.add(charge.rule()));
        ruleStatus.addAll(refusals.find(charges));
        if (!ruleStatus.isEmpty()) {
            decision = summary();
            ruleStatus.forEach(status -> limiter.counters(status.rule()).locally.increment());
            count();
            return;
        }
        Map<String, List<CounterCharge>> bySlot = new LinkedHashMap<>();
        for (CounterCharge charge : charges) {
            long left = charge.rule().lease() ? limiter.prefetch().take(charge) : -1;
            if (left >= 0) {
                prepaid.add(charge);
                ruleStatus.add(new RuleStatus(charge.rule(), charge.id(), false, left, Duration.ZERO, Duration.ZERO));
            } else {
                bySlot.computeIfAbsent(oneSlot ? "" : charge.slotGroup(), any -> new ArrayList<>())
                        .add(charge.rule().lease() ? limiter.prefetch().withRequestSize(charge) : charge);
            }
        }
        bySlot.values().forEach(group -> groups.add(new Group(group, pipeline.add(CounterStore.decide(group, held)))));
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
                groups.forEach(this::apply);
            } finally {
                refusals.answered();
            }
            ruleStatus.sort(Comparator.comparingInt(status -> order.indexOf(status.rule())));
            known = closed.isEmpty()
                    ? summary()
                    : new LimitDecision.Unavailable(ruleStatus, closed, RETRY_WITHOUT_REDIS);
            boolean allowed = known instanceof LimitDecision.Allowed;
            if (!allowed) {
                refund();
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
        return charged.stream()
                .filter(charge -> charge.rule().countsFailures())
                .map(charge -> charge.id())
                .toList();
    }

    private void apply(Group group) {
        group.charges().stream()
                .filter(charge -> charge.tokens() > charge.rule().cost())
                .forEach(charge -> limiter.prefetch().requestDone(charge));
        List<Limit.Result> results;
        try {
            results = group.reply().get();
        } catch (GatehouseException e) {
            decideLocally(group.charges());
            return;
        }
        boolean refused = read(group.charges(), results);
        for (int i = 0; i < results.size() && !refused; i++) {
            CounterCharge charge = group.charges().get(i);
            long cost = charge.rule().cost();
            long granted = results.get(i).granted();
            if (granted > 0) {
                charged.add(charge.withTokens(cost));
                limiter.prefetch().keep(charge, granted - cost);
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
                chargedLocally.add(local.get(i));
            }
        }
    }

    /** Records the status of each charge; returns whether a rule refuses. */
    private boolean read(List<CounterCharge> charges, List<Limit.Result> results) {
        boolean refused = false;
        for (int i = 0; i < results.size(); i++) {
            RuleStatus status = charges.get(i).status(results.get(i));
            ruleStatus.add(status);
            refused |= status.refuses();
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

    private LimitDecision summary() {
        return ruleStatus.stream()
                .filter(RuleStatus::refuses)
                .map(RuleStatus::retryAfter)
                .max(Duration::compareTo)
                .<LimitDecision>map(wait -> new LimitDecision.Refused(ruleStatus, wait))
                .orElseGet(() -> new LimitDecision.Allowed(ruleStatus, order.isEmpty()));
    }

    /** Returns whether the request is refused, and only by rules that count by user. */
    boolean onlyUsersRefuse() {
        return decision instanceof LimitDecision.Refused
                && ruleStatus.stream()
                        .filter(RuleStatus::refuses)
                        .allMatch(status -> status.rule().countsUsers());
    }

    /** Refunds the charges of rules that count by user; other charges stay. */
    void refundUsers() {
        limiter.refund(removeUsers(charged));
        limiter.local().refund(removeUsers(chargedLocally));
    }

    private static List<CounterCharge> removeUsers(List<CounterCharge> charges) {
        List<CounterCharge> users =
                charges.stream().filter(charge -> charge.rule().countsUsers()).toList();
        charges.removeAll(users);
        return users;
    }

    /** Refunds all charges, because another group refused or because the request does not reach the application. */
    void refund() {
        prepaid.forEach(charge -> limiter.prefetch().keep(charge, charge.rule().cost()));
        prepaid.clear();
        limiter.refund(charged);
        charged.clear();
        limiter.local().refund(chargedLocally);
        chargedLocally.clear();
    }

    /**
     * Completes the check once the outcome is known: refunds the rules that count failures if the response is not a failure, and releases
     * the tokens that the request held. Costs one round trip if there are such rules, otherwise none.
     *
     * @param status the status of the response
     */
    public void complete(int status) {
        List<CounterCharge> completed = new ArrayList<>(forgiven(charged, status));
        charged.stream()
                .filter(charge -> charge.rule().countsFailures()
                        && charge.rule().failures().contains(status))
                .forEach(charge -> completed.add(charge.withTokens(0)));
        charged.clear();
        limiter.refund(completed);
        limiter.local().refund(forgiven(chargedLocally, status));
        chargedLocally.clear();
    }

    /** Refunds all charges, because the checked action did not happen. */
    public void cancel() {
        if (decision() instanceof LimitDecision.Allowed) {
            refund();
        }
    }

    private static List<CounterCharge> forgiven(Collection<CounterCharge> charges, int status) {
        return charges.stream()
                .filter(charge -> charge.rule().countsFailures()
                        && !charge.rule().failures().contains(status))
                .toList();
    }

    private void count() {
        boolean allowed = decision instanceof LimitDecision.Allowed;
        for (RuleStatus status : ruleStatus) {
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
