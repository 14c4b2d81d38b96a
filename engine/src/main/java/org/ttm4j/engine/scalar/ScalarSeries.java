package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.shared.SharedSeries;

/** The convolution works on copies of the series, one per shift, because C2 vectorises only loops with one index. */
public final class ScalarSeries extends SharedSeries {
    @Override
    protected void convolve(float[] y, int to, float[] x, int from, float[] weights, int width, int n) {
        Scratch scratch = Scratch.local(1, 4, Scratch.LENGTH);
        float[] sum = scratch.sums[0];
        float[][] rows = scratch.rows;
        for (int t = 0; t < n; t += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, n - t);
            Arrays.fill(sum, 0, length, 0);
            int j = 0;
            for (; j <= width - 4; j += 4) {
                for (int i = 0; i < 4; i++) System.arraycopy(x, from + t + j + i, rows[i], 0, length);
                addFour(sum, rows[0], rows[1], rows[2], rows[3], weights, j, length);
            }
            for (; j < width; j++) {
                System.arraycopy(x, from + t + j, rows[0], 0, length);
                ScaledRows.addOne(sum, rows[0], weights[j], length);
            }
            System.arraycopy(sum, 0, y, to + t, length);
        }
    }

    private static void addFour(float[] sum, float[] row0, float[] row1, float[] row2, float[] row3, float[] weights,
            int j, int n) {
        float w0 = weights[j];
        float w1 = weights[j + 1];
        float w2 = weights[j + 2];
        float w3 = weights[j + 3];
        for (int c = 0; c < n; c++) {
            float first = FusedMultiplyAdd.of(w1, row1[c], FusedMultiplyAdd.of(w0, row0[c], sum[c]));
            sum[c] = FusedMultiplyAdd.of(w3, row3[c], FusedMultiplyAdd.of(w2, row2[c], first));
        }
    }
}
