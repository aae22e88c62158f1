package io.gatehouse.internal.ratelimit;

import java.util.ArrayList;
import java.util.List;

/**
 * The charges that one request has paid: with tokens that this node had taken in advance, in Redis, or on this node alone while Redis is
 * unavailable. Refunds them if the request is refused or its outcome does not count. Not thread-safe; belongs to one request.
 */
final class PaidCharges {
    private final LimitEngine limiter;
    /** The charges that prefetched tokens paid. */
    private final List<CounterCharge> prepaid = new ArrayList<>();
    /** The charges in Redis that can be refunded. */
    private final List<CounterCharge> charged = new ArrayList<>();
    /** The charges on this node alone, made while Redis was unavailable. */
    private final List<CounterCharge> chargedLocally = new ArrayList<>();

    PaidCharges(LimitEngine limiter) {
        this.limiter = limiter;
    }

    void addPrepaid(CounterCharge charge) {
        prepaid.add(charge);
    }

    void add(CounterCharge charge) {
        charged.add(charge);
    }

    void addLocal(CounterCharge charge) {
        chargedLocally.add(charge);
    }

    /** Returns the ids of the counters in which the request holds tokens. */
    List<String> heldCounters() {
        List<String> held = new ArrayList<>();
        for (CounterCharge charge : charged) {
            if (charge.rule().countsFailures()) {
                held.add(charge.id());
            }
        }
        return held;
    }

    /** Refunds all charges. */
    void refund() {
        putBack(prepaid);
        prepaid.clear();
        limiter.refund(charged);
        charged.clear();
        limiter.local().refund(chargedLocally);
        chargedLocally.clear();
    }

    /** Refunds the charges of rules that count by user; other charges stay. */
    void refundUsers() {
        putBack(removeUsers(prepaid));
        limiter.refund(removeUsers(charged));
        limiter.local().refund(removeUsers(chargedLocally));
    }

    /** Refunds charges of rules that count failures if the status is not a failure, and releases the tokens that the request held. */
    void complete(int status) {
        List<CounterCharge> completed = forgiven(charged, status);
        for (CounterCharge charge : charged) {
            if (charge.rule().countsFailures() && charge.rule().failures().contains(status)) {
                completed.add(charge.withTokens(0));
            }
        }
        charged.clear();
        limiter.refund(completed);
        limiter.local().refund(forgiven(chargedLocally, status));
        chargedLocally.clear();
    }

    private void putBack(List<CounterCharge> charges) {
        for (CounterCharge charge : charges) {
            limiter.prefetch().putBack(charge);
        }
    }

    private static List<CounterCharge> removeUsers(List<CounterCharge> charges) {
        List<CounterCharge> users = new ArrayList<>();
        for (CounterCharge charge : charges) {
            if (charge.rule().countsUsers()) {
                users.add(charge);
            }
        }
        charges.removeAll(users);
        return users;
    }

    private static List<CounterCharge> forgiven(List<CounterCharge> charges, int status) {
        List<CounterCharge> forgiven = new ArrayList<>();
        for (CounterCharge charge : charges) {
            if (charge.rule().countsFailures() && !charge.rule().failures().contains(status)) {
                forgiven.add(charge);
            }
        }
        return forgiven;
    }
}
