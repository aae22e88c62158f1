package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.gatehouse.internal.session.Session;
import io.gatehouse.run.Jdks;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests on virtual threads, on a newer JDK of this machine. A virtual thread that blocks while it is pinned keeps its carrier thread:
 * before JDK 24 in every monitor, since then only above native frames.
 */
@RedisTest
class VirtualThreadsTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final int FIRST_VERSION = 21;
    private static final int SECONDS = 120;

    @TempDir
    Path folder;

    @Test
    void noRequestIsPinned() throws IOException, InterruptedException {
        List<Path> jdks = Jdks.atLeast(FIRST_VERSION);
        assumeFalse(jdks.isEmpty(), "no JDK " + FIRST_VERSION + " or newer was found on this machine");
        Path oldest = jdks.get(0); // has more that pins
        Path newest = jdks.get(jdks.size() - 1);
        for (Path jdk : new TreeSet<>(List.of(oldest, newest))) {
            List<String> lines = run(jdk);
            assertThat(lines)
                    .as("Java %d", Jdks.versionOf(jdk))
                    .contains(
                            "requests run on [VirtualThread]",
                            "{/limited 200=50, /limited 429=190, /login 200=240, /logout 200=240, /read 200=240, /write 200=240}",
                            Main.CONTROL);
            assertThat(lines).noneMatch(line -> line.startsWith(Main.PINNED));
        }
    }

    private List<String> run(Path jdk) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        jdk.resolve("bin").resolve("java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", // a short run: no time for more
                        "-XX:FlightRecorderOptions=stackdepth=256",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        REDIS.url(),
                        folder.resolve("recording.jfr").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as(() -> "the process has not ended; its output ends with " + end(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }

    private static String end(Path output) {
        try {
            String text = Files.readString(output);
            return text.substring(Math.max(0, text.length() - 2_000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The program that runs on that JDK: two nodes of an application, and their clients. */
    static final class Main {
        static final String PINNED = "pinned: ";
        static final String CONTROL = "recorded the thread that this test has pinned";
        private static final int FIRST_CLIENTS = 40;
        private static final int CLIENTS = 200;
        private static final Set<String> THREADS = new ConcurrentSkipListSet<>();
        private static final Map<String, Integer> ANSWERS = new ConcurrentSkipListMap<>();

        private Main() {}

        /** A class whose initializer blocks, which pins a virtual thread on every JDK. */
        private static final class Control {
            static {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private static App node(String redisUrl) {
            return App.with(redisUrl)
                    .set("GATEHOUSE_SESSION_READS", "leased")
                    .set("GATEHOUSE_REDIS_DEADLINE", "10s")
                    .set("GATEHOUSE_LOGIN_FORMS", "/login user")
                    .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                    .set("GATEHOUSE_RATE_LIMITS", """
                            client.match = /*
                            client.level = ip
                            client.limit = 1000000/hour
                            few.match = /limited
                            few.level = endpoint
                            few.limit = 50/hour
                            """)
                    .customize(Main::useVirtualThreads)
                    .on("/write", (request, response) -> {
                        THREADS.add(Thread.currentThread().getClass().getSimpleName());
                        request.getSession().setAttribute("n", System.nanoTime());
                        request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice");
                    })
                    .on(
                            "/read",
                            (request, response) -> response.getWriter()
                                    .print(request.getSession().getAttribute("n")))
                    .on("/limited", (request, response) -> {})
                    .on("/login", (request, response) -> response.getWriter().print("wrong"))
                    .on("/logout", (request, response) -> request.getSession().invalidate())
                    .start();
        }

        private static void useVirtualThreads(Context context) {
            Engine engine = (Engine) context.getParent().getParent();
            for (Connector connector : engine.getService().findConnectors()) {
                connector.setProperty("useVirtualThreads", "true");
            }
        }

        private static Thread startVirtualThread(Runnable task) throws ReflectiveOperationException {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        }

        private static void requests(App one, App other, int client) {
            Browser browser = new Browser();
            send(browser, one, "/write", client);
            send(browser, one, "/read", client);
            send(browser, one, "/limited", client);
            send(browser, other, "/login", client);
            send(browser, other, "/logout", client); // waits until the first node has let go of its copy
        }

        private static void send(Browser browser, App app, String path, int client) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.url(path)))
                    .header("X-Forwarded-For", "192.0.2." + client)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("user=user" + client + "&password=wrong"));
            ANSWERS.merge(path + ' ' + browser.send(request).status(), 1, Integer::sum);
        }

        /**
         * Returns what an event says about Gatehouse, or null. A thread that waits for the loading of a class is left out: it does so once for
         * each class, on every JDK. Since JDK 24 an event has a reason, which names a frame "on stack" in all other cases.
         */
        private static @Nullable String describe(RecordedEvent event) {
            String reason = event.hasField("pinnedReason") ? event.getString("pinnedReason") : "";
            List<String> frames = new ArrayList<>();
            if (event.getStackTrace() != null) {
                for (RecordedFrame frame : event.getStackTrace().getFrames()) {
                    frames.add(frame.getMethod().getType().getName()
                            + '.'
                            + frame.getMethod().getName());
                }
            }
            if (frames.contains(Control.class.getName() + ".<clinit>")) {
                return CONTROL;
            }
            boolean isOurs = frames.stream().anyMatch(frame -> frame.startsWith("io.gatehouse."));
            boolean loadsClass = frames.contains("java.lang.ClassLoader.loadClass")
                    || !(reason.isEmpty() || reason.endsWith(" on stack"));
            return isOurs && !loadsClass ? PINNED + reason + " " + frames : null;
        }

        @SuppressWarnings("SystemOut") // the lines that the test waits for
        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[1]);
            try (Recording recording = new Recording()) {
                recording
                        .enable("jdk.VirtualThreadPinned")
                        .withThreshold(Duration.ZERO)
                        .withStackTrace();
                try (App one = node(arguments[0]);
                        App other = node(arguments[0])) {
                    Overlap.together(FIRST_CLIENTS, client -> requests(one, other, client)); // loads the classes
                    recording.start();
                    Overlap.together(CLIENTS, client -> requests(one, other, client));
                }
                startVirtualThread(Control::new).join();
                recording.stop();
                recording.dump(file);
            }
            System.out.println("requests run on " + THREADS);
            System.out.println(ANSWERS);
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                String description = describe(event);
                if (description != null) {
                    System.out.println(description);
                }
            }
        }
    }
}
