package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.ttm4j.engine.kernel.AttentionKernels.Sizes;
import org.ttm4j.engine.kernel.CounterRandom;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.kernel.NormKernels.FeatureStatistics;
import org.ttm4j.engine.kernel.NormKernels.MeanScaling;
import org.ttm4j.engine.kernel.NormKernels.RowStatistics;
import org.ttm4j.engine.kernel.OptimizerKernels.AdamWSettings;

/** The reference kernels against numbers worked out by hand. The operations' tests check their gradients. */
class ReferenceKernelsTest {
    private static final float TOLERANCE = 1e-6f;

    private final Kernels kernels = KernelSelection.reference();

    @Test
    void products() {
        float[] y = new float[4];
        float[] x = {1, 2, 3, 4};
        float[] b = {5, 6, 7, 8};
        float[] packed = new float[kernels.matMul().packedSize(2, 2)];
        kernels.matMul().pack(packed, b, 2, 2);
        kernels.matMul().multiply(y, x, packed, new float[]{100, 200}, 2, 2, 2, false);
        assertArrayEquals(new float[]{119, 222, 143, 250}, y);
        kernels.matMul().packTransposed(packed, b, 2, 2);
        kernels.matMul().multiply(y, x, packed, null, 2, 2, 2, true);
        assertArrayEquals(new float[]{119 + 17, 222 + 23, 143 + 39, 250 + 53}, y);
        kernels.matMul().multiplyLeft(y, x, true, new float[]{100, 200}, b, 1, 2, 2, 2, false);
        assertArrayEquals(new float[]{126, 130, 238, 244}, y);
        float[] dw = {1000, 0, 0, 0};
        kernels.matMul().addTransposedProduct(dw, x, b, 2, 2, 2);
        assertArrayEquals(new float[]{1026, 30, 38, 44}, dw);
        kernels.matMul().addLeftTransposedProduct(dw, x, b, 1, 2, 2, 2);
        assertArrayEquals(new float[]{1026 + 17, 30 + 23, 38 + 39, 44 + 53}, dw);
    }

    @Test
    void activations() {
        float[] y = new float[3];
        float[] slope = new float[3];
        kernels.activation().geluWithSlope(y, slope, new float[]{0, 1, -2}, 3);
        assertArrayEquals(new float[]{0, 0.8413447f, -0.0455003f}, y, TOLERANCE);
        assertArrayEquals(new float[]{0.5f, 1.0833155f, -0.0852319f}, slope, TOLERANCE);
        float[] p = new float[4];
        float third = (float) Math.log(3);
        float[] gated = new float[4];
        kernels.activation().gate(gated, p, new float[]{4, 8, 4, 8}, new float[]{0, third, 5, 5}, null, 2, 2);
        assertArrayEquals(new float[]{0.25f, 0.75f, 0.5f, 0.5f}, p, TOLERANCE);
        assertArrayEquals(new float[]{1, 6, 2, 4}, gated, TOLERANCE);
        float[] residual = {1, 1, 1, 1};
        kernels.activation()
                .gateLeft(gated, p, new float[]{4, 8, 4, 8}, new float[]{0, third, 0, 0}, residual, 1, 2, 2);
        assertArrayEquals(new float[]{0.5f, 0.75f, 0.5f, 0.25f}, p, TOLERANCE);
        assertArrayEquals(new float[]{3, 7, 3, 3}, gated, TOLERANCE);
    }

    @Test
    void sigmoids() {
        float third = (float) Math.log(3);
        float[] y = new float[2];
        float[] p = new float[2];
        kernels.activation().sigmoidGate(y, p, new float[]{4, 8}, new float[]{third, -third}, null, 0, 0, 0, 2);
        assertArrayEquals(new float[]{0.75f, 0.25f}, p, TOLERANCE);
        assertArrayEquals(new float[]{3, 2}, y, TOLERANCE);
        kernels.activation().softplus(y, p, new float[]{0, third}, 1, 2);
        assertArrayEquals(new float[]{1.6931472f, 2.3862944f}, y, TOLERANCE);
        assertArrayEquals(new float[]{0.5f, 0.75f}, p, TOLERANCE);
    }

