package io.gatehouse.servers.liberty;

import io.gatehouse.run.LibertyHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running server. Applications are deployed by files, and the server reports their state in its log:
 *
 * <pre>
 * apps/gatehouse.war    the WAR that server.xml names, so that it is deployed as users deploy it
 * dropins/NAME.war      any other WAR
 * logs/server.log       CWWKZ0001I ... NAME ...
 * </pre>
 */
final class LibertyServer {
    private static final int STOP_SECONDS = 10; // during its start it would take half a minute to stop
    private static final String DECLARED_WAR = "gatehouse.war";

    private static final String READY = "CWWKF0011I";
    private static final String LISTENS = "CWWKO0219I";
    private static final String CANNOT_LISTEN = "CWWKO0221E";
    private static final String STARTED = "CWWKZ0001I";
    private static final String[] NOT_STARTED = {"CWWKZ0002E", "CWWKZ0004E", "CWWKZ0012I", "CWWKZ0106E"};
    private static final String STOPPED = "CWWKZ0009I";

    private final Path folder;
    private final Process process;
    private final LibertyLog log;

    private LibertyServer(Path folder, Process process, LibertyLog log) {
        this.folder = folder;
        this.process = process;
        this.log = log;
    }

    /** Starts a server and waits until it accepts requests, even if only to respond that there is no application. */
    static LibertyServer start(LibertyConfiguration configuration) throws IOException {
        Path folder = LibertyHome.create(
                configuration.userFolder(),
                configuration.serverXml(),
                Map.of(
                        "http.port", "" + configuration.httpPort(),
                        "com.ibm.ws.logging.message.file.name", "server.log", // the name that the other servers use
                        "com.ibm.ws.logging.console.log.level", "OFF"));
        Path more = Files.createDirectories(folder.resolve("configDropins/defaults"));
        Files.copy(configuration.usersXml(), more.resolve("users.xml"));
        ProcessBuilder builder = new ProcessBuilder(
                        new LibertyHome(configuration.home()).command(configuration.arguments()))
                .redirectErrorStream(true)
                .redirectOutput(
                        configuration.userFolder().resolve("console.log").toFile());
        builder.environment()
                .put(LibertyHome.USER_FOLDER, configuration.userFolder().toString());
        Process process = builder.start();
        LibertyLog log = new LibertyLog(folder.resolve("logs/server.log"), process);
        LibertyServer server = new LibertyServer(folder, process, log);
        try {
            // for an interrupted Maven; does nothing after end()
            Runtime.getRuntime().addShutdownHook(new Thread(server::end, "stop-liberty"));
            log.await(LibertyLog.START, "", LISTENS, CANNOT_LISTEN);
            log.await(LibertyLog.START, "", READY);
        } catch (IOException | IllegalStateException e) { // IllegalStateException if this JVM is already shutting down
            server.end();
            throw e;
        }
        return server;
    }

    /** Deploys an application and waits until it has started. Throws an exception if the server reports that it did not start. */
    void deploy(String war, Consumer<File> export) throws IOException {
        Path target = location(war);
        Path partial = folder.resolve(war + ".partial");
        export.accept(partial.toFile());
        long since = log.end();
        Files.createDirectories(target.getParent());
        Files.move(partial, target); // the server scans the folder twice a second and must not see a partial file
        try {
            log.await(since, nameOf(war), STARTED, NOT_STARTED);
        } catch (IOException e) {
            Files.delete(target);
            throw e;
        }
    }

    void undeploy(String war) throws IOException {
        long since = log.end();
        Files.delete(location(war));
        log.await(since, nameOf(war), STOPPED);
    }

    private Path location(String war) {
        return folder.resolve(war.equals(DECLARED_WAR) ? "apps" : "dropins").resolve(war);
    }

    private static String nameOf(String war) {
        return war.replaceFirst("\\.[we]ar$", "");
    }

    /** Ends the process, forcibly if it does not stop in time. */
    void end() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
