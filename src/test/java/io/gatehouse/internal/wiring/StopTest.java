package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.LifecycleException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stopping an application while requests and jobs are under way, with a Redis that responds and with one that is frozen. */
@Timeout(120)
class StopTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int SLOW_REQUESTS = 4;
    private static final int BUSY_CLIENTS = 4;

    private final TestRedis redis = TestRedis.start();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private final CountDownLatch entered = new CountDownLatch(SLOW_REQUESTS);
    private final CountDownLatch release = new CountDownLatch(1);
    private ServerSocket silentProvider;
    private Thread.UncaughtExceptionHandler handlerBefore;

    @BeforeEach
    void prepare() throws IOException {
        silentProvider = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
    }

    @AfterEach
    void end() throws IOException {
        Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
        release.countDown();
        clients.shutdownNow();
        silentProvider.close();
        redis.close();
    }

    private App start() {
        return App.with(redis.url())
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", redis.url(1))
                .set("REDIS_CACHE_WARMING_URL", redis.url(3))
                .set("GATEHOUSE_RATE_LIMITS", "a.level = ip\na.limit = 1000000/min")
                .set("GATEHOUSE_WARM_OAUTH_ISSUERS", "https://127.0.0.1:" + silentProvider.getLocalPort())
                .on("/session", (request, response) -> {
                    request.getSession().setAttribute("count", System.nanoTime());
                    response.getWriter().print(request.getSession().getId());
                })
                .on("/plain", (request, response) -> response.getWriter().print("needs no session"))
                .on("/slow", (request, response) -> {
                    entered.countDown();
                    awaitUninterruptibly(release);
                    request.getSession().setAttribute("count", System.nanoTime());
                })
                .start();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true; // the server interrupts requests that are late
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the threads of the application except those of requests, by their class loader, as Tomcat finds leaked threads. */
    private static List<String> threads(ClassLoader loader) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getContextClassLoader() == loader)
                .map(Thread::getName)
                .filter(name -> !name.startsWith("http-nio"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stopEndsAllThreadsAndRespondsToEveryRequest(boolean frozen) throws LifecycleException {
        App app = start();
        try (LogCapture server = new LogCapture("org.apache.catalina");
                LogCapture gatehouse = new LogCapture("io.gatehouse")) {
            ClassLoader loader = app.context().getLoader().getClassLoader();
            String job = app.gatehouse().jobs().submit(JobOperations.WARM_OAUTH, Map.of());
            Eventually.holds(
                    "the job runs",
                    SOON,
                    () -> app.gatehouse()
                            .jobs()
                            .find(job)
                            .map(run -> run.state() == JobState.RUNNING)
                            .orElse(false));
            List<CompletableFuture<Integer>> slow = slowRequests(app);
            AtomicBoolean stopped = new AtomicBoolean();
            Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Void>> busy = busyClients(app, stopped, statuses);
            Eventually.holds("requests are served", SOON, () -> statuses.size() > 20);
            redis.freeze(frozen);

            app.context().stop();

            assertThat(threads(loader)).isEmpty();
            release.countDown();
            assertThat(slow).allSatisfy(request -> assertThat(request.join()).isEqualTo(503));
            stopped.set(true);
            busy.forEach(CompletableFuture::join);
            assertThat(statuses).as("404 is Tomcat's own").contains(200).isSubsetOf(200, 404, 503);
            assertThat(uncaught).isEmpty();
            assertThat(problems(server)).isEmpty();
            assertThat(gatehouse.lines()).noneMatch(line -> line.startsWith("SEVERE"));
            if (!frozen) {
                assertThat(problems(gatehouse)).isEmpty();
                try (App next = start()) {
                    assertThat(next.gatehouse().jobs().find(job).orElseThrow().state())
                            .as("released, so that another node continues")
                            .isIn(JobState.QUEUED, JobState.RUNNING);
                }
            }
        } finally {
            release.countDown();
            redis.freeze(false);
            app.close();
        }
    }

    /** Returns warnings and errors, except those about requests that this test delays on purpose. */
    private static List<String> problems(LogCapture log) {
        return log.lines().stream()
                .filter(line -> line.startsWith("WARNING") || line.startsWith("SEVERE"))
                .filter(line -> !line.contains("still processing a request") && !line.contains("--add-opens"))
                .toList();
    }

    private List<CompletableFuture<Integer>> slowRequests(App app) {
        List<CompletableFuture<Integer>> slow = new ArrayList<>();
        for (int i = 0; i < SLOW_REQUESTS; i++) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(200);
            slow.add(CompletableFuture.supplyAsync(
                    () -> browser.get(app.url("/slow")).status(), clients));
        }
        awaitUninterruptibly(entered);
        return slow;
    }

    private List<CompletableFuture<Void>> busyClients(App app, AtomicBoolean stopped, Queue<Integer> statuses) {
        List<CompletableFuture<Void>> busy = new ArrayList<>();
        for (int i = 0; i < BUSY_CLIENTS; i++) {
            Browser browser = new Browser();
            busy.add(CompletableFuture.runAsync(
                    () -> {
                        while (!stopped.get()) {
                            statuses.add(browser.get(app.url("/session")).status());
                        }
                    },
                    clients));
        }
        return busy;
    }

    @Test
    void respondsWith503WhileItStops() {
        release.countDown();
        try (App app = start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(200);
            app.gatehouse().close();
            for (Browser client : List.of(browser, new Browser())) {
                for (String path : List.of("/session", "/plain")) {
                    Browser.Answer answer = client.get(app.url(path));
                    assertThat(answer.status()).as(path).isEqualTo(503);
                    assertThat(answer.header("Retry-After")).as(path).isEqualTo("2");
                }
            }
        }
    }

    /** Stopping a server closes its connections, so clients may get no response, but never an error of Gatehouse. */
    @Test
    void aServerThatStopsUnderLoadNeverResponds500() {
        App app = start();
        AtomicBoolean stopped = new AtomicBoolean();
        Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> busy = busyClients(app, stopped, statuses);
        try {
            Eventually.holds("requests are served", SOON, () -> statuses.size() > 20);
        } finally {
            app.close();
            stopped.set(true);
        }
        assertThat(busy)
                .allSatisfy(client ->
                        assertThat(client.handle((done, e) -> true).join()).isTrue());
        assertThat(statuses).contains(200).isSubsetOf(200, 404, 503);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void repeatedDeploymentLeaksNoThread() {
        release.countDown();
        List<Long> counts = new ArrayList<>();
        try (LogCapture server = new LogCapture("org.apache.catalina")) {
            for (int i = 0; i < 10; i++) {
                ClassLoader loader;
                try (App app = start()) {
                    loader = app.context().getLoader().getClassLoader();
                    assertThat(new Browser().get(app.url("/session")).status()).isEqualTo(200);
                }
                assertThat(threads(loader)).isEmpty();
                counts.add(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().matches("(gatehouse|commons-pool|HttpClient).*"))
                        .count());
            }
            assertThat(problems(server)).isEmpty();
        }
        assertThat(counts)
                .as("threads after each deployment; those of other tests may end in between")
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(uncaught).isEmpty();
    }

    @Test
    void endsTheThreadsOfFrozenSentinels() throws LifecycleException {
        try (TestSentinel sentinel = new TestSentinel()) {
            endsItsThreads(sentinel.settings(), () -> {});
            endsItsThreads(sentinel.settings(), () -> sentinel.freezeSentinels(true));
        }
    }

    @Test
    void endsTheThreadsOfAFrozenCluster() throws LifecycleException {
        try (TestCluster cluster = new TestCluster()) {
            endsItsThreads(cluster.settings(), () -> {});
            endsItsThreads(cluster.settings(), () -> cluster.nodes().forEach(node -> node.freeze(true)));
        }
    }

    private void endsItsThreads(Map<String, String> settings, Runnable before) throws LifecycleException {
        App.Builder builder = App.with(redis.url())
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .on("/session", (request, response) -> request.getSession().setAttribute("count", 1));
        settings.forEach(builder::set);
        try (App app = builder.start();
                LogCapture server = new LogCapture("org.apache.catalina")) {
            assertThat(new Browser().get(app.url("/session")).status()).isEqualTo(200);
            ClassLoader loader = app.context().getLoader().getClassLoader();
            before.run();
            app.context().stop();
            assertThat(threads(loader)).isEmpty();
            assertThat(problems(server)).isEmpty();
        }
        assertThat(uncaught).isEmpty();
    }
}
