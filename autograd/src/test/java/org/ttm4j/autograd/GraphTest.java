package org.ttm4j.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.autograd.TestOperations.input;
import static org.ttm4j.autograd.TestOperations.parameter;
import static org.ttm4j.autograd.TestOperations.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ttm4j.autograd.TestOperations.WeightedSum;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.Affine;
import org.ttm4j.autograd.op.Dropout;
import org.ttm4j.autograd.op.Expand;
import org.ttm4j.autograd.op.LayerNormalization;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Smooth;
import org.ttm4j.autograd.op.Standardize;
import org.ttm4j.autograd.op.StrongestFrequencies;
import org.ttm4j.autograd.op.UnscaleRows;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.Shape;
import org.ttm4j.engine.kernel.Kernels;

/** Recording, running forward and backward, and the memory behind it. */
class GraphTest {
    private static final float[] ONES = {1, 1, 1};

    @Test
    void sharedMemoryChangesNoValue() {
        for (long seed = 0; seed < 300; seed++) {
            RandomGraph sharing = new RandomGraph(seed, Graph.Mode.INFERENCE, false);
            RandomGraph keeping = new RandomGraph(seed, Graph.Mode.INFERENCE, true);
            keeping.graph.forward();
            for (int run = 0; run < 2; run++) {
                sharing.graph.forward();
                for (int i = 0; i < sharing.results.size(); i++) {
                    assertArrayEquals(values(keeping.results.get(i)), values(sharing.results.get(i)),
                            "seed " + seed + ", run " + run + ", result " + i);
                }
            }
        }
    }

    @Test
    void sharedMemoryChangesNoGradient() {
        for (long seed = 0; seed < 300; seed++) {
            RandomGraph sharing = new RandomGraph(seed, Graph.Mode.TRAINING, false);
            RandomGraph keeping = new RandomGraph(seed, Graph.Mode.TRAINING, true);
            for (RandomGraph each : List.of(sharing, keeping)) {
                each.graph.forward();
                each.graph.backward(each.loss, 1);
                each.graph.collectGradients();
            }
            for (int i = 0; i < sharing.results.size(); i++) {
                Tensor result = sharing.results.get(i);
                String which = "seed " + seed + ", result " + i;
                assertArrayEquals(values(keeping.results.get(i)), values(result), which);
                if (result.needsGrad()) assertArrayEquals(keeping.results.get(i).grad(), result.grad(), which);
            }
            for (int p = 0; p < sharing.parameters.size(); p++) {
                assertArrayEquals(keeping.parameters.get(p).grad(), sharing.parameters.get(p).grad(),
                        "seed " + seed + ", parameter " + p);
            }
        }
    }

    @Test
    void dropoutTakesTheMemoryOfAProductThatNothingElseNeeds() {
        Parameter square = parameter(1, 3, 3);
        Parameter row = parameter(2, 3);
        assertTrue(sharesMemory(Affine.of(matrix(), square, row), false));
        assertFalse(sharesMemory(Affine.of(matrix(), square, row), true), "read twice");
        assertFalse(sharesMemory(Affine.of(matrix(), square, row).keep(), false), "kept");
        assertFalse(sharesMemory(LayerNormalization.of(matrix(), row, row, 1e-5f), false), "no product");
    }

    private static Tensor matrix() {
        return input(new Graph(Graph.Mode.TRAINING), random(3, 6), 2, 3);
    }

    private static boolean sharesMemory(Tensor x, boolean readTwice) {
        Tensor y = Dropout.of(x, 0.5f);
        if (readTwice) Add.of(x, y);
        x.graph().forward();
        return x.value() == y.value();
    }

