package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.login.LoginEvent;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.session.EndReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the reference pages with the code: settings with their defaults, and all names of the contract. */
class DocumentationTest {
    private static final Path DOCS = Path.of("src/docs");

    /** With {@code -Ddocs.write=true}, this test writes the table. */
    @Test
    void everySettingIsDocumentedWithItsDefault() throws IOException {
        String table = Settings.ALL.stream()
                .sorted(Comparator.comparing(
                        (Setting<?> setting) -> !setting.name().startsWith("REDIS_")))
                .map(setting -> "| `" + setting.name() + "` | "
                        + (setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`") + " | "
                        + setting.meaning() + " |")
                .collect(Collectors.joining("\n"));
        Path page = DOCS.resolve("reference/configuration.md");
        if (Boolean.getBoolean("docs.write")) {
            String before = Files.readString(page);
            int start = before.indexOf("| `REDIS_URL`");
            Files.writeString(
                    page, before.substring(0, start) + table + before.substring(before.indexOf("\n\n", start)));
        }
        assertThat(Files.readString(page)).contains(table);
    }

    @Test
    void everySettingHasAUniqueNameAndAValidDefault() {
        Set<String> names = new TreeSet<>();
        for (Setting<?> setting : Settings.ALL) {
            assertThat(names.add(setting.name())).as(setting.name()).isTrue();
            assertThat(setting.parser().apply(setting.defaultText()))
                    .as(setting.name())
                    .isNotNull();
            assertThat(setting.name()).matches("(REDIS|GATEHOUSE)_[A-Z0-9_]+");
        }
    }

    @Test
    void theContractListsAllNames() throws IOException {
        assertThat(listed("Session events"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(SessionEvent.values())
                        .map(SessionEvent::label)
                        .toList());
        assertThat(listed("Login events"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LoginEvent.values())
                        .map(LoginEvent::label)
                        .toList());
        assertThat(listed("Login refusal reasons"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LoginDecision.Reason.values())
                        .map(LoginDecision.Reason::label)
                        .toList());
        assertThat(listed("Redis faults"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(RedisUnavailableException.Reason.values())
                        .map(RedisUnavailableException.Reason::label)
                        .toList());
        assertThat(listed("Purposes"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(RedisPurpose.values())
                        .map(RedisPurpose::label)
                        .toList());
        assertThat(listed("Settings"))
                .containsExactlyInAnyOrderElementsOf(
                        Settings.ALL.stream().map(Setting::name).toList());
        assertThat(listed("Session end reasons"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(EndReason.values()).map(EndReason::label).toList());
        assertThat(listed("Session attributes"))
                .containsExactly(
                        Session.USER_ATTRIBUTE,
                        "io.gatehouse.principal",
                        "io.gatehouse.container.*",
                        "io.gatehouse.end",
                        Session.REMEMBER_ATTRIBUTE,
                        Session.PROVIDER_SESSION_ATTRIBUTE);
    }

    /** Returns the names in the first column of the table below a heading of the contract. */
    private static List<String> listed(String heading) throws IOException {
        String page = Files.readString(DOCS.resolve("reference/contract.md"));
        int start = page.indexOf("\n## " + heading + "\n");
        assertThat(start).as("heading " + heading).isNotNegative();
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
    }
}
