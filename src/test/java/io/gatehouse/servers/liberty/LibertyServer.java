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
 * A running server, which is told about applications by files and answers in its log:
 *
 * <pre>
 * apps/gatehouse.war    the WAR that server.xml expects there, so that it is deployed as users deploy it
 * dropins/NAME.war      any other one
 * logs/server.log       CWWKZ0001I ... NAME ...
 * </pre>
 */
final class LibertyServer {
    private static final int END_SECONDS = 10; // in the middle of its start it would take half a minute
    private static final String EXPECTED = "gatehouse.war";

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

    /** Returns when requests are answered, if only to say that there is no application. */
    static LibertyServer start(LibertyConfiguration configuration) throws IOException {
        Path folder = LibertyHome.create(
                configuration.userFolder(),
                configuration.serverXml(),
                Map.of(
                        "http.port", "" + configuration.httpPort(),
                        "com.ibm.ws.logging.message.file.name", "server.log", // as the other servers call theirs
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
            // also when Maven is interrupted; nothing is left to do for it after end()
            Runtime.getRuntime().addShutdownHook(new Thread(server::end, "liberty-ends"));
            log.await(LibertyLog.START, "", LISTENS, CANNOT_LISTEN);
            log.await(LibertyLog.START, "", READY);
        } catch (IOException | IllegalStateException e) { // the latter when we are ending already
            server.end();
            throw e;
        }
        return server;
    }

    /** Returns when the application is there, and throws when the server says that it will not be. */
    void deploy(String war, Consumer<File> export) throws IOException {
        Path target = place(war);
        Path half = folder.resolve(war + ".half");
        export.accept(half.toFile());
        long since = log.end();
        Files.createDirectories(target.getParent());
        Files.move(half, target); // the server looks twice a second and must not see half of it
        try {
            log.await(since, nameOf(war), STARTED, NOT_STARTED);
        } catch (IOException e) {
            Files.delete(target);
            throw e;
        }
    }

    void undeploy(String war) throws IOException {
        long since = log.end();
        Files.delete(place(war));
        log.await(since, nameOf(war), STOPPED);
    }

    private Path place(String war) {
        return folder.resolve(war.equals(EXPECTED) ? "apps" : "dropins").resolve(war);
    }

    private static String nameOf(String war) {
        return war.replaceFirst("\\.war$", "");
    }

    /** Ends the process, gently if it takes that. */
    void end() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
