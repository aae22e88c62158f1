package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the pages list every route and every problem. */
class AdminPageTest {
    private static final Path DOCS = Path.of("src/docs");
    private static final String URN = "urn:gatehouse:problem:";

    private static List<String> rows(String page, String start) throws IOException {
        return Files.readAllLines(DOCS.resolve(page)).stream()
                .filter(line -> line.startsWith(start))
                .toList();
    }

    @Test
    void listsEveryRoute() throws IOException {
        List<String> rows = Files.readAllLines(DOCS.resolve("reference/admin-api.md")).stream()
                .filter(line -> line.matches("\\| `[A-Z]+` \\| `/.*"))
                .map(line -> line.substring(2, line.indexOf(" |", line.indexOf("`/")))
                        .replace("`", ""))
                .toList();
        try (TestRedis redis = TestRedis.start();
                AdminApp app = AdminApp.start(AdminApp.with(redis.url()))) {
            assertThat(app.routes())
                    .extracting(route -> route.method() + " | " + route.path())
                    .containsExactlyElementsOf(rows);
        }
    }

    @Test
    void listsAndExplainsEveryProblem() throws IOException {
        assertThat(rows("reference/contract.md", "| `" + URN))
                .containsExactlyElementsOf(Arrays.stream(AdminProblemType.values())
                        .map(type -> "| `" + type.uri() + "` | " + type.status() + " |")
                        .toList());
        for (AdminProblemType type : AdminProblemType.values()) {
            String name = type.uri().substring(URN.length());
            assertThat(rows("reference/admin-api.md", "| `" + name + "` | " + type.status() + " | "))
                    .as(name)
                    .hasSize(1);
        }
    }
}
