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
 * The program of {@code mvn -Prun}: runs Redis and one or more application servers with the sample until Ctrl-C. The data of Redis,
 * the signing key and the unpacked server remain under {@code target/run} for the next run.
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
            Map<String, String> defaults = new HashMap<>();
            RedisProcess redis = redis(defaults);
            if (settings.variables().value("GATEHOUSE_KEYS_FILE") == null) {
                defaults.put("GATEHOUSE_KEYS", keys());
            }
            defaults.put("GATEHOUSE_APPLICATION", "sample");
            defaults.put("GATEHOUSE_ENDPOINTS_ENABLED", "True");
            defaults.put("GATEHOUSE_SERVER_TIMING", "True");
            defaults.put("GATEHOUSE_PROBES_PATH", "/health");
            defaults.put("GATEHOUSE_FILTER_EXCLUDE", "/health/*, /metrics"); // on Payara these are paths of the server
            defaults.put("GATEHOUSE_ADMIN_TOKEN", secret("admin-token", ""));
            defaults.put(
                    "SAMPLE_DIRECTORY", settings.folder().resolve("directory").toString());
            defaults.put("GATEHOUSE_LOGIN_FORMS", "/login user");
            defaults.put(
                    "GATEHOUSE_LOGIN_FREE_FAILURES", "10"); // so that the rate limit of the address is reached first
            Map<String, String> environment = settings.variables().over(defaults);
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
            printInstructions(server, nodes, redis, commandEnvironment(environment));
            CompletableFuture<?>[] exits = new CompletableFuture<?>[nodes.size()];
            for (int i = 0; i < exits.length; i++) {
                int number = nodes.get(i).number();
                exits[i] = processes.get(i).onExit().thenRun(() -> out.println("Node " + number + " has ended."));
            }
            CompletableFuture.allOf(exits).join(); // a user may kill one node to see the others take over
            out.println("All nodes have ended; stopping.");
        } finally {
            childProcesses.endAll();
        }
    }

    private @Nullable RedisProcess redis(Map<String, String> environment) throws IOException {
        if (settings.variables().hasAny("REDIS_")) {
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

    /** Returns GATEHOUSE_KEYS of the user, or a key that is kept between runs. */
    private String keys() throws IOException {
        String given = settings.variables().value("GATEHOUSE_KEYS");
        if (given != null) {
            return given;
        }
        out.println("**********************************************************************");
        out.println("* GATEHOUSE_KEYS is not set: using a signing key of this folder, kept *");
        out.println("* in target/run/signing-key. Never do that in production.             *");
        out.println("**********************************************************************");
        return secret("signing-key", "run:");
    }

    /** Returns a random text that is kept between runs, in a file that only its owner can read. */
    private String secret(String name, String prefix) throws IOException {
        Path file = settings.folder().resolve(name);
        if (!Files.exists(file)) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            PrivateFile.write(
                    file, prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        }
        return Files.readString(file);
    }

    /** Writes a shell file with the settings for the command line. */
    private Path commandEnvironment(Map<String, String> environment) throws IOException {
        Path file = settings.folder().resolve("env.sh");
        Map<String, String> settingsOfCommands = new HashMap<>(environment);
        settingsOfCommands.keySet().removeIf(name -> !name.matches("(REDIS|GATEHOUSE)_.*"));
        PrivateFile.write(file, ShellVariables.exports(settingsOfCommands));
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

    /** Fails if a port is in use; otherwise this run would wait for another process's server. */
    private static void requireFree(List<Integer> ports) throws IOException {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true); // ignore connections that were closed a moment ago
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                throw new IOException("port " + port + " is in use; choose another HTTP port with -Dhttp.port=N", e);
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
                throw new IOException("Node " + node.number() + " did not start; the last lines of " + log(node) + ":\n"
                        + tail(log(node)));
            }
            Thread.sleep(250);
        }
    }

    private static String tail(Path log) throws IOException {
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

    private void printInstructions(
            AppServer server, List<AppServer.Node> nodes, @Nullable RedisProcess redis, Path commands) {
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
                        ? "  Redis     as configured in the environment or in .env"
                        : "  Redis     127.0.0.1:" + redis.port()
                                + "   sessions are in database 2; the data is kept in target/run/redis");
        out.println("  Commands  . " + commands + " && java -jar target/gatehouse-cli.jar --help");
        out.println("            this also sets $GATEHOUSE_ADMIN_TOKEN, the token of the admin API");
        out.println("Stop with Ctrl-C. Sessions survive until the next mvn -Prun.");
        out.println();
        out.flush();
    }
}
