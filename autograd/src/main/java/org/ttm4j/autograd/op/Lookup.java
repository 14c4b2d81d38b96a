package org.ttm4j.autograd.op;

import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/**
 * Rows of an embedding table: y[i] = table[indices[i]]; dtable[indices[i]] += dy[i]. table: [vocabulary, width];
 * y: [number of indices, width].
 */
public final class Lookup extends Operation {
    private final Tensor table;
    private final int[] indices;
    private final Tensor y;
    private final int vocabulary;
    private final int width;

    private Lookup(Graph graph, int[] indices, Parameter table) {
        super(graph.leaf(table));
        this.table = graph.leaf(table);
        this.indices = indices;
        vocabulary = table.shape().dim(0);
        width = table.shape().dim(1);
        y = output(Shape.of(indices.length, width));
    }

    /**
     * The rows that {@code indices} names. The array is read at every run, so the caller may change its contents
     * between runs; an index outside the table is an IllegalArgumentException then.
     */
    public static Tensor of(Graph graph, int[] indices, Parameter table) {
        return new Lookup(graph, indices, table).y;
    }

    @Override
    protected void forward() {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= vocabulary) {
                throw new IllegalArgumentException(
                        "token " + indices[i] + " is outside the vocabulary of " + vocabulary);
            }
            kernels.elementwise()
                    .copyBlocks(y.value(), i * width, width, table.value(), indices[i] * width, width, 1, width, false);
        }
    }

    @Override
    protected void backward() {
        for (int i = 0; i < indices.length; i++) {
            kernels.elementwise()
                    .copyBlocks(table.grad(), indices[i] * width, width, y.grad(), i * width, width, 1, width, true);
        }
    }
}
