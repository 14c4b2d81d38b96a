package org.ttm4j.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

class DropoutTest {
    private static final int N = 100_000;

    private final Graph graph = new Graph(Graph.Mode.TRAINING);
    private final Tensor ones = graph.constant(Shape.of(N), 1);

    private float[] run(Tensor y, long seed) {
        graph.seed(seed);
        graph.forward();
        return Arrays.copyOf(y.value(), N);
    }

    @ParameterizedTest
    @ValueSource(floats = {0.1f, 0.4f, 0.7f, 0.95f})
    void dropsTheRateAndKeepsTheMean(float rate) {
        float[] y = run(Dropout.of(ones, rate), 3);
        int dropped = 0;
        int pairs = 0;
        for (int i = 0; i < N; i++) {
            if (y[i] == 0) dropped++;
            else assertEquals(1 / (1 - rate), y[i], 1e-5 / (1 - rate));
            if (i > 0 && y[i] == 0 && y[i - 1] == 0) pairs++;
        }
        // Five standard deviations; pairs of neighbours are dropped as often as independence has it.
        assertEquals(rate * N, dropped, 5 * Math.sqrt(N * rate * (1 - rate)), "dropped");
        double both = rate * rate;
        assertEquals(both * N, pairs, 5 * Math.sqrt(N * both * (1 - both) * 3), "neighbours both dropped");
    }

    @Test
    void theSeedDecides() {
        Tensor y = Dropout.of(ones, 0.5f);
        float[] first = run(y, 1);
        assertFalse(Arrays.equals(first, run(y, 2)), "seeds 1 and 2 drop the same");
        assertFalse(Arrays.equals(first, run(y, 1L << 40)), "the upper half of a seed does not count");
        assertArrayEquals(first, run(y, 1));
    }

    @Test
    void operationsOfOneGraphDrawApart() {
        Tensor a = Dropout.of(ones, 0.5f);
        Tensor b = Dropout.of(ones, 0.5f);
        run(a, 1);
        int same = 0;
        for (int i = 0; i < N; i++) if (a.value()[i] == b.value()[i]) same++;
        assertEquals(0.5 * N, same, 5 * Math.sqrt(0.25 * N));
    }

    @Test
    void isOffOutsideTrainingAndAtRateZero() {
        assertSame(ones, Dropout.of(ones, 0));
        for (Graph.Mode mode : new Graph.Mode[]{Graph.Mode.INFERENCE, Graph.Mode.GRADIENT}) {
            Tensor x = new Graph(mode).input(Shape.of(3));
            assertSame(x, Dropout.of(x, 0.5f));
        }
        for (float rate : new float[]{-0.1f, 1, Float.NaN}) {
            assertEquals("dropout rate " + rate + " is not in [0, 1)",
                    assertThrows(IllegalArgumentException.class, () -> Dropout.of(ones, rate)).getMessage());
        }
    }
}
