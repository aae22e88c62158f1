package io.gatehouse.internal.session.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated cluster in which nodes read one session under leases, change it, end it, and sign its user out. Everything that can happen
 * to messages and nodes is drawn from a seed: delays, losses, duplicates, partitions, paused processes, suspended machines whose monotonic
 * clock stands still, clocks that run at different rates or are set, restarts. Time is simulated, in milliseconds.
 *
 * <p>The nodes use {@link HeldLeases}, {@link LeaseWait} and {@link EndedLeases} as the real node does; {@link SimulatedStore} behaves like
 * the scripts. Each read is judged against what was acknowledged when it began.
 */
final class LeaseModel {
    static final String SESSION = "session";
    static final String USER = "user";
    private static final double LENGTH = 12_000;
    private static final int OPERATIONS = 120;

    /** Deliberate faults, each of which some schedule must find. */
    enum Mutation {
        NONE,
        ACKNOWLEDGES_BEFORE_LETTING_GO,
        COUNTS_FROM_THE_REPLY,
        IGNORES_LETTING_GO_DURING_THE_READ,
        IGNORES_THE_WALL_CLOCK,
        DOES_NOT_WAIT,
        WAITS_ONLY_FOR_THE_FIRST_HOLDER,
        FORGETS_HOLDERS_WITH_THE_RECORD
    }

    final Random random;
    final Mutation mutation;
    final SimulatedStore store;
    final List<String> violations = new ArrayList<>();
    final List<SimulatedNode> nodes = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final TreeMap<Double, Integer> acknowledged = new TreeMap<>();
    private double now;
    private long sequence;
    private int names;
    double endAcknowledged = Double.POSITIVE_INFINITY;
    int readsFromCopies;

    LeaseModel(long seed, int size, Mutation mutation) {
        this.random = new Random(seed);
        this.mutation = mutation;
        this.store = new SimulatedStore(mutation);
        acknowledged.put(-1.0, 0);
        for (int i = 0; i < size; i++) {
            nodes.add(new SimulatedNode(this));
        }
    }

    private record Event(double at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(order, other.order) : Double.compare(at, other.at);
        }
    }

    double now() {
        return now;
    }

    void at(double time, Runnable action) {
        events.add(new Event(Math.max(now, time), sequence++, action));
    }

    void after(double delay, Runnable action) {
        at(now + delay, action);
    }

    String newName() {
        return "node" + names++;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Returns a delay: short as a rule, sometimes longer than a lease. */
    double delay() {
        double drawn = random.nextDouble();
        return drawn < 0.9
                ? random.nextDouble() * 3
                : drawn < 0.98 ? random.nextDouble() * 300 : random.nextDouble() * 3500;
    }

    /** Runs the schedule of the seed, and returns what was wrong. */
    List<String> run() {
        for (int i = 0; i < OPERATIONS; i++) {
            at(random.nextDouble() * LENGTH, this::operate);
        }
        for (SimulatedNode node : nodes) {
            node.drawFaults(LENGTH);
        }
        if (chance(0.7)) {
            double end = LENGTH * (0.4 + random.nextDouble() * 0.4);
            at(end, () -> any().write(chance(0.5) ? SimulatedStore.Write.END : SimulatedStore.Write.SIGN_OUT));
        }
        while (!events.isEmpty()) {
            Event next = events.poll();
            now = next.at();
            next.action().run();
        }
        return violations;
    }

    private SimulatedNode any() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void operate() {
        if (chance(0.85)) {
            any().read();
        } else {
            any().write(SimulatedStore.Write.CHANGE);
        }
    }

    /** Called when a client has the answer to its change, or knows that the session has ended. */
    void acknowledge(SimulatedStore.Write write, int version) {
        if (write == SimulatedStore.Write.CHANGE) {
            acknowledged.merge(now, version, Math::max);
        } else {
            endAcknowledged = Math.min(endAcknowledged, now);
        }
    }

    /** Judges a read that began at a time: with the version that it saw, or null if the session was rejected. */
    void judge(double begun, @Nullable Integer version, String how) {
        if (version == null) {
            return;
        }
        if (endAcknowledged < begun) {
            violations.add("accepted " + how + " at " + begun + ", ended at " + endAcknowledged);
        }
        int expected = acknowledged.headMap(begun, false).values().stream()
                .max(Integer::compare)
                .orElse(0);
        if (version < expected) {
            violations.add("version " + version + " " + how + " at " + begun + ", expected at least " + expected);
        }
    }

    /** The server, which runs each script at once and in full. */
    static final class SimulatedStore {
        enum Write {
            CHANGE,
            END,
            SIGN_OUT
        }

        private final Mutation mutation;
        private final Map<String, Map<String, Long>> leases = new HashMap<>();
        private boolean exists = true;
        private boolean revoked;
        private int version;

        SimulatedStore(Mutation mutation) {
            this.mutation = mutation;
        }

        /** {@code load.lua}: returns the version, or null. */
        @Nullable
        Integer load(LeaseRequest request) {
            if (!exists) {
                return null;
            }
            take(SESSION, request);
            return version;
        }

        /** {@code accepted.lua}. */
        boolean accepts(LeaseRequest request) {
            if (revoked) {
                return false;
            }
            take(USER, request);
            return true;
        }

        private void take(String name, LeaseRequest request) {
            leases.computeIfAbsent(name, any -> new HashMap<>()).merge(request.node(), request.number(), Math::max);
        }

        /** {@code save.lua}, {@code end.lua} and {@code signout.lua}: returns the holders. */
        List<Holder> write(Write write) {
            switch (write) {
                case CHANGE -> version += exists ? 1 : 0;
                case END -> exists = false;
                case SIGN_OUT -> revoked = true;
            }
            if (write == Write.END && mutation == Mutation.FORGETS_HOLDERS_WITH_THE_RECORD) {
                leases.remove(SESSION);
            }
            return leases.getOrDefault(name(write), Map.of()).entrySet().stream()
                    .map(entry -> new Holder(entry.getKey(), entry.getValue()))
                    .toList();
        }

        static String name(Write write) {
            return write == Write.SIGN_OUT ? USER : SESSION;
        }

        int version() {
            return version;
        }

        boolean exists() {
            return exists;
        }
    }

    /** Delivers a message to a node, or loses it, or delivers it twice. */
    void send(String receiver, Consumer<SimulatedNode> delivery) {
        int copies = chance(0.15) ? 0 : chance(0.1) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            after(
                    delay(),
                    () -> nodes.stream()
                            .filter(node -> node.name().equals(receiver) && !node.isCutOff())
                            .forEach(node -> node.whenAwake(() -> delivery.accept(node))));
        }
    }
}
