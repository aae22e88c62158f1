package io.gatehouse.internal.redis.connect;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Exchange;
import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Splits a pipeline by server, runs one exchange with each in parallel, and completes the responses. Thread-safe.
 *
 * <p>A pipeline for one server runs on the caller's thread. Only a pipeline for several servers uses other threads, for all
 * exchanges but the last; if no thread is free, that exchange runs on the caller's thread as well.
 */
final class PipelineSender {
    private static final System.Logger LOG = System.getLogger(PipelineSender.class.getName());

    private final RedisSettings settings;
    private final Function<RedisPurpose, RedisExecutor> executors;
    private final Executor threads;
    private final RedisObserver observer;

    PipelineSender(
            RedisSettings settings,
            Function<RedisPurpose, RedisExecutor> executors,
            Executor threads,
            RedisObserver observer) {
        this.settings = settings;
        this.executors = executors;
        this.threads = threads;
        this.observer = observer;
    }

    /** Sends all calls of a pipeline and completes their responses. */
    void send(Pipeline pipeline) {
        List<RedisCall<?>> redisCalls = pipeline.calls();
        if (redisCalls.isEmpty()) {
            return;
        }
        RedisExecutor redisExecutor = executors.apply(redisCalls.get(0).purpose());
        List<RoutedCall> routedCalls = new ArrayList<>(redisCalls.size());
        for (int i = 0; i < redisCalls.size(); i++) {
            RedisCall<?> redisCall = redisCalls.get(i);
            if (executors.apply(redisCall.purpose()) != redisExecutor) {
                sendToSeveralServers(pipeline);
                return;
            }
            routedCalls.add(routed(pipeline, i));
        }
        exchange(pipeline, redisExecutor, routedCalls); // the usual case: one server
    }

    private void sendToSeveralServers(Pipeline pipeline) {
        Map<RedisExecutor, List<RoutedCall>> parts = new LinkedHashMap<>(2);
        for (int i = 0; i < pipeline.calls().size(); i++) {
            RedisExecutor redisExecutor =
                    executors.apply(pipeline.calls().get(i).purpose());
            parts.computeIfAbsent(redisExecutor, any -> new ArrayList<>()).add(routed(pipeline, i));
        }
        List<Runnable> exchanges = new ArrayList<>(parts.size());
        parts.forEach(
                (redisExecutor, routedCalls) -> exchanges.add(() -> exchange(pipeline, redisExecutor, routedCalls)));
        runInParallel(exchanges);
    }

    private RoutedCall routed(Pipeline pipeline, int index) {
        RedisCall<?> redisCall = pipeline.calls().get(index);
        return new RoutedCall(redisCall, settings.endpoint(redisCall.purpose()).database(), pipeline.response(index));
    }

    /** Runs the last exchange on this thread and the others on other threads. */
    private void runInParallel(List<Runnable> exchanges) {
        int last = exchanges.size() - 1;
        CompletableFuture<?>[] others =
                exchanges.subList(0, last).stream().map(this::start).toArray(CompletableFuture[]::new);
        exchanges.get(last).run();
        CompletableFuture.allOf(others).join();
    }

    private CompletableFuture<Void> start(Runnable exchange) {
        try {
            return CompletableFuture.runAsync(observer.inContext(exchange), threads);
        } catch (RejectedExecutionException e) {
            exchange.run();
            return CompletableFuture.completedFuture(null);
        }
    }

    private void exchange(Pipeline pipeline, RedisExecutor redisExecutor, List<RoutedCall> routedCalls) {
        long start = System.nanoTime();
        GatehouseException fault = null;
        PipelineRouting pipelineRouting = new PipelineRouting(routedCalls);
        try {
            redisExecutor.execute(pipelineRouting, pipeline.replicas());
            if (pipeline.replicas() > 0) {
                pipeline.replicasAcknowledgedBy(pipelineRouting.replicasAcknowledged());
            }
            Object[] replies = pipelineRouting.replies();
            for (int i = 0; i < replies.length; i++) {
                Response<?> response = routedCalls.get(i).response();
                response.complete(replies[i]);
                fault = fault == null ? response.fault() : fault;
            }
        } catch (GatehouseException e) {
            fault = e;
            for (int i = 0; i < routedCalls.size(); i++) {
                routedCalls.get(i).response().complete(e);
            }
        }
        long nanos = System.nanoTime() - start;
        RedisCall<?> first = routedCalls.get(0).call();
        notifyObserver(observer, first.purpose(), first.operation().name(), nanos, fault);
        if (observer.wantsDetails()) {
            notifyOfDetails(routedCalls, pipelineRouting.node(), nanos, fault);
        }
    }

    private void notifyOfDetails(
            List<RoutedCall> routedCalls, @Nullable HostAndPort node, long nanos, @Nullable GatehouseException fault) {
        RoutedCall first = routedCalls.get(0);
        try {
            observer.exchanged(new Exchange(
                    first.call().purpose(),
                    routedCalls.stream()
                            .map(routedCall -> routedCall.call().operation())
                            .toList(),
                    first.database(),
                    node == null ? null : HostPort.of(node),
                    nanos,
                    fault));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "An observer of Redis exchanges failed.", e);
        }
    }

    static void notifyObserver(
            RedisObserver observer,
            RedisPurpose redisPurpose,
            String operation,
            long nanos,
            @Nullable GatehouseException fault) {
        try {
            observer.exchanged(redisPurpose, operation, nanos, fault);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "An observer of Redis exchanges failed.", e);
        }
    }
}
