package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.engine.KernelFixtures.GUARD;
import static org.ttm4j.engine.KernelFixtures.assertClose;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.random;
import static org.ttm4j.engine.KernelFixtures.values;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The gate over rows and over columns, forward and backward. A row gate of n is a column gate of n × 1, transposed. */
class GateKernelsTest {

    static Stream<Arguments> blocks() {
        return each(new int[][]{{0, 2, 3}, {2, 0, 3}, {2, 3, 0}, {1, 1, 1}, {2, 3, 5}, {1, 8, 7}, {2, 3, 8}, {1, 2, 9},
                {1, 8, 15}, {2, 8, 16}, {3, 4, 17}, {2, 16, 33}, {1, 64, 48}, {2, 8, 192}});
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void gateOverRows(Kernels kernels, int[] size) {
        int rows = size[0] * size[1];
        int n = size[2];
        Case data = new Case(rows * n, i -> i - i % n, 1, n);
        for (float[] residual : new float[][]{null, random(5, rows * n)}) {
            float[] y = empty(rows * n);
            float[] p = empty(rows * n);
            kernels.activation().gate(y, GUARD, p, GUARD, data.x, GUARD, data.logits, GUARD, residual, GUARD, rows, n);
            data.checkForward(y, p, residual);
            float[] x = data.x.clone();
            float[] logits = data.logits.clone();
            kernels.activation().gate(x, GUARD, logits, GUARD, x, GUARD, logits, GUARD, residual, GUARD, rows, n);
            assertSame("y in place of x", values(y), values(x));
            assertSame("p in place of logits", values(p), values(logits));
            float[] unkept = empty(rows * n);
            logits = data.logits.clone();
            kernels.activation().gate(unkept, GUARD, null, 0, data.x, GUARD, logits, GUARD, residual, GUARD, rows, n);
            assertSame("without p", values(y), values(unkept));
            for (int row = 0; row < rows; row++) {
                int at = GUARD + row * n;
                float[] alone = empty(n);
                kernels.activation()
                        .gate(alone, GUARD, empty(n), GUARD, data.x, at, data.logits, at, residual, at, 1, n);
                assertSame("row " + row, values(alone), Arrays.copyOfRange(y, at, at + n));
            }
        }
        for (boolean accumulate : new boolean[]{false, true}) {
            float[] dx = accumulate ? random(6, rows * n) : empty(rows * n);
            float[] before = dx.clone();
            float[] dlogits = empty(rows * n);
            kernels.activation()
                    .gateBackward(dx, GUARD, accumulate, dlogits, GUARD, data.dy, GUARD, data.x, GUARD, data.p, GUARD,
                            rows, n);
            data.checkBackward(dx, accumulate ? before : null, dlogits);
        }
    }

    /** Products with denormal numbers take a processor ages: a closed gate is 0, or in all likelihood far from them. */
    @ParameterizedTest
    @MethodSource("implementations")
    void closedGatesAreNoDenormals(Kernels kernels) {
        int n = 160;
        for (float greatest : new float[]{-60, -18, 0, 30, 60, 90}) {
            float[] logits = empty(n);
            for (int i = 0; i < n; i++) logits[GUARD + i] = greatest - i;
            float[] x = random(1, n);
            float[] y = empty(n);
            float[] p = empty(n);
            kernels.activation().gate(y, GUARD, p, GUARD, x, GUARD, logits, GUARD, null, 0, 1, n);
            for (float value : values(p)) assertTrue(value == 0 || value > 1e-27f, "p = " + value);
            kernels.activation().gateLeft(y, GUARD, p, GUARD, x, GUARD, logits, GUARD, null, 0, 1, n, 1);
            for (float value : values(p)) assertTrue(value == 0 || value > 1e-27f, "p = " + value);
            kernels.activation().softmax(p, GUARD, logits, GUARD, 1, n);
            for (float value : values(p)) assertTrue(value == 0 || value > 1e-27f, "p = " + value);
        }
    }

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void gateOverColumns(Kernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int d = size[2];
        int total = blocks * n * d;
        Case data = new Case(total, i -> i - i % (n * d) + i % d, d, n);
        for (float[] residual : new float[][]{null, random(5, total)}) {
            float[] y = empty(total);
            float[] p = empty(total);
            kernels.activation()
                    .gateLeft(y, GUARD, p, GUARD, data.x, GUARD, data.logits, GUARD, residual, GUARD, blocks, n, d);
            data.checkForward(y, p, residual);
            float[] logits = data.logits.clone();
            float[] out = residual == null ? data.x.clone() : residual.clone();
            float[] x = residual == null ? out : data.x;
            float[] added = residual == null ? null : out;
            kernels.activation()
                    .gateLeft(out, GUARD, logits, GUARD, x, GUARD, logits, GUARD, added, GUARD, blocks, n, d);
            assertSame("y in place of x or residual", values(y), values(out));
            float[] unkept = empty(total);
            logits = data.logits.clone();
            kernels.activation()
                    .gateLeft(unkept, GUARD, null, 0, data.x, GUARD, logits, GUARD, residual, GUARD, blocks, n, d);
            assertSame("without p", values(y), values(unkept));
            for (int block = 0; block < blocks; block++) {
                int at = GUARD + block * n * d;
                float[] alone = empty(n * d);
                kernels.activation()
                        .gateLeft(alone, GUARD, empty(n * d), GUARD, data.x, at, data.logits, at, residual, at, 1, n,
                                d);
                assertSame("block " + block, values(alone), Arrays.copyOfRange(y, at, at + n * d));
            }
        }
        for (boolean accumulate : new boolean[]{false, true}) {
            float[] dx = accumulate ? random(6, total) : empty(total);
            float[] before = dx.clone();
            float[] dlogits = empty(total);
            kernels.activation()
                    .gateLeftBackward(dx, GUARD, accumulate, dlogits, GUARD, data.dy, GUARD, data.x, GUARD, data.p,
                            GUARD, blocks, n, d);
            data.checkBackward(dx, accumulate ? before : null, dlogits);
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void nanStaysInItsColumn(Kernels kernels, int[] size) {
        int n = size[1];
        int d = size[2];
        int total = size[0] * n * d;
        if (total == 0) return;
        Case data = new Case(total, i -> i - i % (n * d) + i % d, d, n);
        data.logits[GUARD + total - 1] = Float.NaN;
        float[] y = empty(total);
        float[] p = empty(total);
        kernels.activation()
                .gateLeft(y, GUARD, p, GUARD, data.x, GUARD, data.logits, GUARD, null, GUARD, size[0], n, d);
        data.checkForward(y, p, null);
    }

    /** Logits far beyond the range of an exponential, in one row: right there, and of no influence on others. */
    @ParameterizedTest
    @MethodSource("blocks")
    void hugeLogits(Kernels kernels, int[] size) {
        int n = size[2];
        int rows = size[0] * size[1];
        int total = rows * n;
        if (total == 0) return;
        Case data = new Case(total, i -> i - i % n, 1, n);
        for (int i = GUARD + total - n; i < GUARD + total; i++) data.logits[i] *= 300;
        float[] y = empty(total);
        float[] p = empty(total);
        kernels.activation().gate(y, GUARD, p, GUARD, data.x, GUARD, data.logits, GUARD, null, GUARD, rows, n);
        data.checkForward(y, p, null);
        for (int row = 0; row < rows; row++) {
            int at = GUARD + row * n;
            float[] alone = empty(n);
            kernels.activation().gate(alone, GUARD, empty(n), GUARD, data.x, at, data.logits, at, null, at, 1, n);
            assertSame("row " + row, values(alone), Arrays.copyOfRange(y, at, at + n));
        }
        // A row is a block of one column too.
        kernels.activation().gateLeft(y, GUARD, p, GUARD, data.x, GUARD, data.logits, GUARD, null, GUARD, rows, n, 1);
        data.checkForward(y, p, null);
        for (int row = 0; row < rows; row++) {
            int at = GUARD + row * n;
            float[] alone = empty(n);
            kernels.activation()
                    .gateLeft(alone, GUARD, empty(n), GUARD, data.x, at, data.logits, at, null, at, 1, n, 1);
            assertSame("block " + row, values(alone), Arrays.copyOfRange(y, at, at + n));
        }
        kernels.activation().gateLeft(y, GUARD, p, GUARD, data.x, GUARD, data.logits, GUARD, null, GUARD, n, rows, 1);
        Case columns = new Case(total, i -> i - i % rows, 1, rows);
        System.arraycopy(data.logits, GUARD, columns.logits, GUARD, total);
        columns.checkForward(y, p, null);
    }

    /** Where the group of element i begins: the elements that share a softmax. */
    private interface Start {
        int of(int i);
    }

    /** Inputs, and what comes of them in double. */
    private static final class Case {
        final float[] x;
        final float[] logits;
        final float[] dy;
        final float[] p;
        private final Start start;
        private final int stride;
        private final int n;

        Case(int total, Start start, int stride, int n) {
            x = random(1, total);
            logits = random(2, total);
            dy = random(3, total);
            p = empty(total);
            this.start = start;
            this.stride = stride;
            this.n = n;
            for (int i = 0; i < total; i++) p[GUARD + i] = (float) softmax(i);
        }

        private double softmax(int i) {
            int from = start.of(i);
            return ActivationKernelsTest.softmax(logits, GUARD + from, stride, n)[(i - from) / stride];
        }

        void checkForward(float[] y, float[] actual, float[] residual) {
            assertClose("p", this::softmax, actual, 1e-7, 3e-7);
            assertClose("y", i -> x[GUARD + i] * softmax(i) + (residual == null ? 0 : residual[GUARD + i]), y, 5e-7,
                    3e-7);
        }

        void checkBackward(float[] dx, float[] before, float[] dlogits) {
            assertClose("dx", i -> (double) dy[GUARD + i] * p[GUARD + i] + (before == null ? 0 : before[GUARD + i]), dx,
                    2e-7, 2e-7);
            assertClose("dlogits", this::logitGradient, dlogits, 1e-6, 1e-6);
        }

        private double logitGradient(int i) {
            double dot = 0;
            for (int k = 0, j = GUARD + start.of(i); k < n; k++, j += stride) dot += (double) dy[j] * x[j] * p[j];
            return p[GUARD + i] * ((double) dy[GUARD + i] * x[GUARD + i] - dot);
        }
    }
}
