package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.ops.ConfigurationViews.KeyList;
import io.gatehouse.internal.ops.ConfigurationViews.KeyView;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.internal.signing.SigningSettings;
import java.security.SecureRandom;
import java.time.YearMonth;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands {@code keys ...}, on signing keys. They need no Redis. */
@Command(
        name = "keys",
        description = "Generates signing keys and shows their status.",
        subcommands = {KeysCommand.Generate.class, KeysCommand.Status.class})
final class KeysCommand {
    private static final int KEY_LENGTH = 32;

    /** The command {@code keys generate}. */
    @Command(
            name = "generate",
            description =
                    "Prints a new signing key as kid:base64url. Keep it secret: with it, anyone can forge sessions of any user.")
    static final class Generate extends OperatorCommand {
        @Mixin
        private ApplicationOptions applicationOptions;

        @Override
        CommandResult run() {
            byte[] secret = new byte[KEY_LENGTH];
            new SecureRandom().nextBytes(secret);
            String kid = kid();
            String key = kid + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
            return CommandResult.of(new GeneratedKey(kid, key), key);
        }

        /** The JSON of a new key. */
        private record GeneratedKey(String kid, String key) {}

        /** Returns the current month as key id, with a number appended if the key ring already has it. */
        private String kid() {
            String month = YearMonth.now(environment().clock()).toString();
            List<String> known = SigningSettings.from(applicationOptions.config(environment()))
                    .map(KeyRing::kids)
                    .orElse(List.of());
            return Stream.concat(
                            Stream.of(month), IntStream.iterate(2, n -> n + 1).mapToObj(n -> month + "-" + n))
                    .filter(kid -> !known.contains(kid))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The command {@code keys status}. */
    @Command(
            name = "status",
            description = "Lists the signing keys, shows which one signs, and explains how to replace it.")
    static final class Status extends OperatorCommand {
        @Mixin
        private ApplicationOptions applicationOptions;

        @Override
        CommandResult run() {
            Config config = applicationOptions.config(environment());
            KeyRing ring = SigningSettings.from(config).orElse(null);
            config.throwIfBroken();
            if (ring == null) {
                throw new IllegalStateException("there is no signing key, but the configuration reports no problem");
            }
            KeyList status = KeyList.of(ring);
            return CommandResult.of(
                    status,
                    TextFormatter.lines(
                            TextFormatter.table(
                                    status.keys(),
                                    "none",
                                    List.of(
                                            TextFormatter.column("kid", KeyView::kid),
                                            TextFormatter.column("signs", KeyView::signs))),
                            "",
                            "To replace the signing key, finish each step on all nodes before the next one:",
                            "1. Run keys generate and append the new key to GATEHOUSE_KEYS: every node accepts it.",
                            "2. Move it to the front: it signs.",
                            "3. Remove the old key when no session signed by it is left, at the latest after the absolute timeout."));
        }
    }
}
