package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * The numbers of the k bins with the largest magnitudes in the discrete Fourier transform of each series, strongest
 * first; among equally strong bins the lower comes first. {@link org.ttm4j.autograd.Graph#hold} keeps them constant. No
 * gradient passes, because the result is whole numbers. x: [..., n]; y: [..., k], from 0 to n/2.
 * {@code StrongestFrequencies.of([1, 0, -1, 0, 1, 0, -1, 0], 1, false) = [2]}.
 */
public final class StrongestFrequencies extends Operation {
    private final int rows;
    private final int n;
    private final int k;
    private final boolean ignoreFirst;

    private StrongestFrequencies(Tensor x, int k, boolean ignoreFirst) {
        super(x);
        n = x.shape().dim(-1);
        rows = x.shape().product(0, x.shape().rank() - 1);
        int bins = n == 0 ? 0 : n / 2 + 1;
        if (k < 1 || k > bins) throw new IllegalArgumentException(k + " frequencies: " + x.shape() + " has " + bins);
        this.k = k;
        this.ignoreFirst = ignoreFirst;
        y = outputWithoutGradient(x.shape().with(-1, k));
    }

    /** k bins of each series; with {@code ignoreFirst} bin 0, the mean, comes after all others. */
    public static Tensor of(Tensor x, int k, boolean ignoreFirst) {
        return new StrongestFrequencies(x, k, ignoreFirst).y;
    }

    @Override
    protected void forward() {
        if (graph.held()) return;
        kernels.series().strongestFrequencies(y.value(), x.value(), rows, n, k, ignoreFirst);
    }

    /** Never called: the output needs no gradient. */
    @Override
    protected void backward() {}
}
