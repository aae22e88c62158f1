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

/** The commands {@code keys ...}, which need no Redis. */
@Command(
        name = "keys",
        description = "The keys that sign.",
        subcommands = {KeysCommand.Generate.class, KeysCommand.Status.class})
final class KeysCommand {
    private static final int KEY_LENGTH = 32;

    /** A fresh one. */
    @Command(
            name = "generate",
            description =
                    "Prints a fresh key as kid:base64url. It is a secret: whoever has it makes sessions of anybody.")
    static final class Generate extends OperatorCommand {
        @Mixin
        private ApplicationOptions applicationOptions;

        @Override
        CommandResult answer() {
            byte[] secret = new byte[KEY_LENGTH];
            new SecureRandom().nextBytes(secret);
            String kid = kid();
            String key = kid + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
            return CommandResult.of(new GeneratedKey(kid, key), key);
        }

        /** For programs. */
        private record GeneratedKey(String kid, String key) {}

        /** This month, with a number behind it if the ring has that already. */
        private String kid() {
            String month = YearMonth.now(surroundings().clock()).toString();
            List<String> known = SigningSettings.from(applicationOptions.config(surroundings()))
                    .map(KeyRing::kids)
                    .orElse(List.of());
            return Stream.concat(
                            Stream.of(month), IntStream.iterate(2, n -> n + 1).mapToObj(n -> month + "-" + n))
                    .filter(kid -> !known.contains(kid))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Which there are. */
    @Command(name = "status", description = "Says which keys there are, which signs, and how to replace it.")
    static final class Status extends OperatorCommand {
        @Mixin
        private ApplicationOptions applicationOptions;

        @Override
        CommandResult answer() {
            Config config = applicationOptions.config(surroundings());
            KeyRing ring = SigningSettings.from(config).orElse(null);
            config.throwIfBroken();
            if (ring == null) {
                throw new IllegalStateException("no key, and nothing said about it");
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
                            "To replace the key that signs, on all nodes, one step after the other:",
                            "1. keys generate, and add it as the last of GATEHOUSE_KEYS: all nodes verify it",
                            "2. make it the first: it signs",
                            "3. when no session is left that an older one signed (the absolute time-out), remove that"));
        }
    }
}
