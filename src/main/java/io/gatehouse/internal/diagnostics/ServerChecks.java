package io.gatehouse.internal.diagnostics;

import io.gatehouse.RedisPurpose;
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

/** Checks the state, configuration and ACL rights of one server against the purposes that it serves. */
final class ServerChecks {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");
    private static final int OLDEST_LINE = 602;
    /** The first release of each line with a fix for CVE-2025-49844. Older lines that are not listed never got one. */
    private static final Map<Integer, Integer> FIRST_PATCHED = Map.of(602, 20, 702, 11, 704, 6, 800, 4, 802, 2);
    /** The version that Redis-compatible servers of other vendors report. */
    private static final String COMPATIBLE_VERSION = "7.2.4";

    private static final int LATEST_LISTED_LINE = 802;
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(1);
    private static final Duration MAX_CLOCK_OFFSET = Duration.ofSeconds(30);

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

    /** @param replicas how many replicas must acknowledge the end of a session */
    void run(int replicas) {
        checkState();
        if (!server.serverInfo().isEmpty()) {
            checkVersions();
            checkMemory();
            checkDisk();
            checkClock();
            if (sessions) {
                checkReplicas(replicas);
            }
        }
        if (server.state() != ServerDiagnostics.State.UP) {
            return;
        }
        checkRights();
    }

    private void checkState() {
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
                findings.add(checkId, redisPurpose.label(), "the server of " + settingOf(redisPurpose));
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

    private void checkVersions() {
        for (ServerInfo info : server.serverInfo()) {
            Matcher version = VERSION.matcher(info.version());
            if (version.matches()) {
                int line = 100 * Integer.parseInt(version.group(1)) + Integer.parseInt(version.group(2));
                int patch = Integer.parseInt(version.group(3));
                String found = "the version is " + info.version();
                boolean patched =
                        line > LATEST_LISTED_LINE || patch >= FIRST_PATCHED.getOrDefault(line, Integer.MAX_VALUE);
                findings.addIf(line < OLDEST_LINE, CheckId.REDIS_TOO_OLD, subject, found);
                findings.addIf(
                        line >= OLDEST_LINE && !patched && !info.version().equals(COMPATIBLE_VERSION),
                        CheckId.REDIS_UNPATCHED,
                        subject,
                        found);
            }
        }
    }

    private void checkMemory() {
        Predicate<ServerInfo> bounded = info -> info.maxMemoryBytes() > 0;
        Predicate<ServerInfo> evicts = info -> !info.maxMemoryPolicy().equals("noeviction")
                && !info.maxMemoryPolicy().equals("unknown");
        Function<ServerInfo, String> policy = info -> "maxmemory-policy is " + info.maxMemoryPolicy();
        addForFirst(bounded.negate(), CheckId.NO_MAXMEMORY, info -> "maxmemory is 0");
        if (sessions) {
            addForFirst(evicts, CheckId.SESSIONS_EVICTED, policy);
        }
        if (limits) {
            addForFirst(evicts, CheckId.LIMITS_EVICTED, policy);
        }
        if (sessions || limits) {
            addForFirst(
                    info -> info.evictedKeys() > 0,
                    CheckId.KEYS_WERE_EVICTED,
                    info -> info.evictedKeys() + " keys were evicted since the server started");
        } else if (server.purposes().contains(RedisPurpose.CACHE)) {
            addForFirst(bounded.and(evicts.negate()), CheckId.CACHE_NEVER_EVICTS, policy);
        }
        addForFirst(
                bounded.and(info -> info.usedMemoryBytes() > info.maxMemoryBytes() / 10 * 8)
                        .and(info -> sessions || limits || evicts.negate().test(info)),
                CheckId.MEMORY_SHORT,
                info -> 100 * info.usedMemoryBytes() / info.maxMemoryBytes() + " % of maxmemory are used");
    }

    private void checkDisk() {
        addForFirst(info -> !info.lastSaveOk(), CheckId.SAVE_FAILED, info -> "the last write to disk failed");
        addForFirst(
                info -> info.rejectedConnections() > 0,
                CheckId.CONNECTIONS_REJECTED,
                info -> info.rejectedConnections() + " connections were rejected since the server started");
        if (sessions) {
            addForFirst(
                    info -> !isPersistent(info),
                    CheckId.NOT_PERSISTENT,
                    info -> "appendonly is no, and no snapshots are configured");
        }
    }

    /**
     * Returns whether the server writes to disk. If its configuration is not readable, a server with unsaved changes older than an hour is
     * assumed not to.
     */
    private boolean isPersistent(ServerInfo info) {
        Boolean snapshots = server.snapshots();
        if (info.appendOnly() || snapshots != null) {
            return info.appendOnly() || Boolean.TRUE.equals(snapshots);
        }
        return info.changesSinceSave() == 0
                || Duration.between(info.lastSaveAt(), info.seenAt()).compareTo(Duration.ofMinutes(61)) < 0;
    }

    private void checkClock() {
        Function<ServerInfo, String> found = info -> {
            long seconds = offset(info).toSeconds();
            return "the clock of Redis is " + Math.abs(seconds) + " s " + (seconds < 0 ? "behind" : "ahead of")
                    + " that of this machine";
        };
        addForFirst(info -> offset(info).abs().compareTo(MAX_CLOCK_OFFSET) > 0, CheckId.CLOCK_FAR_OFF, found);
        addForFirst(
                info -> offset(info).abs().compareTo(CLOCK_TOLERANCE) > 0
                        && offset(info).abs().compareTo(MAX_CLOCK_OFFSET) <= 0,
                CheckId.CLOCK_OFF,
                found);
    }

    private static Duration offset(ServerInfo info) {
        Duration offset = info.clockOffset();
        return offset == null ? Duration.ZERO : offset;
    }

    private void checkReplicas(int wanted) {
        addForFirst(info -> info.connectedReplicas() == 0, CheckId.NO_REPLICA, info -> "no replica is connected");
        addForFirst(
                info -> info.connectedReplicas() > 0 && !info.needsReplicas(),
                CheckId.REPLICAS_NOT_NEEDED,
                info -> "min-replicas-to-write is 0, with " + info.connectedReplicas() + " replicas");
        addForFirst(
                info -> info.connectedReplicas() < wanted,
                CheckId.REPLICAS_MISSING,
                info -> "GATEHOUSE_SESSION_REPLICAS is " + wanted + ", connected replicas: "
                        + info.connectedReplicas());
    }

    private void checkRights() {
        addIfAny(server.missing(), CheckId.RIGHTS_MISSING, "missing: ");
        addIfAny(server.wanted(), CheckId.RIGHTS_WANTED, "missing: ");
        addIfAny(server.excessive(), CheckId.RIGHTS_EXCESSIVE, "not needed: ");
        findings.addIf(!server.password(), CheckId.NO_PASSWORD, subject, "no password is set");
        findings.addIf(!server.tls() && !server.local(), CheckId.NO_TLS, subject, "the URL starts with redis://");
    }

    private void addIfAny(List<String> rights, CheckId checkId, String before) {
        findings.addIf(!rights.isEmpty(), checkId, subject, before + String.join(" ", rights));
    }

    /** Adds one finding for the first master for which the condition holds. */
    private void addForFirst(Predicate<ServerInfo> condition, CheckId checkId, Function<ServerInfo, String> found) {
        Optional<ServerInfo> first =
                server.serverInfo().stream().filter(condition).findFirst();
        findings.addIf(first.isPresent(), checkId, subject, first.map(found).orElse(""));
    }
}
