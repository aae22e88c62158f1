package io.gatehouse.cli;

import io.gatehouse.config.InvalidConfiguration;
import io.gatehouse.ratelimit.RateLimitSettings;
import io.gatehouse.ratelimit.Replay;
import io.gatehouse.ratelimit.ReplayReport;
import io.gatehouse.ratelimit.RuleSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code replay}. */
@Command(
        name = "replay",
        description = "Says what rate-limit rules would have refused of the requests in access logs.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Logs are in the common or the combined format, the oldest first.",
            "The report names the addresses, users and paths that were refused most:",
            "it is for those who may read the log. It needs neither Redis nor a key.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int IPV6_PREFIX = 64;

    private final InputStream standardInput;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "The rules, as properties. Without it: the built-in ones.")
    private @Nullable String rules;

    @Option(
            names = "--context",
            paramLabel = "PATH",
            description = "The context path of the application, such as /shop; other requests are left out.")
    private String context = "";

    @Option(
            names = "--ipv6-prefix",
            paramLabel = "BITS",
            description =
                    "How many first bits of an IPv6 address are one client (32 to 128, as in GATEHOUSE_IPV6_PREFIX).")
    private int ipv6Prefix = IPV6_PREFIX;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Parameters(paramLabel = "LOG", arity = "1..*", description = "Access logs; .gz is unpacked, - is standard input.")
    private List<String> logs = List.of();

    ReplayCommand(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    @Override
    public Integer call() throws IOException {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("to be run by picocli");
        }
        if (ipv6Prefix < 32 || ipv6Prefix > 128) {
            throw new ParameterException(known.commandLine(), "--ipv6-prefix: expected 32 to 128");
        }
        if (!context.isEmpty() && !context.startsWith("/")) {
            throw new ParameterException(known.commandLine(), "--context: expected a path such as /shop");
        }
        PrintWriter out = known.commandLine().getOut();
        PrintWriter errors = known.commandLine().getErr();
        Replay replay;
        try {
            replay = new Replay(ruleSet(), context, ipv6Prefix);
        } catch (InvalidConfiguration e) {
            e.problems().forEach(problem -> errors.println("gatehouse: " + problem));
            errors.flush();
            return 1;
        }
        for (String log : logs) {
            read(log, replay);
        }
        ReplayReport report = replay.report();
        out.println(json ? ReplayJson.of(report) : ReplayText.of(report));
        out.flush();
        if (report.lines() > 0 && report.lines() == report.notUnderstood()) {
            errors.println("gatehouse: no line is in the common or the combined format");
            errors.flush();
            return 1;
        }
        return 0;
    }

    private RuleSet ruleSet() {
        return rules == null
                ? RateLimitSettings.builtIn()
                : RateLimitSettings.ofFile(
                        rules, (text, into) -> into.problem(1, "this is JSON; the command line reads properties only"));
    }

    private void read(String log, Replay replay) throws IOException {
        if (log.equals("-")) {
            new LogLines(standardInput).forEach(replay::line);
            return;
        }
        try (InputStream file = Files.newInputStream(Path.of(log));
                InputStream bytes = log.endsWith(".gz") ? new GZIPInputStream(file) : file) {
            new LogLines(bytes).forEach(replay::line);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new IOException(log + ": there is no such file", e);
        } catch (IOException e) {
            throw new IOException(log + " cannot be read: " + e.getMessage(), e);
        }
    }
}
