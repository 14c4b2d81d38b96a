package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.assertRowsAlone;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.filled;
import static org.ttm4j.engine.KernelFixtures.part;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;

/** The gate along rows and down columns, forward and backward, against the reference kernels. */
class GateKernelsTest {

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    static Stream<Arguments> blocks() {
        return each(new int[][]{{0, 2, 3}, {2, 0, 3}, {2, 3, 0}, {1, 1, 1}, {2, 3, 5}, {1, 8, 7}, {2, 3, 8}, {1, 2, 9},
                {1, 8, 15}, {2, 8, 16}, {3, 4, 17}, {2, 16, 33}, {1, 64, 48}, {2, 8, 192}, {1, 3, 384}});
    }

    /** A gate whose softmax runs down the columns of n × d blocks, or along rows of n, where d is 0. */
    private record Gate(int blocks, int n, int d) {
        int total() {
            return blocks * n * Math.max(d, 1);
        }

        void forward(Kernels kernels, float[] y, float[] p, float[] x, float[] logits, float[] residual) {
            if (d == 0) kernels.activation().gate(y, p, x, logits, residual, blocks, n);
            else kernels.activation().gateLeft(y, p, x, logits, residual, blocks, n, d);
        }

        void backward(Kernels kernels, float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x,
                float[] p) {
            if (d == 0) kernels.activation().gateBackward(dx, accumulate, dlogits, dy, x, p, blocks, n);
            else kernels.activation().gateLeftBackward(dx, accumulate, dlogits, dy, x, p, blocks, n, d);
        }

        /** y and p, which must be those of the reference kernels, and of each row or block alone. */
        float[][] check(Kernels kernels, float[] x, float[] logits, float[] residual) {
            float[][] results = assertLikeReference(toString(), kernels, 5e-7, 5e-7, k -> {
                float[] y = empty(total());
                float[] p = empty(total());
                forward(k, y, p, x, logits, residual);
                return new float[][]{y, p};
            });
            int size = blocks == 0 ? 0 : total() / blocks;
            Gate one = new Gate(1, n, d);
            assertRowsAlone(results[0], blocks, size, from -> {
                float[] alone = empty(size);
                float[] added = residual == null ? null : part(residual, from, size);
                one.forward(kernels, alone, empty(size), part(x, from, size), part(logits, from, size), added);
                return alone;
            });
            return results;
        }

        void checkAll(Kernels kernels) {
            float[] x = random(1, total());
            float[] logits = random(2, total());
            for (float[] residual : new float[][]{null, random(5, total())}) {
                float[][] results = check(kernels, x, logits, residual);
                float[] inPlace = x.clone();
                float[] p = logits.clone();
                forward(kernels, inPlace, p, inPlace, p, residual);
                assertSame("y in place of x", results[0], inPlace);
                assertSame("p in place of the logits", results[1], p);
                float[] y = residual == null ? empty(total()) : residual.clone();
                forward(kernels, y, null, x, logits.clone(), residual == null ? null : y);
                assertSame("without p, y in place of the residual", results[0], y);
            }
            float[] p = check(kernels, x, logits, null)[1];
            for (boolean accumulate : new boolean[]{false, true}) {
                assertLikeReference("backward of " + this, kernels, 1e-6, 1e-6, k -> {
                    float[] dx = accumulate ? random(6, total()) : empty(total());
                    float[] dlogits = empty(total());
                    backward(k, dx, accumulate, dlogits, random(3, total()), x, p);
                    return new float[][]{dx, dlogits};
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void gateOverRows(Kernels kernels, int[] size) {
        new Gate(size[0] * size[1], size[2], 0).checkAll(kernels);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void gateOverColumns(Kernels kernels, int[] size) {
        if (size[2] > 0) new Gate(size[0], size[1], size[2]).checkAll(kernels);
    }

    /** Products with denormal numbers take a processor ages: a closed gate is 0, or in all likelihood far from them. */
    @ParameterizedTest
    @MethodSource("implementations")
    void closedGatesAreNoDenormals(Kernels kernels) {
        int n = 160;
        for (float greatest : new float[]{-60, -18, 0, 30, 60, 90}) {
            float[] logits = empty(n);
            for (int i = 0; i < n; i++) logits[i] = greatest - i;
            for (Gate gate : new Gate[]{new Gate(1, n, 0), new Gate(1, n, 1)}) {
                float[] p = empty(n);
                gate.forward(kernels, empty(n), p, random(1, n), logits, null);
                for (int i = 0; i < n; i++) assertTrue(p[i] == 0 || p[i] > 1e-27f, "p = " + p[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void nanStaysInItsColumn(Kernels kernels, int[] size) {
        Gate gate = new Gate(size[0], size[1], size[2]);
        if (gate.d == 0 || gate.total() == 0) return;
        float[] logits = random(2, gate.total());
        logits[gate.total() - 1] = Float.NaN;
        gate.check(kernels, random(1, gate.total()), logits, null);
    }

    /** Logits far beyond the range of an exponential, in one row: right there, and of no influence on others. */
    @ParameterizedTest
    @MethodSource("blocks")
    void hugeLogits(Kernels kernels, int[] size) {
        int n = size[2];
        int rows = size[0] * size[1];
        if (rows * n == 0) return;
        float[] logits = random(2, rows * n);
        for (int i = rows * n - n; i < rows * n; i++) logits[i] *= 300;
        float[] x = random(1, rows * n);
        // A row is a block of one column too, and all rows are the columns of one block.
        for (Gate gate : new Gate[]{new Gate(rows, n, 0), new Gate(rows, n, 1), new Gate(1, rows, n)}) {
            gate.check(kernels, x, logits, null);
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void extremeLogits(Kernels kernels, int[] size) {
        int n = size[2];
        float infinity = Float.POSITIVE_INFINITY;
        for (int at = 0; at < n; at += 1 + n / 7) {
            for (float rest : new float[]{-infinity, -200}) {
                for (float value : new float[]{-infinity, -1e30f, 3e38f, infinity, Float.NaN}) {
                    float[] logits = filled(rest, n);
                    logits[at] = value;
                    new Gate(1, n, 0).check(kernels, filled(1, n), logits, null);
                }
            }
        }
    }
}
