package io.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CasesTest {

    @Test
    void drawsTheSameInEveryRun() {
        assertThat(drawn()).isEqualTo(drawn()).hasSize(200).doesNotHaveDuplicates();
    }

    private static List<String> drawn() {
        List<String> all = new ArrayList<>();
        Cases.seeded(200, draws -> all.add(draws.wholeLong() + " " + draws.text() + " " + draws.bytes().length));
        return all;
    }

    @Test
    void namesTheSeedThatFails() {
        assertThatThrownBy(
                        () -> Cases.seeded(10, draws -> assertThat(draws.seed()).isLessThan(7)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 7 fails")
                .hasMessageContaining("-Dgatehouse.seed=7");
    }
}
