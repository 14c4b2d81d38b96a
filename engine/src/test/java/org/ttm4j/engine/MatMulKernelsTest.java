package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.assertRowsAlone;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.part;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.kernel.MatMulKernels;

/** Every product against the reference kernels. */
class MatMulKernelsTest {
    /** The acceptable error of a sum for each of its terms, which are products of two normal deviates. */
    private static final double PER_TERM = 3e-6;

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    /** m, n, k of products from the right: empty, one, around the lanes and tiles, primes, the model's. */
    static Stream<Arguments> right() {
        return each(new int[][]{{0, 5, 3}, {3, 0, 5}, {3, 5, 0}, {1, 1, 1}, {2, 3, 2}, {4, 7, 5}, {5, 8, 9}, {7, 9, 4},
                {8, 15, 16}, {9, 16, 17}, {17, 17, 7}, {3, 31, 13}, {13, 33, 31}, {16, 47, 3}, {11, 49, 11},
                {23, 65, 8}, {10, 79, 97}, {37, 97, 101}, {8, 192, 64}, {24, 384, 192}, {16, 192, 384}, {32, 96, 48},
                {64, 48, 48}, {8, 256, 128}, {16, 128, 256}, {1, 96, 1024}, {6, 96, 1024}, {300, 48, 192},
                {131, 13, 17}, {9, 192, 96}});
    }

    /** blocks, n, k, d of products from the left. */
    static Stream<Arguments> left() {
        return each(new int[][]{{0, 4, 4, 4}, {1, 1, 1, 1}, {2, 3, 5, 0}, {2, 0, 3, 4}, {2, 3, 0, 4}, {2, 3, 2, 7},
                {3, 5, 7, 9}, {2, 9, 4, 15}, {4, 4, 9, 16}, {1, 13, 6, 17}, {5, 7, 11, 31}, {2, 8, 8, 33},
                {3, 16, 8, 47}, {1, 17, 13, 97}, {3, 16, 8, 192}, {4, 8, 16, 192}, {17, 8, 8, 128}, {9, 32, 16, 96},
                {5, 64, 32, 48}, {9, 32, 64, 48}, {9, 150, 75, 10}});
    }

    /** B, k × n, in the kernels' packed form. */
    private static float[] packed(Kernels kernels, float[] b, int k, int n) {
        float[] packed = new float[kernels.matMul().packedSize(k, n)];
        kernels.matMul().pack(packed, b, k, n);
        return packed;
    }

