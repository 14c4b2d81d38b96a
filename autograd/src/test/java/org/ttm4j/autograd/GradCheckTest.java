package org.ttm4j.autograd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.AssertionFailedError;

/** The gradient check itself: it must fail for each way in which an operation can be wrong. */
class GradCheckTest {
    private enum Fault {
        NONE, VALUE, FACTOR, OVERWRITES, ADDS_TO_GARBAGE, WRITES_FROZEN, KEEPS_STATE
    }

    /** y = w·x², with one element w, and a fault. */
    private static final class Faulty extends Operation {
        private final Fault fault;
        private final Tensor x;
        private final Tensor w;
        private final Tensor y;
        private int runs;

        Faulty(Tensor x, Parameter weight, Fault fault) {
            super(x);
            this.fault = fault;
            this.x = x;
            w = graph.leaf(weight);
            y = output(x.shape(), w);
        }

        @Override
        protected void forward() {
            float factor = w.value()[0] * (fault == Fault.VALUE ? 1.01f : 1);
            for (int i = 0; i < x.shape().size(); i++) y.value()[i] = factor * x.value()[i] * x.value()[i];
        }

        @Override
        protected void backward() {
            float[] dx = new float[x.shape().size()];
            for (int i = 0; i < dx.length; i++) {
                dx[i] = 2 * w.value()[0] * x.value()[i] * y.grad()[i];
                if (fault == Fault.FACTOR) dx[i] *= 1.01f;
                if (w.needsGrad()) w.grad()[0] += y.grad()[i] * x.value()[i] * x.value()[i];
            }
            if (fault == Fault.KEEPS_STATE) dx[0] += runs++;
            if (fault == Fault.WRITES_FROZEN && !x.needsGrad()) w.grad()[0] += 1;
            if (!x.needsGrad()) return;
            boolean add = fault != Fault.OVERWRITES && (x.accumulatesGrad() || fault == Fault.ADDS_TO_GARBAGE);
            if (fault == Fault.OVERWRITES) x.accumulatesGrad();
            for (int i = 0; i < dx.length; i++) x.grad()[i] = add ? x.grad()[i] + dx[i] : dx[i];
        }
    }

    private static GradCheck check(Fault fault) {
        return GradCheck.of(Faulty.class, fault.name(), (g, x, w) -> new Faulty(x[0], w[0], fault).y)
                .tensor(5)
                .parameter(1)
                .equalTo((x, w) -> Arrays.stream(x[0]).map(v -> w[0][0] * v * v).toArray());
    }

    @Test
    void passesWhatIsRight() {
        assertDoesNotThrow(check(Fault.NONE)::run);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void finds(Fault fault) {
        assertThrows(AssertionFailedError.class, check(fault)::run);
    }
}
