package io.gatehouse.internal.cli;

import io.gatehouse.internal.replay.LogReplay;
import io.gatehouse.internal.replay.ReplayReport;
import io.gatehouse.internal.rules.RateLimitSettings;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.internal.wiring.OptionalApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code replay}, which evaluates rules against access logs. */
@Command(
        name = "replay",
        description = "Reports which requests in access logs the rate limit rules would have refused.",
        footer = {
            "",
            "Logs must be in the common or combined format, the oldest first.",
            "The report names the addresses, users and paths that were refused most often,",
            "so treat it like the log. The command needs neither Redis nor a signing key."
        })
final class ReplayCommand extends OperatorCommand {
    private static final int IPV6_PREFIX = 64;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "The rules, as properties or JSON (default: the built-in rules).")
    private @Nullable String rules;

    @Option(
            names = "--context",
            paramLabel = "PATH",
            description = "The context path of the application, such as /shop. Requests outside it are ignored.")
    private String context = "";

    @Option(
            names = "--ipv6-prefix",
            paramLabel = "BITS",
            description =
                    "The length of the IPv6 prefix that identifies a client, 32 to 128, as in GATEHOUSE_IPV6_PREFIX.")
    private int ipv6Prefix = IPV6_PREFIX;

    @Parameters(
            paramLabel = "LOG",
            arity = "1..*",
            description = "Access logs. Files ending in .gz are decompressed; - is standard input.")
    private List<String> logs = List.of();

    @Override
    CommandResult run() throws IOException {
        if (ipv6Prefix < 32 || ipv6Prefix > 128) {
            throw wrongUsage("--ipv6-prefix is " + ipv6Prefix + "; expected a number from 32 to 128");
        }
        if (!context.isEmpty() && !context.startsWith("/")) {
            throw wrongUsage("--context is '" + context + "'; expected a path that starts with /, such as /shop");
        }
        LogReplay logReplay = new LogReplay(ruleSet(), context, ipv6Prefix);
        for (String log : logs) {
            read(log, logReplay);
        }
        ReplayReport report = logReplay.report();
        CommandResult result = CommandResult.of(ReplayDocument.of(report), ReplayText.of(report));
        if (report.lines() > 0 && report.lines() == report.notUnderstood()) {
            say("no line could be parsed; expected the common or combined log format");
            return result.withExit(ExitCode.FAILED);
        }
        return result;
    }

    private RuleSet ruleSet() {
        return rules == null ? RateLimitSettings.builtIn() : RateLimitSettings.ofFile(rules, OptionalApi.rulesInJson());
    }

    private void read(String log, LogReplay logReplay) throws IOException {
        if (log.equals("-")) {
            new LogLines(environment().standardInput()).forEach(logReplay::line);
            return;
        }
        try (InputStream file = Files.newInputStream(Path.of(log));
                InputStream bytes = log.endsWith(".gz") ? new GZIPInputStream(file) : file) {
            new LogLines(bytes).forEach(logReplay::line);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new IOException(log + ": no such file", e);
        } catch (IOException e) {
            throw new IOException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }
}
