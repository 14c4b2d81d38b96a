package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.kernel.SeriesKernels;

/**
 * The robust trend of each series, as {@link SeriesKernels#smooth} defines it, with the gradient of
 * {@link SeriesKernels#smoothBackward}. {@link org.ttm4j.autograd.Graph#hold} keeps its weights constant. x, y: [...,
 * n].
 */
public final class Smooth extends Operation {
    private final int rows;
    private final int n;
    /** The robust weights of the last run; null if the graph has no gradients. */
    private final float[] weights;

    private Smooth(Tensor x) {
        super(x);
        n = x.shape().dim(-1);
        if (n == 0) throw new IllegalArgumentException("no steps to smooth in " + x.shape());
        rows = x.shape().product(0, x.shape().rank() - 1);
        y = output(x.shape());
        weights = y.needsGrad() ? new float[rows * n] : null;
        graph.reserveScratch(kernels.series().smoothScratch(n));
    }

    /** The trend of each series: {@code Smooth.of([0, 2, 0, 2, 0, 2, 0, 2]) = [1, 1, 1, 1, 1, 1, 1, 1]}. */
    public static Tensor of(Tensor x) {
        return new Smooth(x).y;
    }

    @Override
    protected void forward() {
        if (graph.held()) {
            kernels.series().smoothBy(y.value(), x.value(), weights, rows, n);
            return;
        }
        kernels.series().smooth(y.value(), graph.scratch(), x.value(), rows, n);
        if (weights != null) kernels.series().smoothWeights(weights, x.value(), rows, n);
    }

    @Override
    protected void backward() {
        kernels.series()
                .smoothBackward(x.grad(), x.accumulatesGrad(), y.grad(), x.value(), graph.held() ? weights : null, rows,
                        n);
    }
}
