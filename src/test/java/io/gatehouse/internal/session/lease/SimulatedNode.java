package io.gatehouse.internal.session.lease;

import io.gatehouse.internal.session.lease.LeaseModel.Mutation;
import io.gatehouse.internal.session.lease.LeaseModel.SimulatedStore;
import io.gatehouse.internal.session.lease.LeaseModel.SimulatedStore.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node of a {@link LeaseModel}, with its own clocks. */
final class SimulatedNode {
    private static final double REPEAT = 100;
    private static final double PATIENCE = SessionLeases.PATIENCE.toMillis();

    private final LeaseModel model;
    private final double rate;
    private double standstill;
    private double wallOffset;
    private double asleepUntil;
    private double cutOffUntil;
    private String name;
    private HeldLeases held;
    private EndedLeases ended = new EndedLeases();
    private final Map<Long, LeaseWait> waits = new HashMap<>();
    private @Nullable Copy copy;
    private long changes;

    private record Copy(Lease lease, int version, double asked) {}

    SimulatedNode(LeaseModel model) {
        this.model = model;
        this.rate = 0.97 + model.random.nextDouble() * 0.06;
        this.wallOffset = model.random.nextDouble() * 1e6;
        this.name = model.newName();
        this.held = newLeases();
    }

    private HeldLeases newLeases() {
        InstantSource wall = () -> Instant.ofEpochMilli(
                model.mutation == Mutation.IGNORES_THE_WALL_CLOCK
                        ? nanos() / 1_000_000
                        : (long) (model.now() + wallOffset));
        return new HeldLeases(name, this::nanos, wall);
    }

    private long nanos() {
        return (long) ((model.now() - standstill) * rate * 1e6);
    }

    String name() {
        return name;
    }

    boolean isCutOff() {
        return model.now() < cutOffUntil;
    }

    /** Runs an action now, or as soon as the process runs again. */
    void whenAwake(Runnable action) {
        if (model.now() < asleepUntil) {
            model.at(asleepUntil, () -> whenAwake(action));
        } else {
            action.run();
        }
    }

    /** Draws what happens to this node. A machine whose clock is set is not also suspended: together they could cancel out. */
    void drawFaults(double length) {
        boolean clockIsSet = model.chance(0.3);
        for (int i = 0; i < 4; i++) {
            double at = model.random.nextDouble() * length;
            double time = model.random.nextDouble() * 4000;
            switch (model.random.nextInt(5)) {
                case 0 -> model.at(at, () -> asleepUntil = model.now() + time); // a paused process
                case 1 -> model.at(at, () -> cutOffUntil = model.now() + time);
                case 2 -> model.at(at, this::restart);
                case 3 ->
                    model.at(at, () -> {
                        if (clockIsSet) {
                            wallOffset += (model.random.nextDouble() - 0.5) * 20_000;
                        } else { // a suspended machine, whose monotonic clock stands still
                            asleepUntil = model.now() + time;
                            standstill += time;
                        }
                    });
                default -> {}
            }
        }
    }

    private void restart() {
        name = model.newName();
        held = newLeases();
        ended = new EndedLeases();
        waits.clear();
        copy = null;
    }

    void read() {
        whenAwake(this::readNow);
    }

    private void readNow() {
        double begun = model.now();
        Copy known = copy;
        if (known != null && held.isValid(known.lease()) && !held.shouldRenew(known.lease())) {
            model.readsFromCopies++;
            if (begun - known.asked() > HeldLeases.LONGEST.toMillis() / 0.97 + 1) {
                model.violations.add("answered from a copy after " + (begun - known.asked()) + " ms");
            }
            model.judge(begun, known.version(), "from a copy");
            return;
        }
        if (isCutOff()) {
            return; // 503
        }
        HeldLeases leases = held;
        LeaseRequest request = leases.request(LeaseModel.SESSION, LeaseModel.USER);
        @Nullable Integer[] version = new @Nullable Integer[1];
        boolean[] accepted = new boolean[1];
        double toSession = model.delay();
        double toUser = model.delay(); // on a cluster, another master
        model.after(toSession, () -> version[0] = model.store.load(request));
        model.after(toUser, () -> accepted[0] = model.store.accepts(request));
        if (model.chance(0.05)) { // the request is sent a second time, because the connection broke
            model.after(toSession + model.delay(), () -> model.store.load(request));
        }
        model.after(
                Math.max(toSession, toUser) + model.delay(),
                () -> whenAwake(() -> {
                    if (leases == held && !isCutOff()) {
                        boolean found = version[0] != null && accepted[0];
                        model.judge(begun, found ? version[0] : null, "from the store");
                        if (found) {
                            copy = new Copy(held.granted(asSeenBy(leases, request), 0, 0), version[0], begun);
                        }
                    }
                }));
    }

