package io.gatehouse.internal.metrics;

import java.util.List;

/**
 * All metrics: name, help text and labels, except the label {@code application}, which all have. The names are part of the contract.
 */
enum MetricDefinition {
    SESSIONS_STARTED(Kind.COUNTER, "gatehouse_sessions_started_total", "New sessions that were stored."),
    SESSIONS_DESTROYED(
            Kind.COUNTER,
            "gatehouse_sessions_destroyed_total",
            "Sessions that ended, reported by this node.",
            "reason"),
    SESSIONS_ACTIVE(
            Kind.GAUGE,
            "gatehouse_sessions_active",
            "Sessions of the application on all nodes, at most 15 s old, including expired ones that are not removed yet."),
    SESSION_EVENTS(Kind.COUNTER, "gatehouse_session_events_total", "Events of sessions and tokens.", "event"),
    SESSION_SAVE_SECONDS(Kind.HISTOGRAM, "gatehouse_session_save_seconds", "Duration of storing a session."),
    SESSION_BYTES(Kind.HISTOGRAM, "gatehouse_session_bytes", "Size of a session when it was stored."),
    INTEGRITY_FAILURES(
            Kind.COUNTER, "gatehouse_integrity_failures_total", "Tokens and records that failed verification.", "kind"),

    REDIS_COMMAND_SECONDS(
            Kind.HISTOGRAM,
            "gatehouse_redis_command_seconds",
            "Duration of an exchange with Redis; calls in one pipeline count as the first of them.",
            "purpose",
            "op",
            "outcome"),
    REDIS_UP(Kind.GAUGE, "gatehouse_redis_up", "1 while Redis can be used for a purpose, else 0.", "purpose"),
    REDIS_LATENCY(
            Kind.GAUGE, "gatehouse_redis_latency_seconds", "Duration of the last PING of the health check.", "purpose"),
    POOL_ACTIVE(Kind.GAUGE, "gatehouse_redis_pool_active", "Connections in use.", "purpose"),
    POOL_IDLE(Kind.GAUGE, "gatehouse_redis_pool_idle", "Idle connections.", "purpose"),
    POOL_WAITING(Kind.GAUGE, "gatehouse_redis_pool_waiting", "Threads that wait for a connection.", "purpose"),
    POOL_SIZE(Kind.GAUGE, "gatehouse_redis_pool_size", "Maximum number of connections to one node.", "purpose"),
    POOL_TIMEOUTS(
            Kind.COUNTER,
            "gatehouse_redis_pool_timeouts_total",
            "Exchanges that got no connection because all were in use.",
            "purpose"),
    BREAKER_STATE(
            Kind.GAUGE,
            "gatehouse_breaker_state",
            "State of the circuit breaker: 0 closed, 1 half-open, 2 open.",
            "purpose"),
    DEGRADED_SECONDS(
            Kind.COUNTER,
            "gatehouse_degraded_seconds_total",
            "Time during which Redis could not be used for a purpose.",
            "purpose"),
    REDIS_MEMORY(
            Kind.GAUGE, "gatehouse_redis_memory_used_bytes", "Memory that a server of Redis uses.", "purpose", "node"),
    REDIS_MEMORY_LIMIT(
            Kind.GAUGE,
            "gatehouse_redis_memory_limit_bytes",
            "Memory limit of a server of Redis, 0 for none.",
            "purpose",
            "node"),
    REDIS_EVICTED(
            Kind.COUNTER,
            "gatehouse_redis_evicted_keys_total",
            "Keys that a server of Redis evicted since its start because its memory was full.",
            "purpose",
            "node"),
    REDIS_HITS(
            Kind.COUNTER,
            "gatehouse_redis_keyspace_hits_total",
            "Lookups of all clients that found a key, since the start of a server of Redis.",
            "purpose",
            "node"),
    REDIS_MISSES(
            Kind.COUNTER,
            "gatehouse_redis_keyspace_misses_total",
            "Lookups of all clients that found no key, since the start of a server of Redis.",
            "purpose",
            "node"),
    REDIS_CLIENTS(
            Kind.GAUGE,
            "gatehouse_redis_connected_clients",
            "Connections of all clients to a server of Redis.",
            "purpose",
            "node"),
    REDIS_REJECTED(
            Kind.COUNTER,
            "gatehouse_redis_rejected_connections_total",
            "Connections that a server of Redis rejected since its start because it had too many.",
            "purpose",
            "node"),
    REDIS_REPLICAS(
            Kind.GAUGE,
            "gatehouse_redis_replicas",
            "Replicas that are connected to a server of Redis.",
            "purpose",
            "node"),
    REDIS_REPLICA_LAG(
            Kind.GAUGE,
            "gatehouse_redis_replica_lag_seconds",
            "Time since the slowest online replica acknowledged; missing without a replica.",
            "purpose",
            "node"),