    @Test
    void wholeSeries() {
        float[] y = new float[2];
        kernels.series().halve(y, new float[]{1, 3, 5, 9, 100}, 1, 5);
        assertArrayEquals(new float[]{2, 7}, y);
        // The magnitudes are 2, 0 and 2.
        float[] bins = new float[3];
        kernels.series().strongestFrequencies(bins, new float[]{1, 0, 1, 0}, 1, 4, 3, false);
        assertArrayEquals(new float[]{0, 2, 1}, bins);
        kernels.series().strongestFrequencies(bins, new float[]{1, 0, 1, 0}, 1, 4, 3, true);
        assertArrayEquals(new float[]{2, 1, 0}, bins);
        // A series that is nothing has no trend.
        float[] trend = {1, 1, 1, 1, 1};
        kernels.series().smooth(trend, new float[kernels.series().smoothScratch(5)], new float[5], 1, 5);
        assertArrayEquals(new float[5], trend);
    }

    @Test
    void norms() {
        float[] y = new float[2];
        RowStatistics row = new RowStatistics(new float[1], new float[1]);
        kernels.norm().layerNorm(y, row, new float[]{1, 5}, new float[]{3, 3}, new float[]{0, 1}, 1, 2, 0);
        assertArrayEquals(new float[]{-3, 4}, y, TOLERANCE);
        assertEquals(3, row.mean()[0], TOLERANCE);
        assertEquals(0.5f, row.rstd()[0], TOLERANCE);
        float[] mean = new float[1];
        float[] variance = new float[1];
        kernels.norm().featureMoments(mean, variance, new float[]{1, 5}, 2, 1);
        FeatureStatistics statistics = new FeatureStatistics(mean, variance, 0, true);
        kernels.norm().batchNorm(y, new float[]{1, 5}, statistics, new float[]{3}, new float[]{1}, 2, 1);
        assertArrayEquals(new float[]{-2, 4}, y, TOLERANCE);
        float[] scaled = new float[3];
        kernels.norm().standardize(scaled, mean, variance, new float[]{1, 5, 7}, new float[]{1, 1, 0}, 1, 3, 0);
        assertArrayEquals(new float[]{-1, 1, 2}, scaled, TOLERANCE);
        kernels.norm()
                .scaleByMean(scaled, variance, new float[]{-1, 5, 6}, new float[]{1, 1, 0},
                        new MeanScaling(1, 1, 3, 1));
        assertArrayEquals(new float[]{-1 / 3f, 5 / 3f, 2}, scaled, TOLERANCE);
    }

    /** Equal keys weigh all values alike. */
    @Test
    void attention() {
        float[] y = new float[4];
        float[] p = new float[4];
        kernels.attention()
                .attention(y, p, new float[]{1, 2, 3, 4}, new float[]{1, 1, 1, 1}, new float[]{10, 20, 30, 60},
                        new Sizes(1, 2, 2, 1));
        assertArrayEquals(new float[]{0.5f, 0.5f, 0.5f, 0.5f}, p, TOLERANCE);
        assertArrayEquals(new float[]{20, 40, 20, 40}, y, TOLERANCE);
    }

    /** The first step of Adam is the learning rate, against the gradient's sign; the decay comes on top. */
    @Test
    void optimizer() {
        float[] w = {1, 1};
        kernels.optimizer()
                .adamW(w, new float[2], new float[2], new float[]{5, -7}, 2, 1, 0.1,
                        new AdamWSettings(0.9, 0.999, 1e-8, 0.5), 1);
        assertArrayEquals(new float[]{0.85f, 1.05f}, w, TOLERANCE);
    }

    @Test
    void elementwise() {
        float[] y = new float[4];
        float[] x = {1, 2, 3, 4};
        kernels.elementwise().scaleRows(y, 0, x, 0, new float[]{1, 10}, new float[]{5, 6}, 2, 2, false);
        assertArrayEquals(new float[]{6, 7, 36, 46}, y);
        float[] sums = {100, 0};
        kernels.elementwise().addColumnSums(sums, 0, x, 0, 2, 2);
        assertArrayEquals(new float[]{104, 6}, sums);
        kernels.elementwise().addRowSums(sums, 0, x, 0, 1, 2, 2);
        assertArrayEquals(new float[]{107, 13}, sums);
        kernels.elementwise().swapAxes(y, 0, x, 0, 1, 2, 2, 1, false);
        assertArrayEquals(new float[]{1, 3, 2, 4}, y);
        kernels.elementwise().copyBlocks(y, 1, 2, x, 0, 1, 2, 1, true);
        assertArrayEquals(new float[]{1, 4, 2, 6}, y);
        assertEquals(30, kernels.elementwise().sumOfSquares(x, 0, 4));
        kernels.elementwise().dropout(y, 0, x, 0, 4, 0.5f, 7, false);
        for (int i = 0; i < 4; i++) {
            boolean kept = CounterRandom.bits(7, i) >>> 8 >= 1 << 23;
            assertEquals(kept ? 2 * x[i] : 0, y[i]);
        }
    }
}
