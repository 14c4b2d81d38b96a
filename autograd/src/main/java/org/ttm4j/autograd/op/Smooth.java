package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.kernel.SeriesKernels;

/**
 * The robust trend of each series, as {@link SeriesKernels#smooth} defines it. It applies to inputs only: no gradient
 * passes. x, y: [..., n].
 */
public final class Smooth extends SeriesOperation {
    private Smooth(Tensor x) {
        super(x, x.shape().dim(-1));
        graph.reserveScratch(kernels.series().smoothScratch(n));
    }

    /** The trend of each series. */
    public static Tensor of(Tensor x) {
        return new Smooth(x).y;
    }

    @Override
    protected void forward() {
        kernels.series().smooth(y.value(), graph.scratch(), x.value(), rows, n);
    }
}