    private LeaseRequest asSeenBy(HeldLeases leases, LeaseRequest request) {
        LeaseRequest late = leases.request(LeaseModel.SESSION, LeaseModel.USER);
        return switch (model.mutation) {
            case COUNTS_FROM_THE_REPLY ->
                with(request, late.askedAt(), late.askedAtMillis(), request.sessionGeneration());
            case IGNORES_LETTING_GO_DURING_THE_READ ->
                with(request, request.askedAt(), request.askedAtMillis(), late.sessionGeneration());
            default -> request;
        };
    }

    private static LeaseRequest with(LeaseRequest request, long askedAt, long askedAtMillis, long generation) {
        return new LeaseRequest(
                request.node(),
                request.number(),
                request.lookup(),
                request.userTag(),
                askedAt,
                askedAtMillis,
                generation,
                request.userGeneration());
    }

    void write(Write write) {
        whenAwake(() -> {
            if (isCutOff()) {
                return;
            }
            LeaseWait wait = new LeaseWait(++changes, SimulatedStore.name(write));
            waits.put(wait.number(), wait);
            String writer = name;
            model.after(model.delay(), () -> {
                boolean effective = model.store.exists() || write == Write.END;
                List<Holder> holders = model.store.write(write);
                int version = model.store.version();
                holders.forEach(holder -> tell(holder.node(), writer, wait.number(), SimulatedStore.name(write)));
                boolean lost = model.chance(0.1);
                model.after(
                        model.delay(),
                        () -> whenAwake(() -> {
                            if (!lost && !isCutOff() && name.equals(writer)) {
                                settle(write, wait, holders, effective ? version : 0);
                            }
                        }));
            });
        });
    }

    private void settle(Write write, LeaseWait wait, List<Holder> holders, int version) {
        wait.heldBy(
                ended.without(holders.stream()
                        .filter(holder -> !holder.node().equals(name))
                        .toList()),
                nanos());
        held.letGo(SimulatedStore.name(write));
        await(write, wait, version, name, nanos(), model.now());
    }

    private void await(Write write, LeaseWait wait, int version, String writer, long since, double begun) {
        if (!name.equals(writer)) {
            return; // the node has died
        }
        List<Holder> outstanding = wait.outstanding();
        boolean patient = (nanos() - since) / 1e6 < PATIENCE;
        boolean early = model.mutation == Mutation.WAITS_ONLY_FOR_THE_FIRST_HOLDER && outstanding.size() == 1;
        if (outstanding.isEmpty() || !patient || early || model.mutation == Mutation.DOES_NOT_WAIT) {
            outstanding.forEach(ended::waitedFor);
            waits.remove(wait.number());
            if ((nanos() - since) / 1e6 > PATIENCE + 1 && asleepUntil < begun) {
                model.violations.add("waited for " + (nanos() - since) / 1e6 + " ms");
            }
            model.acknowledge(write, version);
            return;
        }
        double left = PATIENCE - (nanos() - since) / 1e6;
        model.after(
                Math.min(REPEAT, left / rate + 0.001),
                () -> whenAwake(() -> {
                    wait.outstanding()
                            .forEach(holder -> tell(holder.node(), writer, wait.number(), SimulatedStore.name(write)));
                    await(write, wait, version, writer, since, begun);
                }));
    }

    private void tell(String holder, String writer, long number, String what) {
        model.send(holder, receiver -> {
            if (model.mutation == Mutation.ACKNOWLEDGES_BEFORE_LETTING_GO) {
                model.after(20, () -> receiver.held.letGo(what));
            } else {
                receiver.held.letGo(what);
            }
            String acknowledging = receiver.name;
            model.send(writer, node -> {
                LeaseWait wait = node.waits.get(number);
                if (wait != null) {
                    wait.acknowledge(acknowledging);
                }
            });
        });
    }
}
