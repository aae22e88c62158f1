package io.gatehouse.internal.diagnostics;

import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ServerInfo;
import io.gatehouse.internal.redis.probe.ServerDiagnostics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What one server's state, configuration and rights mean for what it is used for. */
final class ServerChecks {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");
    private static final int OLDEST = 602;
    /** The first release of each line without CVE-2025-49844; lines that are not here and older than 8.2 never got one. */
    private static final Map<Integer, Integer> MENDED = Map.of(602, 20, 702, 11, 704, 6, 800, 4, 802, 2);
    /** Other servers that speak as Redis does call themselves so. */
    private static final String OF_ANOTHER_MAKE = "7.2.4";

    private static final int LAST_LINE = 802;
    private static final Duration OFF = Duration.ofSeconds(1);
    private static final Duration FAR_OFF = Duration.ofSeconds(30);

    private final ServerDiagnostics server;
    private final Findings findings;
    private final String subject;
    private final boolean sessions;
    private final boolean limits;

    ServerChecks(ServerDiagnostics server, Findings findings) {
        this.server = server;
        this.findings = findings;
        this.subject = server.purposes().stream().map(RedisPurpose::label).collect(Collectors.joining(", "));
        this.sessions = server.purposes().contains(RedisPurpose.SESSIONS);
        this.limits = server.purposes().contains(RedisPurpose.RATE_LIMIT);
    }

    /** @param replicas how many should confirm an end */
    void run(int replicas) {
        state();
        if (!server.facts().isEmpty()) {
            versions();
            memory();
            disk();
            clock();
            if (sessions) {
                replicas(replicas);
            }
        }
        if (server.state() != ServerDiagnostics.State.UP) {
            return;
        }
        rights();
    }

    private void state() {
        CheckId checkId = switch (server.state()) {
            case UP -> null;
            case UNREACHABLE -> CheckId.REDIS_UNREACHABLE;
            case SILENT -> CheckId.REDIS_SILENT;
            case DENIED -> CheckId.REDIS_DENIED;
            case TLS_FAILED -> CheckId.REDIS_TLS;
            case REPLICA -> CheckId.REDIS_REPLICA;
            case READ_ONLY -> CheckId.REDIS_READ_ONLY;
            case FULL -> CheckId.REDIS_FULL;
            case LOADING -> CheckId.REDIS_LOADING;
            case CLUSTER_DOWN -> CheckId.REDIS_CLUSTER_DOWN;
            case NO_DATABASE -> CheckId.REDIS_NO_DATABASE;
        };
        if (checkId != null) {
            for (RedisPurpose redisPurpose : server.purposes()) {
                findings.add(checkId, redisPurpose.label(), "as " + settingOf(redisPurpose) + " says");
            }
        }
    }

    private String settingOf(RedisPurpose redisPurpose) {
        return switch (server.mode()) {
            case "cluster" -> "REDIS_CLUSTER_NODES";
            case "sentinel" -> "REDIS_SENTINEL_HOSTS";
            default -> Verification.settingOf(redisPurpose);
        };
    }

    private void versions() {
        for (ServerInfo facts : server.facts()) {
            Matcher version = VERSION.matcher(facts.version());
            if (version.matches()) {
                int line = 100 * Integer.parseInt(version.group(1)) + Integer.parseInt(version.group(2));
                int patch = Integer.parseInt(version.group(3));
                String found = "it is version " + facts.version();
                boolean mended = line > LAST_LINE || patch >= MENDED.getOrDefault(line, Integer.MAX_VALUE);
                findings.addIf(line < OLDEST, CheckId.REDIS_TOO_OLD, subject, found);
                findings.addIf(
                        line >= OLDEST && !mended && !facts.version().equals(OF_ANOTHER_MAKE),
                        CheckId.REDIS_UNPATCHED,
                        subject,
                        found);
            }
        }
    }

