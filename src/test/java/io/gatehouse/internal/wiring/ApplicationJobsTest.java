package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.jobs.JobRegistry;
import io.gatehouse.internal.ops.JobOperations;
import io.gatehouse.jobs.Job;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The jobs of an application, in an application without the cache. */
@RedisTest
class ApplicationJobsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TestRedis redis;

    ApplicationJobsTest(TestRedis redis) {
        this.redis = redis;
    }

    /** The handler of all jobs of this test. */
    private abstract static class Handler implements JobHandler {
        @Override
        public JobResult run(JobContext context) {
            return JobResult.of("for " + context.texts("users") + " in "
                    + Thread.currentThread().getContextClassLoader());
        }
    }

    @Job(
            name = "send-invoices",
            cron = "0 3 * * *",
            zone = "Europe/Berlin",
            attempts = 5,
            backoff = "1m",
            timeout = "30s")
    private static final class SendInvoices extends Handler {}

    @Job(name = "send-invoices")
    private static final class SendInvoicesAgain extends Handler {}

    @Job(name = "warm-users")
    private static final class WarmUsers extends Handler {}

    @Job(name = "Send reports", cron = "x")
    private static final class WrongName extends Handler {}

    @Job(name = "never", cron = "0 0 30 2 *")
    private static final class Never extends Handler {}

    @Job(name = "zone", cron = "0 0 * * *", zone = "Mars/Base")
    private static final class WrongZone extends Handler {}

    @Job(name = "time", timeout = "soon")
    private static final class WrongTime extends Handler {}

    @Job(name = "attempts", attempts = 0)
    private static final class WrongAttempts extends Handler {}

    private static final class NotAnnotated extends Handler {}

    private static List<ApplicationJobs.Bean> beans(Handler... handlers) {
        return Arrays.stream(handlers)
                .map(handler -> new ApplicationJobs.Bean(
                        handler.getClass().getSimpleName(), handler.getClass().getAnnotation(Job.class), handler))
                .toList();
    }

    private App app() {
        return App.with(redis.url())
                .set("REDIS_CACHE_WARMING_URL", redis.url())
                .set("GATEHOUSE_APPLICATION", "shop")
                .start();
    }

    private static JobRegistry registry(App app) {
        return app.gatehouse().components().jobs().registry();
    }

    @Test
    void jobsOfTheApplicationRunWithoutTheCache() {
        try (App app = app()) {
            ApplicationJobs.register(beans(new SendInvoices()), registry(app));
            Jobs jobs = app.gatehouse().jobs();
            String id = jobs.submit("send-invoices", Map.of("users", List.of("a,b", "\0\"c\"")));
            assertThat(String.valueOf(jobs.await(id, TIMEOUT).result()))
                    .contains("for [a,b,  \"c\"] in ", "WebappClassLoader");
            assertThatThrownBy(app.gatehouse()::cache).hasMessageContaining("GATEHOUSE_CACHE_ENABLED");
        }
    }

    private static boolean isComplete(JobRun run) {
        return Objects.requireNonNull(run.result()).complete();
    }

    /** A listener that the application registers last would miss the ends of sessions. */
    @Test
    void noSessionIsCleanedUpBeforeTheApplicationHasStarted() {
        List<JobRun> early = new ArrayList<>();
        App.Builder builder = App.with(redis.url())
                .set("REDIS_CACHE_WARMING_URL", redis.url())
                .initializer((classes, context) -> {
                    new GatehouseInitializer().onStartup(classes, context);
                    context.addListener(new ServletContextListener() {
                        @Override
                        public void contextInitialized(ServletContextEvent event) {
                            Jobs jobs = Gatehouse.of(context).orElseThrow().jobs();
                            early.add(jobs.await(jobs.submit("clean-up-sessions", Map.of()), TIMEOUT));
                        }
                    });
                });
        try (App app = builder.start()) {
            assertThat(early).extracting(ApplicationJobsTest::isComplete).containsExactly(false);
            Jobs jobs = app.gatehouse().jobs();
            JobRun later = jobs.await(jobs.submit("clean-up-sessions", Map.of()), TIMEOUT);
            assertThat(isComplete(later)).isTrue();
        }
    }

    @Test
    void cleaningUpAreJobsThatNeedNoCache() {
        try (App app = app()) {
            Jobs jobs = app.gatehouse().jobs();
            for (String name : List.of(JobOperations.CLEAN_UP_SESSIONS, JobOperations.CLEAN_UP_RATE_LIMITS)) {
                assertThat(jobs.await(jobs.submit(name, Map.of()), TIMEOUT).state())
                        .as(name)
                        .isEqualTo(JobState.SUCCEEDED);
            }
            Eventually.within(
                    TIMEOUT,
                    () -> assertThat(app.gatehouse().components().jobs().names())
                            .containsExactly("clean-up-rate-limits", "clean-up-sessions"));
            assertThatThrownBy(() -> jobs.submit("warm-users", Map.of()))
                    .hasMessage(
                            "No node knows the job 'warm-users'; expected one of clean-up-rate-limits, clean-up-sessions");
        }
    }

    @Test
    void allProblemsAreInOneMessage() {
        try (App app = app()) {
            List<ApplicationJobs.Bean> beans = beans(
                    new SendInvoices(),
                    new SendInvoicesAgain(),
                    new WarmUsers(),
                    new WrongName(),
                    new Never(),
                    new WrongZone(),
                    new WrongTime(),
                    new WrongAttempts());
            assertThatThrownBy(() -> ApplicationJobs.register(beans, registry(app)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Gatehouse cannot start, the jobs of the application have 7 problems:\n")
                    .hasMessageContaining("Job send-invoices has two handlers: SendInvoices and SendInvoicesAgain")
                    .hasMessageContaining("Job warm-users of WarmUsers has the name of a built-in job")
                    .hasMessageContaining("Invalid job name 'Send reports'")
                    .hasMessageContaining("Job never of Never: The cron expression '0 0 30 2 *' never fires")
                    .hasMessageContaining("Job zone of WrongZone: The zone is 'Mars/Base'; expected a time zone")
                    .hasMessageContaining("Job time of WrongTime: A time is 'soon'; expected ")
                    .hasMessageContaining("Job attempts of WrongAttempts: The attempts are 0; expected 1 to 100");
        }
    }

    @Test
    void aHandlerWithoutTheAnnotationIsLeftToTheApplication() {
        try (App app = app();
                LogCapture log = new LogCapture("io.gatehouse.internal.wiring")) {
            ApplicationJobs.register(beans(new NotAnnotated()), registry(app));
            assertThat(log.lines())
                    .contains(
                            "INFO NotAnnotated implements JobHandler but has no @Job, so it is a job only if the application registers it");
        }
    }
}
