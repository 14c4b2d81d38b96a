package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Tensor;

/**
 * The numbers of the k bins with the largest magnitudes in the discrete Fourier transform of each series, strongest first;
 * of bins that are equally strong the lower comes first. It applies to inputs only: no gradient passes. x: [..., n]; y:
 * [..., k], whole numbers from 0 to n/2.
 */
public final class StrongestFrequencies extends SeriesOperation {
    private final int k;
    private final boolean ignoreFirst;

    private StrongestFrequencies(Tensor x, int k, boolean ignoreFirst) {
        super(x, k);
        if (k > n / 2 + 1) {
            throw new IllegalArgumentException(k + " frequencies: " + x.shape() + " has " + (n / 2 + 1));
        }
        this.k = k;
        this.ignoreFirst = ignoreFirst;
    }

    /** k bins of each series; with {@code ignoreFirst} bin 0, the mean, comes after all others. */
    public static Tensor of(Tensor x, int k, boolean ignoreFirst) {
        return new StrongestFrequencies(x, k, ignoreFirst).y;
    }

    @Override
    protected void forward() {
        kernels.series().strongestFrequencies(y.value(), x.value(), rows, n, k, ignoreFirst);
    }
}
