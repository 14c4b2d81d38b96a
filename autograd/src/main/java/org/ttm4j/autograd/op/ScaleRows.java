package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;

/**
 * Transforms scaled series back to their original units, row by row.
 * <pre>
 * y = x·scale + loc
 * dx = dy·scale,  dscale = Σ dy·x,  dloc = Σ dy
 * </pre>
 * x, y: [..., t]; scale, loc: the leading dimensions.
 */
public final class ScaleRows extends Operation {
    private final Tensor scale;
    private final Tensor loc;
    private final int rows;

    private ScaleRows(Tensor x, Tensor scale, Tensor loc) {
        super(x, scale, loc);
        this.scale = scale;
        this.loc = loc;
        rows = scale.shape().size();
        requireShape(loc, scale.shape(), "loc");
        if (x.shape().product(0, x.shape().rank() - 1) != rows) {
            throw new IllegalArgumentException("scale " + scale.shape() + " does not fit the rows of " + x.shape());
        }
        y = output(x.shape());
        if (scale.needsGrad()) graph.reserveScratch(x.shape().size());
    }

    /** x·scale + loc, row by row: {@code ScaleRows.of([[1, 2], [3, 4]], [10, 100], [5, 0]) = [[15, 25], [300, 400]]}. */
    public static Tensor of(Tensor x, Tensor scale, Tensor loc) {
        return new ScaleRows(x, scale, loc).y;
    }

    @Override
    protected void forward() {
        kernels.elementwise()
                .scaleRows(y.value(), 0, x.value(), 0, scale.value(), loc.value(), rows, x.shape().dim(-1), false);
    }

    @Override
    protected void backward() {
        float[] dy = y.grad();
        int n = x.shape().dim(-1);
        if (x.needsGrad()) {
            kernels.elementwise().scaleRows(x.grad(), 0, dy, 0, scale.value(), null, rows, n, x.accumulatesGrad());
        }
        if (loc.needsGrad()) kernels.elementwise().addRowSums(loc.addableGrad(), 0, dy, 0, 1, rows, n);
        if (scale.needsGrad()) {
            kernels.elementwise().multiply(graph.scratch(), 0, dy, 0, x.value(), 0, rows * n, false);
            kernels.elementwise().addRowSums(scale.addableGrad(), 0, graph.scratch(), 0, 1, rows, n);
        }
    }
}