    @Test
    void aDeepChainRunsInTwoArraysAndWithoutRecursion() {
        int depth = 10_000;
        Parameter x = parameter(1, 3);
        for (Graph.Mode mode : List.of(Graph.Mode.INFERENCE, Graph.Mode.GRADIENT, Graph.Mode.TRAINING)) {
            Graph graph = new Graph(mode);
            Tensor zero = graph.constant(Shape.of(3), 0);
            List<Tensor> chain = new ArrayList<>(List.of(graph.leaf(x)));
            for (int i = 0; i < depth; i++) chain.add(Add.of(chain.get(i), zero));
            WeightedSum sum = new WeightedSum(chain.get(depth), ONES);
            graph.forward();
            assertArrayEquals(x.value(), values(chain.get(depth)));
            if (mode == Graph.Mode.INFERENCE) {
                Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
                chain.subList(1, depth).forEach(t -> arrays.add(t.value()));
                assertEquals(2, arrays.size());
            } else {
                graph.backward(sum.output(), 1);
                graph.collectGradients();
                for (Tensor t : chain.subList(1, depth)) assertSame(chain.get(depth).grad(), t.grad());
            }
        }
        assertArrayEquals(new float[]{2, 2, 2}, x.grad(), "GRADIENT and TRAINING, once each");
    }

    @Test
    void variablesHaveTheGradientOfTheLastPass() {
        Parameter w = parameter(1, 3);
        Graph graph = new Graph(Graph.Mode.VARIABLES);
        Tensor x = graph.variable(Shape.of(3));
        Tensor unread = graph.variable(Shape.of(2));
        Tensor loss = new WeightedSum(Add.of(x, Add.of(x, graph.leaf(w))), new float[]{1, 2, 3}).output();
        for (float weight : new float[]{1, 0.5f}) {
            graph.forward();
            graph.backward(loss, weight);
            assertArrayEquals(new float[]{2 * weight, 4 * weight, 6 * weight}, x.grad());
            assertArrayEquals(new float[2], unread.grad());
        }
        graph.collectGradients();
        assertArrayEquals(new float[3], w.grad(), "parameters have none");
        assertThrows(IllegalStateException.class, () -> new Graph(Graph.Mode.INFERENCE).variable(Shape.of(3)));
    }

    @Test
    void onlyGraphsThatKeepTheirPicksHoldThem() {
        for (Graph.Mode mode : Graph.Mode.values()) {
            Graph graph = new Graph(mode);
            if (mode == Graph.Mode.VARIABLES) graph.hold(true);
            else assertThrows(IllegalStateException.class, () -> graph.hold(true));
        }
    }

    @Test
    void aTargetTakesNoGradientOfItsScale() {
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        Standardize.Result past = Standardize.of(graph.variable(Shape.of(2, 3)), null, 1);
        assertFalse(UnscaleRows.of(graph.input(Shape.of(2, 3)), past.scale(), past.loc()).needsGrad());
    }

    @Test
    void picksAreHeldAsTheyWere() {
        int n = 16;
        Graph graph = new Graph(Graph.Mode.VARIABLES);
        Tensor x = graph.variable(Shape.of(1, n));
        Tensor strongest = StrongestFrequencies.of(x, 1, true);
        Tensor trend = Smooth.of(x);
        float[] ones = new float[n];
        Arrays.fill(ones, 1);
        WeightedSum sum = new WeightedSum(trend, ones);
        wave(x.value(), 2, 1);
        graph.forward();
        assertEquals(2, strongest.value()[0]);
        graph.hold(true);
        wave(x.value(), 5, 1);
        graph.forward();
        float[] once = values(trend);
        wave(x.value(), 5, 2);
        graph.forward();
        assertEquals(2, strongest.value()[0]);
        for (int t = 0; t < n; t++) assertEquals(2 * once[t], trend.value()[t], 1e-5f, "linear in x");
        graph.backward(sum.output(), 1);
        double product = 0;
        for (int t = 0; t < n; t++) product += (double) x.grad()[t] * x.value()[t];
        assertEquals(sum.sum(), product, 1e-5);
        graph.hold(false);
        graph.forward();
        assertEquals(5, strongest.value()[0]);
    }

    private static void wave(float[] x, int bin, float height) {
        for (int t = 0; t < x.length; t++) {
            x[t] = height * (float) (Math.sin(2 * Math.PI * bin * t / x.length) + 0.1 * Math.cos(t * t));
        }
    }

