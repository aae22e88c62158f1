package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.web.RememberedUser.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedUserTest {
    private final RememberedUser alice = user(Source.LOGIN);

    private static RememberedUser user(Source source) {
        return new RememberedUser("/shop", "members", "FORM", "al&ce", 1000, source, List.of("a b", "c"));
    }

    @Test
    void isAcceptedInItsApplicationAndRealmOnly() {
        assertThat(RememberedUser.decode(alice.encode(), "/shop", "members")).isEqualTo(alice);
        assertThat(RememberedUser.decode(alice.encode(), "/club", "members")).isNull();
        assertThat(RememberedUser.decode(alice.encode(), "/shop", "others")).isNull();
    }

    @Test
    void isNotAcceptedInAnotherForm() {
        for (String text : List.of("", ".1", ".2&.%2Fshop&.members&-&.alice&.soon&.LOGIN&0", "text")) {
            assertThat(RememberedUser.decode(text, "/shop", "members")).as(text).isNull();
        }
    }

    @Test
    void isDueAfterTheConfiguredTimeOnly() {
        assertThat(alice.isDue(Duration.ofSeconds(60), 1059)).isFalse();
        assertThat(alice.isDue(Duration.ofSeconds(60), 1060)).isTrue();
        assertThat(alice.isDue(Duration.ZERO, Long.MAX_VALUE)).isFalse();
        assertThat(user(Source.EACH_REQUEST).isDue(Duration.ofSeconds(60), 9999))
                .isFalse();
    }
}
