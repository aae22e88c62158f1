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
 * One request on its way past its rules: begun before the flight leaves, decided when it is back, settled when the answer is
 * known. Belongs to one request; its methods are called one after the other.
 */
public final class RateLimitCheck {
    private static final Duration AWAY = Duration.ofSeconds(2);

    private final LimitEngine limiter;
    private final List<RateLimitRule> order = new ArrayList<>();
    private final List<RuleStatus> ruleStatus = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    /** What was paid from tokens at hand, with one standing each. */
    private final List<CounterCharge> leased = new ArrayList<>();
    /** What was charged and can be given back. */
    private final List<CounterCharge> charged = new ArrayList<>();

    private final List<CounterCharge> chargedHere = new ArrayList<>();
    /** Names of rules that let nothing through while Redis is away. */
    private final List<String> closed = new ArrayList<>();

    /** Hashes of counters that refuse only because of what requests under way hold. */
    private final List<String> busy = new ArrayList<>();

    private @Nullable LimitDecision decision;
    private boolean refusedForGood;

    /** Charges that one call decides. */
    private record Group(List<CounterCharge> charges, Response<List<Limit.Result>> reply) {}

    RateLimitCheck(LimitEngine limiter) {
        this.limiter = limiter;
    }

    /** A check whose answer is known before it begins. */
    static RateLimitCheck denied(LimitEngine limiter) {
        RateLimitCheck check = new RateLimitCheck(limiter);
        check.decision = new LimitDecision.Denied();
        return check;
    }

    /** Puts what has to be asked into a flight; nothing if all is known here. */
    void begin(List<CounterCharge> charges, boolean oneSlot, boolean held, Pipeline pipeline) {
        charges.forEach(charge -> order.add(charge.rule()));
        for (CounterCharge charge : charges) {
            Duration left = limiter.blocked().left(charge);
            if (!left.isZero() && charge.rule().mode() == RateLimitRule.Mode.ENFORCE) {
                ruleStatus.add(new RuleStatus(charge.rule(), charge.id(), true, 0, left, left));
            }
        }
        if (!ruleStatus.isEmpty()) {
            decision = refusal();
            ruleStatus.forEach(
                    standing -> limiter.counters(standing.rule()).locally.increment());
            count();
            return;
        }
        Map<String, List<CounterCharge>> bySlot = new LinkedHashMap<>();
        for (CounterCharge charge : charges) {
            long left = charge.rule().lease() ? limiter.leases().take(charge) : -1;
            if (left >= 0) {
                leased.add(charge);
                ruleStatus.add(new RuleStatus(charge.rule(), charge.id(), false, left, Duration.ZERO, Duration.ZERO));
            } else {
                bySlot.computeIfAbsent(oneSlot ? "" : charge.slotGroup(), any -> new ArrayList<>())
                        .add(wished(charge));
            }
        }
        bySlot.values().forEach(group -> groups.add(new Group(group, pipeline.add(CounterStore.decide(group, held)))));
    }

    private CounterCharge wished(CounterCharge charge) {
        return charge.rule().lease() ? charge.withTokens(limiter.leases().wish(charge)) : charge;
    }

    /** Whether it is refused already, without asking Redis. */
    public boolean isRefused() {
        return decision != null;
    }

    /** What the rules say, once the flight was sent. Does not wait, but for what has to be given back on a cluster. */
    public LimitDecision decision() {
        LimitDecision known = decision;
        if (known == null) {
            groups.forEach(this::judge);
            ruleStatus.sort(Comparator.comparingInt(standing -> order.indexOf(standing.rule())));
            known = closed.isEmpty() ? refusal() : new LimitDecision.Unavailable(ruleStatus, closed, AWAY);
            boolean allowed = known instanceof LimitDecision.Allowed;
            if (!allowed) {
                withdraw();
            }
            decision = known;
            if (!isBusy()) {
                count();
            }
        }
        return known;
    }

    /** Whether it is refused only because requests under way hold the places; then it counts as refused after {@link #giveUp}. */
    public boolean isBusy() {
        return decision instanceof LimitDecision.Refused && !busy.isEmpty() && !refusedForGood;
    }

    /** The request does not wait any longer for a place. */
    public void giveUp() {
        if (isBusy()) {
            refusedForGood = true;
            count();
        }
    }

    /** What identifies the counters whose places a request waits for. */
    public List<String> busyCounters() {
        return List.copyOf(busy);
    }

