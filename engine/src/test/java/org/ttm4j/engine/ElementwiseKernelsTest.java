package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.filled;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.ElementwiseKernels;
import org.ttm4j.engine.kernel.Kernels;

/** Maps, sums, copies and dropout against the reference kernels, at offsets. */
class ElementwiseKernelsTest {
    /** Where operands begin: the elements before must stay as they were. Not a lane count. */
    private static final int AT = 5;

    static Stream<Arguments> lengths() {
        return each(new int[][]{{0}, {1}, {3}, {4}, {7}, {8}, {9}, {15}, {16}, {17}, {31}, {33}, {67}, {192}, {1009}});
    }

    static Stream<Arguments> blocks() {
        return each(new int[][]{{0, 2, 3}, {2, 0, 3}, {2, 3, 0}, {1, 1, 1}, {2, 3, 5}, {1, 8, 7}, {3, 2, 8}, {1, 2, 9},
                {5, 8, 15}, {2, 8, 16}, {3, 4, 17}, {2, 16, 33}, {3, 5, 131}, {17, 8, 192}});
    }

    /** What a kernel does to its output y, of {@code size} elements from AT on. */
    private static float[] check(String what, Kernels kernels, double tolerance, int size,
            BiConsumer<ElementwiseKernels, float[]> run) {
        return assertLikeReference(what, kernels, tolerance, tolerance, k -> {
            float[] y = random(9, AT + size);
            run.accept(k.elementwise(), y);
            return new float[][]{y};
        })[0];
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void maps(Kernels kernels, int[] size) {
        int n = size[0];
        float[] a = random(1, AT + n);
        float[] b = random(2, AT + n);
        check("add", kernels, 0, n, (k, y) -> k.add(y, AT, a, AT, b, AT, n));
        check("add in place", kernels, 0, n, (k, y) -> k.add(y, AT, y, AT, y, AT, n));
        check("multiply", kernels, 0, n, (k, y) -> k.multiply(y, AT, a, AT, b, AT, n, false));
        check("multiply in place", kernels, 0, n, (k, y) -> k.multiply(y, AT, y, AT, b, AT, n, false));
        check("multiply, added", kernels, 1e-6, n, (k, y) -> k.multiply(y, AT, a, AT, b, AT, n, true));
        check("addScaled", kernels, 3e-7, n, (k, y) -> k.addScaled(y, AT, a, AT, -0.7f, n));
        check("scale", kernels, 0, n, (k, y) -> k.scale(y, AT, 3, n));
        check("relu", kernels, 0, n, (k, y) -> k.relu(y, a, n));
        check("relu in place", kernels, 0, n, (k, y) -> k.relu(y, y, n));
        check("reluBackward", kernels, 0, n, (k, y) -> k.reluBackward(y, false, b, a, n));
        check("reluBackward, added", kernels, 0, n, (k, y) -> k.reluBackward(y, true, b, a, n));
        double squares = KernelSelection.reference().elementwise().sumOfSquares(a, AT, n);
        assertEquals(squares, kernels.elementwise().sumOfSquares(a, AT, n), 1e-12 * squares);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void rowMaps(Kernels kernels, int[] size) {
        int rows = size[0] * size[1];
        int n = size[2];
        float[] x = random(1, AT + rows * n);
        float[] row = random(2, AT + n);
        float[] scale = random(3, rows);
        check("addToRows", kernels, 0, rows * n, (k, y) -> k.addToRows(y, AT, x, AT, row, AT, rows, n));
        check("addToRows in place", kernels, 0, rows * n, (k, y) -> k.addToRows(y, AT, y, AT, row, AT, rows, n));
        for (float[] shift : new float[][]{null, random(4, rows)}) {
            for (boolean accumulate : new boolean[]{false, true}) {
                check("scaleRows", kernels, 5e-7, rows * n,
                        (k, y) -> k.scaleRows(y, AT, x, AT, scale, shift, rows, n, accumulate));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void sums(Kernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int d = size[2];
        float[] x = random(1, AT + blocks * n * d);
        check("columns", kernels, 1e-5, d, (k, y) -> k.addColumnSums(y, AT, x, AT, blocks * n, d));
        check("rows", kernels, 2e-5, n, (k, y) -> k.addRowSums(y, AT, x, AT, blocks, n, d));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void copies(Kernels kernels, int[] size) {
        int batch = size[0];
        int rows = size[1];
        int columns = size[2];
        int count = batch * rows;
        for (boolean accumulate : new boolean[]{false, true}) {
            for (int inner : new int[]{1, 3}) {
                int total = count * columns * inner;
                float[] x = random(1, AT + total);
                check("swapAxes", kernels, 0, total,
                        (k, y) -> k.swapAxes(y, AT, x, AT, batch, rows, columns, inner, accumulate));
            }
            // Every row of x to the end of a row of y that is 2 longer.
            float[] x = random(2, AT + count * columns);
            check("copyBlocks", kernels, 0, count * (columns + 2),
                    (k, y) -> k.copyBlocks(y, AT + 2, columns + 2, x, AT, columns, count, columns, accumulate));
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void dropout(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = random(1, AT + n);
        float[] missing = filled(Float.NaN, AT + n);
        for (float rate : new float[]{0, 0.1f, 0.5f, 0.99f}) {
            long seed = 0x1234_5678_9abc_def0L + n;
            String what = "dropout " + rate;
            check(what, kernels, 2e-7, n, (k, y) -> k.dropout(y, AT, x, AT, n, rate, seed, false));
            check(what + ", added", kernels, 2e-6, n, (k, y) -> k.dropout(y, AT, x, AT, n, rate, seed, true));
            check(what + " in place", kernels, 2e-7, n, (k, y) -> k.dropout(y, AT, y, AT, n, rate, seed, false));
            check(what + " of NaN", kernels, 0, n, (k, y) -> k.dropout(y, AT, missing, AT, n, rate, seed, false));
        }
    }

    @ParameterizedTest
    @MethodSource("org.ttm4j.engine.KernelFixtures#implementations")
    void dropoutRate(Kernels kernels) {
        int n = 200_000;
        float[] ones = filled(1, n);
        float[] y = new float[n];
        for (long seed = 0; seed < 5; seed++) {
            for (float rate : new float[]{0.1f, 0.4f}) {
                kernels.elementwise().dropout(y, 0, ones, 0, n, rate, seed << 32 | 99, false);
                int dropped = 0;
                for (float value : y) dropped += value == 0 ? 1 : 0;
                // Five standard deviations of a binomial count.
                double tolerance = 5 * Math.sqrt(n * rate * (1 - rate));
                assertEquals(n * (double) rate, dropped, tolerance, "seed " + seed + ", rate " + rate);
            }
        }
    }
}
