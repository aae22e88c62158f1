package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Prepared bodies have the same bytes as bodies that are written for one request. */
class PreparedProblemTest {

    private static void hasTheSameBytes(ProblemDetails problem) {
        assertThat(PreparedProblem.json(problem)).isEqualTo(problem.json().getBytes(StandardCharsets.UTF_8));
        assertThat(PreparedProblem.html(problem))
                .isEqualTo(ProblemPage.html(problem).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void equalsTheBodyOfOneRequest(WebProblemType type) {
        for (List<String> policies :
                List.of(List.<String>of(), List.of("login"), List.of("login", "user"), List.of("\"é\n"))) {
            for (long retryAfter : new long[] {1, 2, 12, 120, 121, 7200, 7201, 86_400}) {
                for (int i = 0; i < 3; i++) {
                    hasTheSameBytes(new ProblemDetails(type, retryAfter, policies, UUID.randomUUID()));
                }
            }
        }
    }

    @Test
    void aRuleMayBeNamedLikeAnId() {
        hasTheSameBytes(new ProblemDetails(
                WebProblemType.QUOTA_EXCEEDED, 5, List.of(new UUID(0, 0).toString()), UUID.randomUUID()));
    }

    @Test
    void isRightForMoreReasonsThanAreCached() {
        for (int i = 1; i <= 2_500; i++) {
            hasTheSameBytes(new ProblemDetails(WebProblemType.QUOTA_EXCEEDED, i, List.of("rule" + i), new UUID(i, ~i)));
        }
    }

    @Test
    void doesNotShareItsBytes() {
        ProblemDetails problem = new ProblemDetails(WebProblemType.QUOTA_EXCEEDED, 5, List.of("login"), new UUID(1, 2));
        byte[] body = PreparedProblem.json(problem);
        body[0] = 'x';
        hasTheSameBytes(problem);
    }
}