    /** What identifies the counters of which it holds places. */
    public List<String> heldCounters() {
        return charged.stream()
                .filter(charge -> charge.rule().countsFailures())
                .map(charge -> charge.id())
                .toList();
    }

    private void judge(Group group) {
        group.charges().stream()
                .filter(charge -> charge.tokens() > charge.rule().cost())
                .forEach(charge -> limiter.leases().answered(charge));
        List<Limit.Result> results;
        try {
            results = group.reply().get();
        } catch (GatehouseException e) {
            judgeAlone(group.charges());
            return;
        }
        boolean refused = read(group.charges(), results);
        for (int i = 0; i < results.size() && !refused; i++) {
            CounterCharge charge = group.charges().get(i);
            long cost = charge.rule().cost();
            long granted = results.get(i).granted();
            if (granted > 0) {
                charged.add(charge.withTokens(cost));
                limiter.leases().keep(charge, granted - cost);
            }
        }
    }

    /** Redis said nothing: each rule as it wants it then. */
    private void judgeAlone(List<CounterCharge> charges) {
        List<CounterCharge> local = new ArrayList<>();
        for (CounterCharge charge : charges) {
            limiter.counters(charge.rule()).away.increment();
            switch (charge.rule().away()) {
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
                chargedHere.add(local.get(i));
            }
        }
    }

    /** Says whether a rule refuses. */
    private boolean read(List<CounterCharge> charges, List<Limit.Result> results) {
        boolean refused = false;
        for (int i = 0; i < results.size(); i++) {
            RuleStatus standing = charges.get(i).status(results.get(i));
            ruleStatus.add(standing);
            refused |= standing.refuses();
            if (standing.refuses() && results.get(i).busy()) {
                busy.add(charges.get(i).id());
            } else if (standing.refuses()) {
                refusedForGood = true;
                limiter.blocked().note(charges.get(i), standing.retryAfter());
            }
        }
        return refused;
    }

    private LimitDecision refusal() {
        return ruleStatus.stream()
                .filter(RuleStatus::refuses)
                .map(RuleStatus::retryAfter)
                .max(Duration::compareTo)
                .<LimitDecision>map(wait -> new LimitDecision.Refused(ruleStatus, wait))
                .orElseGet(() -> new LimitDecision.Allowed(ruleStatus));
    }

    /** Whether rules by user refuse, and no others. */
    boolean onlyUsersRefuse() {
        return decision instanceof LimitDecision.Refused
                && ruleStatus.stream()
                        .filter(RuleStatus::refuses)
                        .allMatch(standing -> standing.rule().countsUsers());
    }

    /** Gives back what rules by user have charged; the others stay charged. */
    void giveBackUsers() {
        limiter.refund(removeUsers(charged));
        limiter.local().refund(removeUsers(chargedHere));
    }

    private static List<CounterCharge> removeUsers(List<CounterCharge> charges) {
        List<CounterCharge> users =
                charges.stream().filter(charge -> charge.rule().countsUsers()).toList();
        charges.removeAll(users);
        return users;
    }

    /** Gives everything back that was charged: a part has refused, or the application does not see the request. */
    void withdraw() {
        leased.forEach(charge -> limiter.leases().keep(charge, charge.rule().cost()));
        leased.clear();
        limiter.refund(charged);
        charged.clear();
        limiter.local().refund(chargedHere);
        chargedHere.clear();
    }

    /**
     * Gives back what rules have charged that count failures only, if the answer is none for them, and the places that the request
     * held. Costs one exchange with Redis if there are such rules, and nothing otherwise.
     *
     * @param status the status of the answer
     */
    public void settle(int status) {
        List<CounterCharge> settled = new ArrayList<>(forgiven(charged, status));
        charged.stream()
                .filter(charge -> charge.rule().countsFailures()
                        && charge.rule().failures().contains(status))
                .forEach(charge -> settled.add(charge.withTokens(0)));
        charged.clear();
        limiter.refund(settled);
        limiter.local().refund(forgiven(chargedHere, status));
        chargedHere.clear();
    }

    /** Gives everything back, because what was checked did not happen. */
    public void cancel() {
        if (decision() instanceof LimitDecision.Allowed) {
            withdraw();
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
        for (RuleStatus standing : ruleStatus) {
            RuleCounters counters = limiter.counters(standing.rule());
            if (standing.refuses()) {
                counters.refused.increment();
            } else if (standing.violated()) {
                counters.wouldRefuse.increment();
            } else if (allowed) {
                counters.allowed.increment();
            }
        }
    }
}
