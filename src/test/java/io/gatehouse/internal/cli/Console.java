package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.testing.App;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Runs commands in this process and captures their output and exit codes. */
final class Console {
    private final Map<String, String> environment = new LinkedHashMap<>();
    private boolean terminal;
    private Clock clock = Clock.systemUTC();
    private volatile StringWriter errors = new StringWriter();

    /** The exit code and output of a command. */
    record Ended(int code, String out, String errors) {
        JsonObject json() {
            return Json.createReader(new StringReader(out)).readObject();
        }
    }

    /** Returns a console with the keys of the test applications and one Redis for all purposes. */
    static Console of(String redisUrl) {
        Console console = new Console().set("GATEHOUSE_KEYS", App.KEYS).set("GATEHOUSE_APPLICATION", "shop");
        for (String name :
                List.of("REDIS_URL", "REDIS_SESSION_URL", "REDIS_RATE_LIMIT_URL", "REDIS_CACHE_WARMING_URL")) {
            console.set(name, redisUrl);
        }
        return console;
    }

    Console set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Console without(String name) {
        environment.remove(name);
        return this;
    }

    Console at(String time) {
        clock = Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
        return this;
    }

    Console terminal() {
        terminal = true;
        return this;
    }

    /** Returns what a command that still runs in another thread has written to standard error. */
    String errorsSoFar() {
        return errors.toString();
    }

    Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        errors = new StringWriter();
        CommandLine commands = Main.commandLine(new CliEnvironment(
                InputStream.nullInputStream(),
                List.of(ConfigSource.of("environment", Map.copyOf(environment))),
                terminal,
                terminal ? Ansi.ON : Ansi.OFF,
                clock));
        commands.setOut(new PrintWriter(out)).setErr(new PrintWriter(errors));
        return new Ended(commands.execute(arguments), out.toString(), errors.toString());
    }
}