    @Test
    void gradientsAddUpUntilTheyAreCollected() {
        Parameter x = parameter(1, 3);
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        Tensor loss = new WeightedSum(graph.leaf(x), new float[]{1, 2, 3}).output();
        for (float weight : new float[]{1, 0.5f}) {
            graph.forward();
            graph.backward(loss, weight);
        }
        assertArrayEquals(new float[3], x.grad(), "not collected yet");
        graph.collectGradients();
        assertArrayEquals(new float[]{1.5f, 3, 4.5f}, x.grad());
        graph.collectGradients();
        assertArrayEquals(new float[]{1.5f, 3, 4.5f}, x.grad(), "cleared in the graph when collected");
    }

    @Test
    void graphsThatShareAParameterGatherApart() {
        Parameter x = parameter(1, 3);
        List<Graph> graphs = List.of(new Graph(Graph.Mode.GRADIENT), new Graph(Graph.Mode.TRAINING));
        for (Graph graph : graphs) {
            Tensor loss = new WeightedSum(graph.leaf(x), ONES).output();
            graph.forward();
            graph.backward(loss, 1);
        }
        graphs.get(0).collectGradients();
        assertArrayEquals(ONES, x.grad());
        graphs.get(1).collectGradients();
        assertArrayEquals(new float[]{2, 2, 2}, x.grad());
    }

    @Test
    void onlyTheAncestorsOfTheLossGetAGradient() {
        Parameter x = parameter(1, 3);
        Parameter unrelated = parameter(2, 3);
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        Tensor loss = new WeightedSum(graph.leaf(x), ONES).output();
        Tensor later = new WeightedSum(Add.of(graph.leaf(x), graph.leaf(unrelated)), ONES).output();
        Add.of(later, loss);
        graph.forward();
        graph.backward(loss, 1);
        graph.collectGradients();
        assertArrayEquals(ONES, x.grad());
        assertArrayEquals(new float[3], unrelated.grad());
    }

    @Test
    void whatNeedsNoGradientGetsNone() {
        Parameter frozen = parameter(1, 3);
        frozen.freeze(true);
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        assertTrue(!graph.leaf(frozen).needsGrad() && !graph.input(Shape.of(3)).needsGrad());
        assertTrue(!new Graph(Graph.Mode.INFERENCE).leaf(parameter(1, 3)).needsGrad());
        for (Parameter.Kind kind : Parameter.Kind.values()) {
            assertEquals(kind == Parameter.Kind.TRAINED, graph.leaf(new Parameter("p", kind, Shape.of())).needsGrad());
        }
    }

    @Test
    void aLeafIsRecordedOnce() {
        Parameter x = parameter(1, 3);
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        assertSame(graph.leaf(x), graph.leaf(x));
        assertSame(x.value(), graph.leaf(x).value());
        assertNotSame(graph.leaf(x).grad(), new Graph(Graph.Mode.GRADIENT).leaf(x).grad());
    }

    @Test
    void aReshapedTensorIsAView() {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        Tensor x = input(graph, random(1, 6), 2, 3);
        Tensor y = x.reshape(6).reshape(3, 1, 2);
        assertSame(x.value(), y.value());
        assertSame(x, x.reshape(2, 3));
        assertMessage("cannot reshape [2, 3] to [7]", IllegalArgumentException.class, () -> x.reshape(7));
    }

    @Test
    void changedParametersAreSeenByTheNextRun() {
        Parameter weight = parameter(1, 1, 1);
        Parameter bias = new Parameter("bias", Parameter.Kind.TRAINED, Shape.of(1));
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        Tensor y = Affine.of(input(graph, new float[]{2}, 1, 1), weight, bias);
        for (float value : new float[]{3, -0.5f}) {
            weight.value()[0] = value;
            weight.changed();
            graph.forward();
            assertEquals(2 * value, y.value()[0]);
        }
    }

