package org.ttm4j.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.Affine;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Dropout;
import org.ttm4j.autograd.op.Expand;
import org.ttm4j.autograd.op.Gate;
import org.ttm4j.autograd.op.LayerNormalization;
import org.ttm4j.autograd.op.LeftAffine;
import org.ttm4j.autograd.op.LeftGate;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.SwapAxes;

/** A random computation on [2, 4, 4] tensors, in which every result may be read any number of times, or never. */
final class RandomGraph {
    private static final int N = 4;

    final List<Parameter> parameters = new ArrayList<>();
    final Graph graph;
    final List<Tensor> results = new ArrayList<>();
    final Tensor loss;

    /** The same seed records the same computation; {@code keepAll} keeps every result's memory to itself. */
    RandomGraph(long seed, Graph.Mode mode, boolean keepAll) {
        Random random = new Random(seed);
        graph = new Graph(mode);
        for (int i = 0; i < 4; i++)
            parameters.add(TestOperations.parameter(seed + i, i < 2 ? new int[]{N, N} : new int[]{N}));
        Parameter leaf = TestOperations.parameter(seed + 4, 2, N, N);
        parameters.add(leaf);
        List<Tensor> pool = new ArrayList<>(List.of(graph.leaf(leaf),
                TestOperations.input(graph, TestOperations.random(seed + 5, 2 * N * N), 2, N, N)));
        int operations = 1 + random.nextInt(20);
        for (int i = 0; i < operations; i++) {
            Tensor x = pool.get(random.nextInt(pool.size()));
            Tensor y = next(random.nextInt(11), x, pool.get(random.nextInt(pool.size())));
            if (keepAll) y.keep();
            pool.add(y);
        }
        Tensor sum = pool.get(pool.size() - 1);
        for (int i = 0; i < 3; i++) {
            Tensor result = pool.get(random.nextInt(pool.size()));
            results.add(result.keep());
            sum = Add.of(sum, result);
            if (keepAll) sum.keep();
        }
        sum = Add.of(sum, graph.leaf(leaf));
        loss = new TestOperations.WeightedSum(sum, TestOperations.random(seed + 6, 2 * N * N)).output();
        results.add(loss);
    }

    private Tensor next(int kind, Tensor x, Tensor other) {
        Parameter square = parameters.get(kind % 2);
        Parameter row = parameters.get(2 + kind % 2);
        if (kind == 0) return Add.of(x, other);
        if (kind == 1) return Affine.gelu(x, square, row);
        if (kind == 2) return LeftAffine.of(x.reshape(1, 2, N, N), square, row).reshape(2, N, N);
        if (kind == 3) return Gate.of(x, square, row, other);
        if (kind == 4) return LeftGate.of(x, square, row, other);
        if (kind == 5) return LayerNormalization.of(x, row, parameters.get(2), 1e-5f);
        if (kind == 6) return SwapAxes.of(x, 1);
        if (kind == 7) return Select.of(Concat.of(0, x, other), 0, 3, 1);
        if (kind == 8) return Expand.of(Select.of(x, 1, 2), 1, N);
        if (kind == 9) return Dropout.of(x, 0.5f);
        return Dropout.of(LeftAffine.of(x, square, row), 0.5f);
    }
}