    CACHE_HITS(
            Kind.COUNTER,
            "gatehouse_cache_hits_total",
            "Entries found: level l1 in the process, l2 in Redis.",
            "region",
            "level"),
    CACHE_MISSES(Kind.COUNTER, "gatehouse_cache_misses_total", "Entries that were not found.", "region"),
    CACHE_LOADS(Kind.COUNTER, "gatehouse_cache_loads_total", "Loads that succeeded.", "region"),
    CACHE_LOAD_FAILURES(
            Kind.COUNTER, "gatehouse_cache_load_failures_total", "Loads that failed or timed out.", "region"),
    CACHE_LOAD_SECONDS(Kind.COUNTER, "gatehouse_cache_load_seconds_total", "Total duration of loads.", "region"),
    CACHE_STALE(
            Kind.COUNTER,
            "gatehouse_cache_stale_total",
            "Stale values returned because a loader failed or was slow.",
            "region"),
    CACHE_EVICTIONS(
            Kind.COUNTER,
            "gatehouse_cache_evictions_total",
            "Entries evicted from the process because it was full.",
            "region"),
    CACHE_INVALIDATIONS(
            Kind.COUNTER, "gatehouse_cache_invalidations_total", "Entries invalidated by any node.", "region"),
    CACHE_UNREADABLE(Kind.COUNTER, "gatehouse_cache_unreadable_total", "Entries that could not be read.", "region"),
    CACHE_NOT_STORED(
            Kind.COUNTER,
            "gatehouse_cache_not_stored_total",
            "Values that could not be written, or that Redis rejected.",
            "region"),
    CACHE_ENTRIES(Kind.GAUGE, "gatehouse_cache_entries", "Entries in the process.", "region"),
    CACHE_BYTES(
            Kind.GAUGE, "gatehouse_cache_bytes", "Size of the entries in the process, measured as in Redis.", "region"),
    CACHE_STALENESS(Kind.GAUGE, "gatehouse_cache_staleness_seconds", "Every change older than this has been received."),
    CACHE_CONNECTED(Kind.GAUGE, "gatehouse_cache_connected", "1 while this node receives invalidations, else 0."),
    CACHE_NODES(Kind.GAUGE, "gatehouse_cache_nodes", "Live nodes with a cache, this one included."),
    CACHE_GAPS(
            Kind.COUNTER,
            "gatehouse_cache_gaps_total",
            "Times that this node missed an invalidation and discarded l1."),

    LIMIT_DECISIONS(
            Kind.COUNTER,
            "gatehouse_ratelimit_decisions_total",
            "Requests that a rule evaluated: allowed, refused, or would_refuse if it were enforced.",
            "rule",
            "result"),
    LIMIT_LOCAL_REFUSALS(
            Kind.COUNTER, "gatehouse_ratelimit_local_refusals_total", "Refusals without a call to Redis.", "rule"),
    LIMIT_WITHOUT_REDIS(
            Kind.COUNTER,
            "gatehouse_ratelimit_without_redis_total",
            "Requests that a rule evaluated while Redis was unavailable.",
            "rule"),
    LIMIT_LEASED(
            Kind.GAUGE,
            "gatehouse_ratelimit_leased_tokens",
            "Prefetched tokens that this node holds and other nodes cannot use."),
    LIMIT_LEASE_LOST(
            Kind.COUNTER,
            "gatehouse_ratelimit_lease_lost_tokens_total",
            "Prefetched tokens that were not used in time."),
    LIMIT_LEASE_BOUND(
            Kind.GAUGE,
            "gatehouse_ratelimit_lease_bound_tokens",
            "Tokens by which all nodes together may exceed the limit of a counter; 0 if the rule is exact.",
            "rule"),
    LOGIN_EVENTS(Kind.COUNTER, "gatehouse_login_events_total", "Events of login attempts.", "event"),
    SESSION_IMPORTS(
            Kind.COUNTER,
            "gatehouse_session_imports_total",
            "Requests with a cookie of Spring Session and no session of Gatehouse.",
            "outcome"),
    SESSION_IMPORT_ATTRIBUTES_LEFT_OUT(
            Kind.COUNTER,
            "gatehouse_session_import_attributes_left_out_total",
            "Attributes of imported sessions that could not be read or stored."),
    OIDC_LOGOUTS(Kind.COUNTER, "gatehouse_oidc_logouts_total", "Logout requests of the OpenID provider.", "outcome"),

    JOB_SECONDS(
            Kind.HISTOGRAM, "gatehouse_job_seconds", "Duration of a job's runs on this node.", "job_name", "outcome"),
    JOB_LAST_SUCCESS(
            Kind.GAUGE,
            "gatehouse_job_last_success_timestamp_seconds",
            "Time of the last successful run on this node, in seconds since 1970.",
            "job_name");

    /** The Prometheus type of a metric. */
    enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private final Kind kind;
    private final String prometheusName;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> labels;

    MetricDefinition(Kind kind, String prometheusName, String help, String... labels) {
        this.kind = kind;
        this.prometheusName = prometheusName;
        this.help = help;
        this.labels = List.of(labels);
    }

    Kind kind() {
        return kind;
    }

    String prometheusName() {
        return prometheusName;
    }

    String help() {
        return help;
    }

    /** Returns the labels except {@code application}. */
    List<String> labels() {
        return labels;
    }

    /**
     * Returns the name in OpenTelemetry: {@code gatehouse.redis.command} for {@code gatehouse_redis_command_seconds}. Exporters to
     * Prometheus make the Prometheus name of it again.
     */
    String openTelemetryName() {
        String bare = prometheusName.replaceFirst("_total$", "");
        String withoutUnit = bare.replaceFirst("_" + unit() + "$", "");
        boolean keepsUnit =
                unit().isEmpty() || withoutUnit.chars().filter(c -> c == '_').count() < 2;
        return (keepsUnit ? bare : withoutUnit).replaceFirst("_", ".").replaceFirst("_", ".");
    }

    /** Returns the unit in OpenTelemetry, by UCUM. */
    String openTelemetryUnit() {
        return switch (unit()) {
            case "seconds" -> "s";
            case "bytes" -> "By";
            default -> "";
        };
    }

    /** Returns {@code seconds}, {@code bytes}, or an empty text for a number without a unit. */
    String unit() {
        String bare = prometheusName.replaceFirst("_total$", "");
        return bare.endsWith("_seconds") ? "seconds" : bare.endsWith("_bytes") ? "bytes" : "";
    }
}