    /** One model on all sets of kernels at once; a set must not see weights that are packed for another. */
    @Test
    void graphsOnDifferentKernelsShareParameters() throws Exception {
        Parameter weight = parameter(1, 17, 19);
        Parameter bias = parameter(2, 17);
        float[] x = random(3, 5 * 19);
        List<Tensor> results = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Kernels kernels : kernelSets()) {
            Graph graph = new Graph(Graph.Mode.INFERENCE, kernels);
            assertSame(kernels, graph.kernels());
            results.add(Affine.of(input(graph, x, 5, 19), weight, bias).keep());
            threads.add(new Thread(() -> {
                for (int run = 0; run < 500; run++) graph.forward();
            }));
        }
        for (Thread thread : threads) thread.start();
        for (Thread thread : threads) thread.join();
        for (int change = 0; change < 2; change++) {
            for (Tensor y : results) {
                y.graph().forward();
                for (int i = 0; i < 5 * 17; i++) {
                    double sum = bias.value()[i % 17];
                    for (int p = 0; p < 19; p++) sum += (double) x[i / 17 * 19 + p] * weight.value()[i % 17 * 19 + p];
                    assertEquals(sum, y.value()[i], 1e-5, y.graph().kernels().name() + " " + i);
                }
            }
            weight.fill(() -> 0.25);
        }
        assertSame(KernelSelection.active(), new Graph(Graph.Mode.INFERENCE).kernels());
    }

    private static List<Kernels> kernelSets() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors
                ? List.of(KernelSelection.scalar(), KernelSelection.vector())
                : List.of(KernelSelection.scalar());
    }

    /** The heap is filled for seven tenths; the graph needs four. */
    @Test
    void aGraphThatFoundNoMemoryRunsOnceThereIsSome() {
        int tenth = (int) (Runtime.getRuntime().maxMemory() / 10 / Float.BYTES);
        for (Graph.Mode mode : List.of(Graph.Mode.INFERENCE, Graph.Mode.TRAINING)) {
            Graph graph = new Graph(mode);
            Tensor wide = Expand.of(graph.constant(Shape.of(1, 10_000), 3), 0, 2 * tenth / 10_000);
            Tensor sum = Select.of(Add.of(wide, wide), 0, 1);
            List<float[]> ballast = new ArrayList<>();
            for (int i = 0; i < 7; i++) ballast.add(new float[tenth]);
            assertThrows(OutOfMemoryError.class, graph::forward);
            assertEquals(7, ballast.size());
            ballast.clear();
            // Nothing has run, so that more may be recorded.
            Tensor result = Add.of(sum, sum).keep();
            graph.forward();
            assertEquals(12, result.value()[0]);
        }
    }

    @Test
    void misuseIsNamed() {
        Graph graph = new Graph(Graph.Mode.GRADIENT);
        Tensor x = graph.leaf(parameter(1, 3));
        Tensor loss = new WeightedSum(x, ONES).output();
        Tensor constant = new WeightedSum(graph.input(Shape.of(3)), ONES).output();
        assertMessage("inputs of two graphs", IllegalArgumentException.class,
                () -> Add.of(x, new Graph(Graph.Mode.GRADIENT).leaf(parameter(1, 3))));
        String order = "call forward() before each backward(): operations reuse what they keep for it";
        assertMessage(order, IllegalStateException.class, () -> graph.backward(loss, 1));
        graph.forward();
        assertMessage("this graph has run; record another for more operations", IllegalStateException.class,
                () -> Add.of(x, x));
        assertMessage("a loss has one element, not [3]", IllegalArgumentException.class, () -> graph.backward(x, 1));
        assertMessage("nothing that this loss depends on needs a gradient", IllegalArgumentException.class,
                () -> graph.backward(constant, 1));
        graph.backward(loss, 1);
        assertMessage(order, IllegalStateException.class, () -> graph.backward(loss, 1));
    }

    private static float[] values(Tensor tensor) {
        return Arrays.copyOf(tensor.value(), tensor.shape().size());
    }

    private static void assertMessage(String message, Class<? extends Exception> type, Executable misuse) {
        assertEquals(message, assertThrows(type, misuse).getMessage());
    }
}
