package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.Redis;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One schedule of requests on a new session. Each step is compared with a small model. */
final class IdentitySchedule {
    enum Step {
        ADMIT,
        SET,
        CHANGE,
        SAVE,
        END,
        RELEASE
    }

    static final List<List<Step>> SCRIPTS = List.of(
            List.of(Step.ADMIT, Step.SET, Step.SAVE, Step.RELEASE),
            List.of(Step.ADMIT, Step.CHANGE, Step.SET, Step.SAVE, Step.RELEASE),
            List.of(Step.ADMIT, Step.SET, Step.CHANGE, Step.SAVE, Step.RELEASE),
            List.of(Step.ADMIT, Step.CHANGE, Step.SAVE, Step.SET, Step.SAVE, Step.RELEASE),
            List.of(Step.ADMIT, Step.SET, Step.END, Step.RELEASE));

    /** The attribute names that requests of one identity see on one node. */
    private static final class Group {
        final Set<String> known;
        final Set<String> stored;
        boolean ended;

        Group(Set<String> known, Set<String> stored) {
            this.known = new TreeSet<>(known);
            this.stored = new TreeSet<>(stored);
        }

        boolean hasPending() {
            return !known.equals(stored);
        }
    }

    /** The expected state. */
    private static final class Model {
        final Set<String> stored = new TreeSet<>();
        final Map<String, Group> groups = new HashMap<>();
        long identity;
        boolean alive = true;
    }

    static final class Request {
        final String name;
        final Node node;
        final int nodeNumber;
        final List<Step> script;
        int next;
        int sets;

        @Nullable
        Session session;

        long identity;
        boolean changed;

        @Nullable
        Group group;

        Request(String name, Node node, int nodeNumber, List<Step> script) {
            this.name = name;
            this.node = node;
            this.nodeNumber = nodeNumber;
            this.script = script;
        }

        boolean isDone() {
            return next == script.size();
        }

        /** Returns whether nothing but the release is left. */
        boolean isReleasing() {
            return !isDone() && script.get(next) == Step.RELEASE;
        }

        Group group() {
            if (group == null) {
                throw new AssertionError("not admitted");
            }
            return group;
        }

        Session session() {
            if (session == null) {
                throw new AssertionError("not admitted");
            }
            return session;
        }
    }

    private final Node one;
    private final Node two;
    final String planted;
    final Model model = new Model();
    final List<Request> requests = new ArrayList<>();
    final StringBuilder history = new StringBuilder();
    String latest;
    final int[] running = new int[2];

    IdentitySchedule(Redis first, Redis second) {
        one = new Node(first);
        two = new Node(second);
        planted = one.stored("made", true);
        latest = planted;
        model.stored.add("made");
    }

    void add(List<Step> script, int node) {
        requests.add(new Request("r" + requests.size(), node == 0 ? one : two, node, script));
    }

    void step(Request request, String token) {
        Step step = request.script.get(request.next++);
        if (step != Step.ADMIT && request.session == null) {
            return;
        }
        history.append(request.name)
                .append('@')
                .append(request.nodeNumber)
                .append(' ')
                .append(step)
                .append(", ");
        switch (step) {
            case ADMIT -> admit(request, token);
            case SET -> {
                String attribute = request.name + request.sets++;
                request.session().setAttribute(attribute, true);
                request.group().known.add(attribute);
            }
            case CHANGE -> {
                request.session().changeId();
                Group group = request.group();
                request.group = new Group(group.known, group.stored);
                request.group().ended = group.ended;
                request.changed = true;
            }
            case SAVE -> save(request);
            case END -> end(request);
            case RELEASE -> {
                request.node.sessions.release(request.session());
                leave(request);
            }
        }
        if (request.session != null) {
            seesNothingOfLaterIdentities(request);
        }
    }

    /** The shared state of a node is kept as long as one of its requests runs. */
    private void leave(Request request) {
        running[request.nodeNumber]--;
        if (running[request.nodeNumber] == 0) {
            model.groups.keySet().removeIf(key -> key.startsWith(request.nodeNumber + "/"));
        }
    }

    private String key(Request request) {
        return request.nodeNumber + "/" + request.identity;
    }

    private void admit(Request request, String token) {
        request.session = request.node.open(token);
        boolean right = model.alive && token.equals(latest);
        assertThat(request.session != null).as("admitted after %s", history).isEqualTo(right);
        if (right) {
            request.identity = model.identity;
            Group group = model.groups.computeIfAbsent(key(request), any -> new Group(Set.of(), Set.of()));
            group.known.addAll(model.stored);
            group.stored.addAll(model.stored);
            request.group = group;
            running[request.nodeNumber]++;
        } else if (!model.alive) {
            model.groups.forEach((key, group) -> group.ended |= key.startsWith(request.nodeNumber + "/"));
        }
    }

    private void save(Request request) {
        Group group = request.group();
        boolean changes = request.changed || group.hasPending();
        boolean current = request.identity == model.identity;
        boolean saved = request.node.sessions.save(request.session());
        if (!changes) {
            return;
        }
        assertThat(saved).as("saved after %s", history).isEqualTo(current && model.alive && !group.ended);
        if (saved) {
            model.stored.addAll(group.known);
            group.known.addAll(model.stored);
            group.stored.addAll(model.stored);
            if (request.changed) {
                request.changed = false;
                model.identity++;
                request.identity = model.identity;
                model.groups.put(key(request), group);
                latest = request.node.sessions.token(request.session());
            }
        } else if (current) {
            group.ended = true;
        }
    }

    private void end(Request request) {
        Group group = request.group();
        boolean counted = !group.ended;
        boolean first = request.node.sessions.invalidate(request.session());
        assertThat(first).as("ended after %s", history).isEqualTo(counted);
        group.ended = true;
        if (request.identity == model.identity && counted) {
            model.alive = false;
        }
    }

    private void seesNothingOfLaterIdentities(Request request) {
        Session session = request.session();
        if (!session.isEnded()) {
            assertThat(new TreeSet<>(session.attributeNames(Node.LOADER)))
                    .as("seen by %s after %s", request.name, history)
                    .isEqualTo(request.group().known);
        }
    }

    void finish() {
        for (Node node : List.of(one, two)) {
            assertThat(node.sessions.inUse()).as("in use after %s", history).isZero();
            Session session = node.open(latest);
            assertThat(session != null).as("alive after %s", history).isEqualTo(model.alive);
            if (session != null) {
                assertThat(new HashSet<>(session.attributeNames(Node.LOADER)))
                        .as("stored after %s", history)
                        .isEqualTo(model.stored);
                node.sessions.release(session);
            }
            if (!latest.equals(planted)) {
                assertThat(node.open(planted)).as("planted after %s", history).isNull();
            }
        }
    }
}
