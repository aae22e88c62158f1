package io.gatehouse.internal.session.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.lease.LeaseModel.Mutation;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of schedules of a {@link LeaseModel}. In each of them, every read sees what was acknowledged before it began, no read is accepted
 * after an end was acknowledged, no copy answers for longer than a lease, and no writer waits for longer than a lease and a tenth.
 */
class LeaseModelTest {
    private static final int SCHEDULES = 3_000;
    private static final int MOST_FOR_A_MUTATION = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void everyScheduleKeepsThePromises(int nodes) {
        long fromCopies = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            LeaseModel model = new LeaseModel(seed, nodes, Mutation.NONE);
            List<String> violations = model.run();
            assertThat(violations).as("seed %d, %d nodes", seed, nodes).isEmpty();
            fromCopies += model.readsFromCopies;
        }
        assertThat(fromCopies).as("reads from copies").isGreaterThan(SCHEDULES * 10L);
    }

    @ParameterizedTest
    @EnumSource(value = Mutation.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void someScheduleFindsEachMutation(Mutation mutation) {
        for (long seed = 0; seed < MOST_FOR_A_MUTATION; seed++) {
            if (!new LeaseModel(seed, 3, mutation).run().isEmpty()) {
                return;
            }
        }
        throw new AssertionError("no schedule finds " + mutation);
    }
}
