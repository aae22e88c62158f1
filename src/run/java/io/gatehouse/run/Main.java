package io.gatehouse.run;

import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The main job, {@code mvn -Prun}: a real Redis, one or more real application servers with the sample, until Ctrl-C. What
 * must survive that (Redis' data, the signing key, the unpacked server) is kept under {@code target/run}.
 */
public final class Main {
    private static final int START_SECONDS = 180;

    private final RunSettings settings;
    private final ChildProcesses childProcesses;
    private final PrintStream out;

    private Main(RunSettings settings, PrintStream out) {
        this.settings = settings;
        this.childProcesses = new ChildProcesses(settings.folder().resolve("processes"));
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Main(RunSettings.fromSystemProperties(), System.out).run();
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(settings.folder());
        AppServer server = AppServer.of(settings);
        childProcesses.takeOver();
        Thread hook = new Thread(childProcesses::endAll, "gatehouse-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            server.provision();
            Map<String, String> environment = new HashMap<>();
            RedisProcess redis = redis(environment);
            environment.put("GATEHOUSE_KEYS", keys());
            environment.put("GATEHOUSE_APPLICATION", "sample");
            environment.put("GATEHOUSE_ENDPOINTS_ENABLED", "True");
            environment.put("GATEHOUSE_PROBES_PATH", "/health");
            environment.put(
                    "GATEHOUSE_FILTER_EXCLUDE", "/health/*, /metrics"); // on Payara the server's own are in here
            environment.put("GATEHOUSE_ADMIN_TOKEN", secret("admin-token", ""));
            environment.put(
                    "SAMPLE_DIRECTORY", settings.folder().resolve("directory").toString());
            environment.put("GATEHOUSE_LOGIN_FORMS", "/login user");
            environment.put("GATEHOUSE_LOGIN_FREE_FAILURES", "10"); // so that the limit of the address is met first
            List<Process> processes = new ArrayList<>();
            List<AppServer.Node> nodes = new ArrayList<>();
            for (int number = 1; number <= settings.nodes(); number++) {
                AppServer.Node node = new AppServer.Node(
                        number,
                        settings.httpPort() + number - 1,
                        settings.folder().resolve(settings.server() + "-" + number));
                nodes.add(node);
            }
            for (AppServer.Node node : nodes) {
                requireFree(server.ports(node));
            }
            for (AppServer.Node node : nodes) {
                processes.add(start(server, node, environment));
            }
            for (int i = 0; i < nodes.size(); i++) {
                awaitReady(nodes.get(i), processes.get(i));
            }
            tell(server, nodes, redis, commandEnvironment(environment));
            CompletableFuture<?>[] ends = new CompletableFuture<?>[nodes.size()];
            for (int i = 0; i < ends.length; i++) {
                int number = nodes.get(i).number();
                ends[i] = processes.get(i).onExit().thenRun(() -> out.println("Node " + number + " has ended."));
            }
            CompletableFuture.allOf(ends).join(); // one may be killed to see the others take over
            out.println("No server is left, so all the rest ends too.");
        } finally {
            childProcesses.endAll();
        }
    }

    private @Nullable RedisProcess redis(Map<String, String> environment) throws IOException {
        if (System.getenv().keySet().stream().anyMatch(name -> name.startsWith("REDIS_"))) {
            return null;
        }
        Path executable = RedisProcess.embeddedExecutable(settings.folder().resolve("bin"));
        RedisProcess redis = RedisProcess.start(
                executable,
                settings.folder().resolve("redis"),
                List.of("--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"));
        childProcesses.add(redis.handle());
        environment.put("REDIS_URL", "redis://127.0.0.1:" + redis.port() + "/1");
        environment.put("REDIS_SESSION_URL", "redis://127.0.0.1:" + redis.port() + "/2");
        environment.put("REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:" + redis.port() + "/3");
        environment.put("REDIS_CACHE_WARMING_URL", "redis://127.0.0.1:" + redis.port() + "/4");
        return redis;
    }

    /** The keys of the environment, or one of our own that is kept between runs. */
    private String keys() throws IOException {
        String given = System.getenv("GATEHOUSE_KEYS");
        if (given != null) {
            return given;
        }
        out.println("**********************************************************************");
        out.println("* GATEHOUSE_KEYS is not set: signing with a key made for this folder, *");
        out.println("* kept in target/run/signing-key. Never do that in production.        *");
        out.println("**********************************************************************");
        return secret("signing-key", "run:");
    }

    /** Random text that is kept between runs, in a file that only its owner can read. */
    private String secret(String name, String before) throws IOException {
        Path file = settings.folder().resolve(name);
        if (!Files.exists(file)) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            PrivateFile.write(
                    file, before + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        }
        return Files.readString(file);
    }

    /** What commands need to know, for a shell to read. */
    private Path commandEnvironment(Map<String, String> environment) throws IOException {
        Path file = settings.folder().resolve("env.sh");
        Map<String, String> ours = new HashMap<>(environment);
        ours.keySet().removeIf(name -> !name.matches("(REDIS|GATEHOUSE)_.*"));
        PrivateFile.write(file, ShellVariables.exports(ours));
        return file;
    }

    private Process start(AppServer server, AppServer.Node node, Map<String, String> environment) throws IOException {
        List<String> command = server.prepare(node);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(node).toFile());
        builder.environment().putAll(environment);
        builder.environment().put(LibertyHome.USER_FOLDER, node.folder().toString());
        Process process = builder.start();
        childProcesses.add(process.toHandle());
        return process;
    }

    /** Else we would wait for somebody else's server. */
    private static void requireFree(List<Integer> ports) throws IOException {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true); // connections that were closed a moment ago do not count
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                throw new IOException("port " + port + " is taken; another HTTP port is chosen by -Dhttp.port=N", e);
            }
        }
    }

    private static Path log(AppServer.Node node) {
        return node.folder().resolve("server.log");
    }

    private void awaitReady(AppServer.Node node, Process process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (status(url(node) + "login") != HttpURLConnection.HTTP_OK) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(
                        "Node " + node.number() + " did not start; the end of " + log(node) + ":\n" + endOf(log(node)));
            }
            Thread.sleep(250);
        }
    }

    private static String endOf(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    private static int status(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode();
        } catch (IOException e) {
            return -1;
        }
    }

    private static String url(AppServer.Node node) {
        return "http://localhost:" + node.httpPort() + "/";
    }

    private void tell(AppServer server, List<AppServer.Node> nodes, @Nullable RedisProcess redis, Path commands) {
        out.println();
        out.println("Gatehouse is running on " + settings.server() + ".");
        for (AppServer.Node node : nodes) {
            out.println("  Node " + node.number() + "    " + url(node)
                    + "   log in as alice / wonderland or bob / builder");
            out.println("            " + url(node) + "api/v1/core/health/system/   and " + server.healthUrl(node));
            out.println("            log: " + log(node));
        }
        out.println(
                redis == null
                        ? "  Redis     as the environment says"
                        : "  Redis     127.0.0.1:" + redis.port()
                                + "   sessions are in database 2, kept in target/run/redis");
        out.println("  Commands  . " + commands + " && java -jar target/gatehouse-cli.jar --help");
        out.println("            the token of the admin API is $GATEHOUSE_ADMIN_TOKEN then");
        out.println("Stop with Ctrl-C. Sessions are still there after the next mvn -Prun.");
        out.println();
        out.flush();
    }
}
