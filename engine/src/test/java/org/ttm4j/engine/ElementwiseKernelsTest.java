package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.engine.KernelFixtures.GUARD;
import static org.ttm4j.engine.KernelFixtures.assertClose;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.guarded;
import static org.ttm4j.engine.KernelFixtures.random;
import static org.ttm4j.engine.KernelFixtures.values;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps, reductions, copies and dropout against double precision. */
class ElementwiseKernelsTest {

    static Stream<Arguments> lengths() {
        return each(new int[][]{{0}, {1}, {3}, {4}, {7}, {8}, {9}, {15}, {16}, {17}, {31}, {33}, {67}, {192}, {1009}});
    }

    static Stream<Arguments> blocks() {
        return each(new int[][]{{0, 2, 3}, {2, 0, 3}, {2, 3, 0}, {1, 1, 1}, {2, 3, 5}, {1, 8, 7}, {3, 2, 8}, {1, 2, 9},
                {5, 8, 15}, {2, 8, 16}, {3, 4, 17}, {2, 16, 33}, {3, 5, 131}, {17, 8, 192}});
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void maps(Kernels kernels, int[] size) {
        int n = size[0];
        ElementwiseKernels elementwise = kernels.elementwise();
        float[] a = random(1, n);
        float[] b = random(2, n);
        float[] y = empty(n);
        elementwise.add(y, GUARD, a, GUARD, b, GUARD, n);
        assertClose("add", i -> a[GUARD + i] + b[GUARD + i], y, 0, 0);
        elementwise.multiply(y, GUARD, a, GUARD, b, GUARD, n, false);
        assertClose("multiply", i -> a[GUARD + i] * b[GUARD + i], y, 0, 0);
        float[] before = y.clone();
        elementwise.multiply(y, GUARD, a, GUARD, b, GUARD, n, true);
        assertClose("multiply, added", i -> 2 * before[GUARD + i], y, 0, 1e-6);
        float[] sum = b.clone();
        elementwise.addScaled(sum, GUARD, a, GUARD, -0.7f, n);
        assertClose("addScaled", i -> b[GUARD + i] - 0.7 * a[GUARD + i], sum, 2e-7, 2e-7);
        float[] scaled = a.clone();
        elementwise.scale(scaled, GUARD, 3, n);
        assertClose("scale", i -> 3 * a[GUARD + i], scaled, 0, 1e-7);
        float[] inPlace = a.clone();
        elementwise.add(inPlace, GUARD, inPlace, GUARD, inPlace, GUARD, n);
        assertClose("add in place", i -> 2 * a[GUARD + i], inPlace, 0, 0);
        inPlace = a.clone();
        elementwise.multiply(inPlace, GUARD, inPlace, GUARD, b, GUARD, n, false);
        assertClose("multiply in place", i -> a[GUARD + i] * b[GUARD + i], inPlace, 0, 0);
        double squares = 0;
        for (float value : values(a)) squares += (double) value * value;
        assertEquals(squares, elementwise.sumOfSquares(a, GUARD, n), 1e-12 * squares);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void rowMaps(Kernels kernels, int[] size) {
        int rows = size[0] * size[1];
        int n = size[2];
        ElementwiseKernels elementwise = kernels.elementwise();
        float[] x = random(1, rows * n);
        float[] row = random(2, n);
        float[] scale = values(random(3, rows));
        float[] shift = values(random(4, rows));
        float[] y = empty(rows * n);
        elementwise.addToRows(y, GUARD, x, GUARD, row, GUARD, rows, n);
        assertClose("addToRows", i -> x[GUARD + i] + row[GUARD + i % n], y, 0, 0);
        float[] inPlace = x.clone();
        elementwise.addToRows(inPlace, GUARD, inPlace, GUARD, row, GUARD, rows, n);
        assertSame("addToRows in place", values(y), values(inPlace));
        elementwise.scaleRows(y, GUARD, x, GUARD, scale, shift, rows, n, false);
        assertClose("scaleRows", i -> (double) x[GUARD + i] * scale[i / n] + shift[i / n], y, 2e-7, 2e-7);
        float[] before = y.clone();
        elementwise.scaleRows(y, GUARD, x, GUARD, scale, null, rows, n, true);
        assertClose("scaleRows, added", i -> before[GUARD + i] + (double) x[GUARD + i] * scale[i / n], y, 3e-7, 3e-7);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void sums(Kernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int d = size[2];
        int total = blocks * n * d;
        float[] x = random(1, total);
        float[] columns = random(2, d);
        float[] rows = random(3, n);
        double[] columnSums = new double[d];
        double[] rowSums = new double[n];
        for (int i = 0; i < total; i++) {
            columnSums[i % d] += x[GUARD + i];
            rowSums[i / d % n] += x[GUARD + i];
        }
        float[] columnsBefore = columns.clone();
        float[] rowsBefore = rows.clone();
        kernels.elementwise().addColumnSums(columns, GUARD, x, GUARD, blocks * n, d);
        assertClose("columns", j -> columnsBefore[GUARD + j] + columnSums[j], columns, 1e-5, 1e-6);
        kernels.elementwise().addRowSums(rows, GUARD, x, GUARD, blocks, n, d);
        assertClose("rows", i -> rowsBefore[GUARD + i] + rowSums[i], rows, 2e-5, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void copies(Kernels kernels, int[] size) {
        int batch = size[0];
        int rows = size[1];
        int columns = size[2];
        for (int inner : new int[]{1, 3}) {
            int total = batch * rows * columns * inner;
            float[] x = random(1, total);
            float[] y = empty(total);
            kernels.elementwise().swapAxes(y, GUARD, x, GUARD, batch, rows, columns, inner, false);
            float[] back = x.clone();
            kernels.elementwise().swapAxes(back, GUARD, y, GUARD, batch, columns, rows, inner, true);
            assertClose("there and back, added", i -> 2 * x[GUARD + i], back, 0, 0);
            assertClose("swapped", i -> {
                int row = i / inner % rows;
                int column = i / inner / rows % columns;
                int block = i / inner / rows / columns;
                return x[GUARD + ((block * rows + row) * columns + column) * inner + i % inner];
            }, y, 0, 0);
        }
        // Every row of x to the end of a row of y that is 2 longer, then added a second time.
        int count = batch * rows;
        float[] x = random(2, count * columns);
        float[] y = guarded(new float[count * (columns + 2)]);
        for (boolean accumulate : new boolean[]{false, true}) {
            kernels.elementwise().copyBlocks(y, GUARD + 2, columns + 2, x, GUARD, columns, count, columns, accumulate);
            int times = accumulate ? 2 : 1;
            assertClose("copied " + times, i -> {
                int column = i % (columns + 2) - 2;
                return column < 0 ? 0 : times * x[GUARD + i / (columns + 2) * columns + column];
            }, y, 0, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void dropoutKeepsWhatTheHashSays(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = random(1, n);
        for (float rate : new float[]{0, 0.1f, 0.5f, 0.99f}) {
            long seed = 0x1234_5678_9abc_def0L + n;
            float[] y = empty(n);
            kernels.elementwise().dropout(y, GUARD, x, GUARD, n, rate, seed, false);
            assertClose("seed " + seed + ", rate " + rate,
                    i -> CounterRandom.bits(seed, i) >>> 8 >= CounterRandom.threshold(rate)
                            ? x[GUARD + i] / (1 - rate)
                            : 0,
                    y, 0, 2e-7);
            float[] before = y.clone();
            kernels.elementwise().dropout(y, GUARD, x, GUARD, n, rate, seed, true);
            assertClose("added", i -> 2 * before[GUARD + i], y, 0, 0);
            float[] inPlace = x.clone();
            kernels.elementwise().dropout(inPlace, GUARD, inPlace, GUARD, n, rate, seed, false);
            assertSame("in place", values(before), values(inPlace));
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void dropoutDropsNaN(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = empty(n);
        float[] y = empty(n);
        kernels.elementwise().dropout(y, GUARD, x, GUARD, n, 0.5f, 7, false);
        int threshold = CounterRandom.threshold(0.5f);
        assertClose("NaN", i -> CounterRandom.bits(7, i) >>> 8 >= threshold ? Double.NaN : 0, y, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("org.ttm4j.engine.KernelFixtures#implementations")
    void dropoutRate(Kernels kernels) {
        int n = 200_000;
        float[] ones = new float[n];
        Arrays.fill(ones, 1);
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
