package org.ttm4j.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ttm4j.autograd.TestOperations.parameter;
import static org.ttm4j.autograd.TestOperations.random;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.Affine;
import org.ttm4j.autograd.op.Attention;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Dropout;
import org.ttm4j.autograd.op.Gate;
import org.ttm4j.autograd.op.LayerNormalization;
import org.ttm4j.autograd.op.LeftAffine;
import org.ttm4j.autograd.op.PointwiseLoss;
import org.ttm4j.autograd.op.ScaleRows;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.autograd.op.Unfold;
import org.ttm4j.autograd.optim.AdamW;
import org.ttm4j.engine.KernelSelection;

/**
 * A warm run allocates nothing. This runs on the reference kernels, whose few arrays of their own (in LeftGate and
 * BatchNorm) it leaves out; whether the objects of the Vector API vanish depends on the compiler's state, not on what
 * is tested here.
 */
@Tag("allocation")
class AllocationTest {
    private static final int N = 32;

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    /** The operations of a mixer, on [2, 32, 32]. */
    private Tensor record(Graph graph) {
        Tensor input = TestOperations.input(graph, random(1, 2 * N * N), 2, N * N);
        Standardize.Result scaled = Standardize.of(input, null, 1e-5f);
        Tensor x = Affine.of(Unfold.of(scaled.scaled(), 0, N, N, N), weight("w"), bias("b"));
        x = LayerNormalization.of(x, bias("gain"), bias("shift"), 1e-5f);
        x = Add.of(x, Attention.of(x, x, x, 2));
        Tensor left = LeftAffine.gelu(x, weight("left"), bias("lb"));
        x = Add.of(left, x);
        x = Gate.of(Dropout.of(Affine.gelu(x, weight("right"), bias("rb")), 0.2f), weight("rg"), bias("rgb"), x);
        x = Select.range(Concat.of(1, x, x), 1, 3, 3 + N).reshape(2, N * N);
        return ScaleRows.of(x, scaled.scale(), scaled.loc()).keep();
    }

    private Parameter weight(String name) {
        return parameters.computeIfAbsent(name, n -> parameter(n.hashCode(), N, N));
    }

    private Parameter bias(String name) {
        return parameters.computeIfAbsent(name, n -> parameter(n.hashCode(), N));
    }

    @Test
    void atInference() {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        record(graph);
        assertAllocatesNothing(graph::forward);
    }

    @Test
    void inTraining() {
        Graph graph = new Graph(Graph.Mode.TRAINING);
        Tensor y = record(graph);
        Tensor loss = PointwiseLoss.of(PointwiseLoss.Function.mse(), y, graph.constant(y.shape(), 0.5f), null);
        AdamW optimizer = new AdamW(parameters, 0.01f);
        assertAllocatesNothing(() -> {
            graph.seed(optimizer.steps());
            graph.forward();
            graph.backward(loss, 1);
            graph.collectGradients();
            optimizer.step(1e-4, AdamW.clipScale(optimizer.gradientNorm(), 1));
            optimizer.zeroGradients();
        });
    }

    /** The compilers take a while to remove the last iterator, so the quietest of many batches of runs counts. */
    private static void assertAllocatesNothing(Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeTrue(KernelSelection.active() == KernelSelection.scalar(), "for the scalar kernels");
        assumeTrue(threads.isThreadAllocatedMemorySupported(), "this JVM does not count allocations");
        long least = Long.MAX_VALUE;
        for (int batch = 0; batch < 1000 && least > 0; batch++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) run.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in 20 runs");
    }
}