    private void memory() {
        Predicate<ServerInfo> bounded = facts -> facts.maxMemoryBytes() > 0;
        Predicate<ServerInfo> evicts = facts -> !facts.maxMemoryPolicy().equals("noeviction")
                && !facts.maxMemoryPolicy().equals("unknown");
        Function<ServerInfo, String> policy = facts -> "maxmemory-policy is " + facts.maxMemoryPolicy();
        any(bounded.negate(), CheckId.NO_MAXMEMORY, facts -> "maxmemory is 0");
        if (sessions) {
            any(evicts, CheckId.SESSIONS_EVICTED, policy);
        }
        if (limits) {
            any(evicts, CheckId.LIMITS_EVICTED, policy);
        }
        if (sessions || limits) {
            any(
                    facts -> facts.evictedKeys() > 0,
                    CheckId.KEYS_WERE_EVICTED,
                    facts -> facts.evictedKeys() + " keys were evicted since it started");
        } else if (server.purposes().contains(RedisPurpose.CACHE)) {
            any(bounded.and(evicts.negate()), CheckId.CACHE_NEVER_EVICTS, policy);
        }
        any(
                bounded.and(facts -> facts.usedMemoryBytes() > facts.maxMemoryBytes() / 10 * 8)
                        .and(facts -> sessions || limits || evicts.negate().test(facts)),
                CheckId.MEMORY_SHORT,
                facts -> 100 * facts.usedMemoryBytes() / facts.maxMemoryBytes() + " % of maxmemory is used");
    }

    private void disk() {
        any(facts -> !facts.lastSaveOk(), CheckId.SAVE_FAILED, facts -> "the last write to its disk failed");
        any(
                facts -> facts.rejectedConnections() > 0,
                CheckId.CONNECTIONS_REJECTED,
                facts -> facts.rejectedConnections() + " connections were refused since it started");
        if (sessions) {
            any(
                    facts -> !isPersistent(facts),
                    CheckId.NOT_PERSISTENT,
                    facts -> "appendonly is no, and there are no snapshots");
        }
    }

    /** Where the configuration may not be read, a server that has not saved for an hour of changes is taken not to. */
    private boolean isPersistent(ServerInfo facts) {
        Boolean snapshots = server.snapshots();
        if (facts.appendOnly() || snapshots != null) {
            return facts.appendOnly() || Boolean.TRUE.equals(snapshots);
        }
        return facts.changesSinceSave() == 0
                || Duration.between(facts.lastSaveAt(), facts.seenAt()).compareTo(Duration.ofMinutes(61)) < 0;
    }

    private void clock() {
        Function<ServerInfo, String> found = facts -> {
            long seconds = offset(facts).toSeconds();
            return "it is " + Math.abs(seconds) + " s " + (seconds < 0 ? "behind" : "ahead of") + " this machine";
        };
        any(facts -> offset(facts).abs().compareTo(FAR_OFF) > 0, CheckId.CLOCK_FAR_OFF, found);
        any(
                facts -> offset(facts).abs().compareTo(OFF) > 0
                        && offset(facts).abs().compareTo(FAR_OFF) <= 0,
                CheckId.CLOCK_OFF,
                found);
    }

    private static Duration offset(ServerInfo facts) {
        Duration offset = facts.clockOffset();
        return offset == null ? Duration.ZERO : offset;
    }

    private void replicas(int wanted) {
        any(facts -> facts.connectedReplicas() == 0, CheckId.NO_REPLICA, facts -> "no replica is connected");
        any(
                facts -> facts.connectedReplicas() > 0 && !facts.needsReplicas(),
                CheckId.REPLICAS_NOT_NEEDED,
                facts -> "min-replicas-to-write is 0, with " + facts.connectedReplicas() + " replicas");
        any(
                facts -> facts.connectedReplicas() < wanted,
                CheckId.REPLICAS_MISSING,
                facts -> "GATEHOUSE_SESSION_REPLICAS is " + wanted + ", connected are " + facts.connectedReplicas());
    }

    private void rights() {
        addIfAny(server.missing(), CheckId.RIGHTS_MISSING, "missing: ");
        addIfAny(server.wanted(), CheckId.RIGHTS_WANTED, "missing: ");
        addIfAny(server.excessive(), CheckId.RIGHTS_EXCESSIVE, "it may also: ");
        findings.addIf(!server.password(), CheckId.NO_PASSWORD, subject, "no password is set");
        findings.addIf(!server.tls() && !server.local(), CheckId.NO_TLS, subject, "the URL begins with redis://");
    }

    private void addIfAny(List<String> rights, CheckId checkId, String before) {
        findings.addIf(!rights.isEmpty(), checkId, subject, before + String.join(" ", rights));
    }

    /** One finding for the first master that it is true of. */
    private void any(Predicate<ServerInfo> condition, CheckId checkId, Function<ServerInfo, String> found) {
        Optional<ServerInfo> first = server.facts().stream().filter(condition).findFirst();
        findings.addIf(first.isPresent(), checkId, subject, first.map(found).orElse(""));
    }
}
