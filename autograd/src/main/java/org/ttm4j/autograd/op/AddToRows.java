package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;

/**
 * Adds a parameter to every leading index, broadcasting it: y[i, ...] = x[i, ...] + row[...]. dx = dy, drow = Σ over i
 * of dy. x, y: [..., shape of row]. Used for positional encodings.
 */
public final class AddToRows extends Operation {
    private final Tensor row;
    private final int n;

    private AddToRows(Tensor x, Parameter row) {
        super(x);
        this.row = graph.leaf(row);
        n = row.shape().size();
        int rank = x.shape().rank();
        for (int axis = 1; axis <= row.shape().rank(); axis++) {
            if (axis > rank || row.shape().dim(-axis) != x.shape().dim(-axis)) {
                throw new IllegalArgumentException("cannot add " + row.shape() + " to the rows of " + x.shape());
            }
        }
        y = output(x.shape(), this.row);
    }

    /** x with the same values added to every row: {@code AddToRows.of([[1, 2], [3, 4]], [10, 20]) = [[11, 22], [13, 24]]}. */
    public static Tensor of(Tensor x, Parameter row) {
        return new AddToRows(x, row).y;
    }

    @Override
    protected Tensor overwritesGradient() {
        return x;
    }

    @Override
    protected void forward() {
        kernels.elementwise().addToRows(y.value(), 0, x.value(), 0, row.value(), 0, x.shape().size() / n, n);
    }

    @Override
    protected void backward() {
        if (row.needsGrad()) {
            kernels.elementwise().addColumnSums(row.grad(), 0, y.grad(), 0, x.shape().size() / n, n);
        }
        Add.passGrad(x, y.grad());
    }
}