    @ParameterizedTest
    @MethodSource("right")
    void multiply(Kernels kernels, int[] size) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        for (int form = 0; form < 8; form++) {
            boolean accumulate = (form & 1) != 0;
            float[] bias = (form & 2) != 0 ? random(3, n) : null;
            boolean transposed = (form & 4) != 0;
            assertLikeReference("form " + form, kernels, PER_TERM * (k + 1), 0, set -> {
                float[] packed = new float[set.matMul().packedSize(k, n)];
                if (transposed) set.matMul().packTransposed(packed, random(2, k * n), k, n);
                else set.matMul().pack(packed, random(2, k * n), k, n);
                float[] y = accumulate ? random(4, m * n) : empty(m * n);
                set.matMul().multiply(y, random(1, m * k), packed, bias, m, n, k, accumulate);
                return new float[][]{y};
            });
        }
    }

    @ParameterizedTest
    @MethodSource("right")
    void addTransposedProduct(Kernels kernels, int[] size) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        assertLikeReference("dw", kernels, PER_TERM * (m + 1), 0, set -> {
            float[] dw = random(3, n * k);
            set.matMul().addTransposedProduct(dw, random(1, m * n), random(2, m * k), m, n, k);
            return new float[][]{dw};
        });
    }

    @ParameterizedTest
    @MethodSource("left")
    void multiplyLeft(Kernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int k = size[2];
        int d = size[3];
        for (int form = 0; form < 8; form++) {
            boolean accumulate = (form & 1) != 0;
            float[] bias = (form & 2) != 0 ? random(2, n) : null;
            boolean transposed = (form & 4) != 0;
            assertLikeReference("form " + form, kernels, PER_TERM * (k + 1), 0, set -> {
                float[] y = accumulate ? random(4, blocks * n * d) : empty(blocks * n * d);
                float[] x = random(3, blocks * k * d);
                set.matMul().multiplyLeft(y, random(1, n * k), transposed, bias, x, blocks, n, k, d, accumulate);
                return new float[][]{y};
            });
        }
    }

    @ParameterizedTest
    @MethodSource("left")
    void addLeftTransposedProduct(Kernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int k = size[2];
        int d = size[3];
        assertLikeReference("dw", kernels, PER_TERM * (blocks * d + 1), 0, set -> {
            float[] dw = random(3, n * k);
            float[] dy = random(1, blocks * n * d);
            set.matMul().addLeftTransposedProduct(dw, dy, random(2, blocks * k * d), blocks, n, k, d);
            return new float[][]{dw};
        });
    }

    /** The fused forms are the product followed by the activation, to the last bit. */
    @ParameterizedTest
    @MethodSource("right")
    void multiplyGelu(Kernels kernels, int[] size) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        float[] x = random(1, m * k);
        float[] bias = random(3, n);
        float[] packed = packed(kernels, random(2, k * n), k, n);
        float[] product = empty(m * n);
        kernels.matMul().multiply(product, x, packed, bias, m, n, k, false);
        checkGelu(kernels, product, m * n,
                (y, slope) -> kernels.matMul().multiplyGelu(y, slope, x, packed, bias, m, n, k));
        assertLikeReference("gelu", kernels, 1.2 * PER_TERM * (k + 1), 1e-6, set -> {
            float[] y = empty(m * n);
            set.matMul().multiplyGelu(y, null, x, packed(set, random(2, k * n), k, n), bias, m, n, k);
            return new float[][]{y};
        });
    }

    @ParameterizedTest
    @MethodSource("left")
    void multiplyLeftGelu(Kernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int k = size[2];
        int d = size[3];
        float[] w = random(1, n * k);
        float[] bias = random(2, n);
        float[] x = random(3, blocks * k * d);
        float[] product = empty(blocks * n * d);
        kernels.matMul().multiplyLeft(product, w, false, bias, x, blocks, n, k, d, false);
        checkGelu(kernels, product, blocks * n * d,
                (y, slope) -> kernels.matMul().multiplyLeftGelu(y, slope, w, bias, x, blocks, n, k, d));
    }

    private interface Fused {
        void run(float[] y, float[] slope);
    }

    private static void checkGelu(Kernels kernels, float[] product, int size, Fused fused) {
        float[] expectedY = empty(size);
        float[] expectedSlope = empty(size);
        kernels.activation().geluWithSlope(expectedY, expectedSlope, product, size);
        float[] y = empty(size);
        float[] slope = empty(size);
        fused.run(y, slope);
        assertSame("gelu with slope", expectedY, y);
        assertSame("slope", expectedSlope, slope);
        kernels.activation().gelu(expectedY, product, size);
        float[] alone = empty(size);
        fused.run(alone, null);
        assertSame("gelu", expectedY, alone);
    }

    @ParameterizedTest
    @MethodSource("left")
    void multiplyLeftGate(Kernels kernels, int[] size) {
        int blocks = size[0];
        int n = size[1];
        int d = size[3];
        float[] w = random(1, n * n);
        float[] bias = random(2, n);
        float[] x = random(3, blocks * n * d);
        float[] logits = empty(blocks * n * d);
        kernels.matMul().multiplyLeft(logits, w, false, bias, x, blocks, n, n, d, false);
        for (float[] residual : new float[][]{null, random(4, blocks * n * d)}) {
            float[] expected = empty(blocks * n * d);
            kernels.activation().gateLeft(expected, null, x, logits.clone(), residual, blocks, n, d);
            float[] y = residual == null ? empty(blocks * n * d) : residual.clone();
            kernels.matMul().multiplyLeftGate(y, w, bias, x, residual == null ? null : y, blocks, n, d);
            assertSame("y", expected, y);
        }
    }

    /** A row's result does not depend on the rows, nor a block's on the blocks, that are computed with it. */
    @ParameterizedTest
    @MethodSource("implementations")
    void resultIsTheSameInEveryBatch(Kernels kernels) {
        MatMulKernels matMul = kernels.matMul();
        int m = 37;
        int k = 129;
        for (int n : new int[]{1, 17, 48, 83, 128}) {
            float[] packed = packed(kernels, random(1, k * n), k, n);
            float[] x = random(2, m * k);
            float[] bias = random(3, n);
            float[] all = empty(m * n);
            matMul.multiply(all, x, packed, bias, m, n, k, false);
            assertRowsAlone(all, m, n, from -> {
                float[] alone = empty(n);
                matMul.multiply(alone, part(x, from / n * k, k), packed, bias, 1, n, k, false);
                return alone;
            });
        }
        int size = 13 * 75;
        float[] w = random(4, 13 * 9);
        float[] x = random(5, 5 * 9 * 75);
        float[] all = empty(5 * size);
        matMul.multiplyLeft(all, w, false, null, x, 5, 13, 9, 75, false);
        assertRowsAlone(all, 5, size, from -> {
            float[] alone = empty(size);
            matMul.multiplyLeft(alone, w, false, null, part(x, from / 13 * 9, 9 * 75), 1, 13, 9, 75, false);
            return alone;
        });
        float[] square = random(6, 13 * 13);
        float[] gated = random(7, 5 * size);
        matMul.multiplyLeftGate(all, square, random(8, 13), gated, null, 5, 13, 75);
        assertRowsAlone(all, 5, size, from -> {
            float[] alone = empty(size);
            matMul.multiplyLeftGate(alone, square, random(8, 13), part(gated, from, size), null, 1, 13, 75);
            return alone;
        });
    }

    /** NaN and infinity reach exactly the outputs that depend on them, as IEEE 754 has it. */
    @ParameterizedTest
    @MethodSource("implementations")
    void propagatesNanAndInfinity(Kernels kernels) {
        int m = 11;
        int n = 21;
        int k = 6;
        float[] x = random(1, m * k);
        float[] b = random(2, k * n);
        x[3 * k + 2] = Float.NaN;
        x[9 * k + 5] = Float.POSITIVE_INFINITY;
        b[5 * n + 20] = 0;
        float[] transposed = new float[k * m];
        for (int i = 0; i < m; i++) for (int p = 0; p < k; p++) transposed[p * m + i] = x[i * k + p];
        float[][] results = assertLikeReference("NaN and infinity", kernels, PER_TERM * k, 0, set -> {
            float[] right = empty(m * n);
            set.matMul().multiply(right, x, packed(set, b, k, n), null, m, n, k, false);
            float[] left = empty(m * n);
            set.matMul().multiplyLeft(left, x, false, null, b, 1, m, k, n, false);
            float[] gradient = new float[m * n];
            set.matMul().addTransposedProduct(gradient, transposed, b, k, m, n);
            return new float[][]{right, left, gradient};
        });
        for (float[] y : results) {
            assertTrue(Float.isNaN(y[3 * n]) && Float.isNaN(y[9 * n + 20]));
            assertEquals(Math.signum(b[5 * n]), Math.signum(y[9 * n]));
            assertTrue(Float.isInfinite(y[9 * n]) && Float.isFinite(y[10 * n]));
        }
    }
}
