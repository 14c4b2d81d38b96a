package org.ttm4j.autograd.op;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Rows of an embedding table: y[i] = table[indices[i]]; dtable[indices[i]] += dy[i]. table: [vocabulary, width];
 * y: [shape of the indices..., width]. {@code Lookup.of([2, 0], [[1, 1], [2, 2], [3, 3]]) = [[3, 3], [1, 1]]}.
 */
public final class Lookup extends Operation {
    private final Tensor table;
    private final IntUnaryOperator indices;
    private final int count;
    private final int vocabulary;
    private final int width;

    private Lookup(Parameter table, IntUnaryOperator indices, Shape shape, Tensor... inputs) {
        super(inputs);
        this.table = graph.leaf(table);
        this.indices = indices;
        vocabulary = table.shape().dim(0);
        width = table.shape().dim(1);
        count = shape.size();
        int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
        dims[shape.rank()] = width;
        y = output(Shape.of(dims), this.table);
    }

    /**
     * The rows with the given indices. The array is read in every run, so the caller may change its contents between
     * runs. A run throws IllegalArgumentException if an index is outside the table.
     */
    public static Tensor of(Graph graph, int[] indices, Parameter table) {
        return new Lookup(table, i -> indices[i], Shape.of(indices.length), graph.leaf(table)).y;
    }

    /** The rows whose indices a tensor of whole numbers holds: [...] → [..., width]. No gradient passes to it. */
    public static Tensor of(Tensor indices, Parameter table) {
        if (indices.needsGrad()) throw new IllegalArgumentException("no gradient passes to indices");
        return new Lookup(table, i -> (int) indices.value()[i], indices.shape(), indices).y;
    }

    @Override
    protected void forward() {
        for (int i = 0; i < count; i++) {
            int index = indices.applyAsInt(i);
            if (index < 0 || index >= vocabulary) {
                throw new IllegalArgumentException("token " + index + " is outside the vocabulary of " + vocabulary);
            }
            kernels.elementwise()
                    .copyBlocks(y.value(), i * width, width, table.value(), index * width, width, 1, width, false);
        }
    }

    @Override
    protected void backward() {
        for (int i = 0; i < count; i++) {
            int to = indices.applyAsInt(i) * width;
            kernels.elementwise().copyBlocks(table.grad(), to, width, y.grad(), i * width, width, 1, width, true);
        }
    }
}
