package io.gatehouse.run;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/** A Redis server as a child process, on a free port of the loopback interface and in its own folder. Not thread-safe. */
public final class RedisProcess implements AutoCloseable {
    private static final int START_ATTEMPTS = 3;
    private static final int START_SECONDS = 10;
    private static final String PORT = "PORT";

    private final Path executable;
    private final Path folder;
    private final int port;
    private final List<String> arguments;
    private Process process;

    /** @param arguments the arguments, with {@code PORT} as placeholder for the port */
    private RedisProcess(Path executable, Path folder, List<String> arguments) throws IOException {
        this.executable = executable.getParent() == null
                ? executable
                : executable.toAbsolutePath(); // a bare name is found by PATH
        this.folder = folder;
        synchronized (RedisProcess.class) { // a file lock does not exclude other threads of this JVM
            try (FileChannel file = FileChannel.open(
                    folder.resolveSibling("port.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                FileLock unused = file.lock(); // otherwise two JVMs could choose the same port, and use one server
                this.port = freePort();
                this.arguments = arguments.stream()
                        .map(argument -> argument.equals(PORT) ? "" + port : argument)
                        .toList();
                this.process = launch();
            }
        }
    }

    /** Unpacks the server that the embedded-redis library contains for this platform, and returns its path. */
    public static Path embeddedExecutable(Path folder) throws IOException {
        Files.createDirectories(folder);
        return ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toPath();
    }

    /**
     * Starts a server and waits until it replies.
     *
     * @param folder the folder of its data and its log
     * @param arguments settings, such as {@code --appendonly}, {@code yes}
     */
    public static RedisProcess start(Path executable, Path folder, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--port", PORT, "--bind", "127.0.0.1", "--save", ""));
        all.addAll(arguments);
        return startOn(executable, folder, all);
    }

    /**
     * Starts a server with a configuration file that contains every setting except the port.
     *
     * @param folder the folder of its data, its log, the configuration file and the files that it names
     * @param portSetting the setting of the port: {@code port} or {@code tls-port}
     * @param arguments additional settings
     */
    public static RedisProcess startConfigured(
            Path executable, Path folder, String file, String portSetting, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(file, "--" + portSetting, PORT));
        all.addAll(arguments);
        return startOn(executable, folder, all);
    }

    /**
     * Starts a sentinel, which writes its state to its configuration file.
     *
     * @param configuration lines such as {@code sentinel monitor mymaster 127.0.0.1 6379 2}
     */
    public static RedisProcess startSentinel(Path executable, Path folder, List<String> configuration)
            throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("sentinel.conf"), configuration);
        return new RedisProcess(
                executable, folder, List.of("sentinel.conf", "--port", PORT, "--bind", "127.0.0.1", "--sentinel"));
    }

    private static RedisProcess startOn(Path executable, Path folder, List<String> arguments) throws IOException {
        Files.createDirectories(folder);
        for (int attempt = 1; ; attempt++) {
            try {
                return new RedisProcess(executable, folder, arguments);
            } catch (IOException e) {
                if (attempt == START_ATTEMPTS) {
                    throw e; // otherwise retry: another process may have taken the port
                }
            }
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(arguments);
        Path log = folder.resolve("redis.log");
        Process started = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!replies()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                started.destroyForcibly();
                throw new IOException("Redis did not start; its log " + log + " contains:\n" + Files.readString(log));
            }
            pause();
        }
        return started;
    }

    /** Returns whether the server is up. Any reply counts: it may ask for a password, or close a connection without TLS. */
    private boolean replies() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            int first = socket.getInputStream().read();
            return first == '+' || first == '-' || first < 0 || first == 0x15;
        } catch (ConnectException | SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public int port() {
        return port;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Stops the server in an orderly way, so that all data is on disk. */
    public void stop() {
        process.destroy();
        awaitExit();
    }

    /** Kills the server, as a power failure would. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Restarts the server on the same port with the same data. */
    public void restart() throws IOException {
        stop();
        process = launch();
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Returns a port on which no process is listening. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
