package org.ttm4j.autograd.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ttm4j.autograd.TestOperations.input;
import static org.ttm4j.autograd.TestOperations.random;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/** Names, freezing and counting of parameters, and the layers that hold them. */
class LayerTest {

    private static final class Model extends Layer {
        private final Linear linear = child("backbone.mlp.fc1", new Linear(3, 5));
        private final BatchNorm norm = child("backbone.norm", new BatchNorm(5, 1e-5f));
        private final Embedding embedding = child("head", new Embedding(7, 2));
        private final Parameter own = parameter("scale", Parameter.Kind.TRAINED);

        void addTwice() {
            child("head", new Linear(1, 1));
        }

        void addParameterTwice() {
            parameter("scale", Parameter.Kind.BUFFER, 2);
        }
    }

    private final Model model = new Model();

    @Test
    void namesAreJoinedInOrder() {
        assertEquals(List.of("scale", "backbone.mlp.fc1.weight", "backbone.mlp.fc1.bias", "backbone.norm.weight",
                "backbone.norm.bias", "backbone.norm.running_mean", "backbone.norm.running_var",
                "backbone.norm.num_batches_tracked", "head.weight"), List.copyOf(model.parameters().keySet()));
        assertEquals(Shape.of(5, 3), model.parameters().get("backbone.mlp.fc1.weight").shape());
        assertEquals(Shape.of(), model.parameters().get("backbone.norm.num_batches_tracked").shape());
        assertEquals(List.of(model, model.linear, model.norm, model.embedding), List.copyOf(model.layers().values()));
        assertEquals(List.of("", "backbone.mlp.fc1", "backbone.norm", "head"), List.copyOf(model.layers().keySet()));
    }

    @Test
    void aNameIsGivenOnce() {
        assertEquals("two layers named head", assertThrows(IllegalStateException.class, model::addTwice).getMessage());
        assertEquals("two parameters named scale",
                assertThrows(IllegalStateException.class, model::addParameterTwice).getMessage());
    }

    @Test
    void freezingByPrefix() {
        long all = 1 + 15 + 5 + 5 + 5 + 14;
        assertEquals(all, model.parameterCount(false));
        assertEquals(all, model.parameterCount(true));
        assertEquals(7, model.freeze("backbone.", true));
        assertEquals(15, model.parameterCount(true));
        assertEquals(all, model.parameterCount(false));
        assertEquals(1, model.freeze("backbone.norm.bias", false));
        assertEquals(20, model.parameterCount(true));
        assertEquals(0, model.freeze("nothing", true));
        assertEquals(9, model.freeze("", true));
        assertEquals(0, model.parameterCount(true));
        assertEquals(false, model.own.trainable());
    }

    @Test
    void batchNormMovesItsStatisticsInTrainingOnly() {
        BatchNorm norm = new BatchNorm(2, 1e-5f);
        float[] x = {1, 10, 2, 10, 6, 40};
        for (Graph.Mode mode : Graph.Mode.values()) {
            Graph graph = new Graph(mode);
            norm.forward(input(graph, x, 3, 2));
            graph.forward();
            if (mode != Graph.Mode.TRAINING) assertArrayEquals(new float[]{1, 1}, value(norm, "running_var"));
        }
        // Batch means 3 and 20, unbiased variances 7 and 300, momentum 0.1 from 0 and 1.
        assertArrayEquals(new float[]{0.3f, 2}, value(norm, "running_mean"), 1e-6f);
        assertArrayEquals(new float[]{1.6f, 30.9f}, value(norm, "running_var"), 1e-5f);
        assertEquals(1, norm.parameters().get("num_batches_tracked").count());
        // Beyond 2²⁴, where a float would stand still.
        norm.parameters().get("num_batches_tracked").count(1L << 24);
        Graph again = new Graph(Graph.Mode.TRAINING);
        norm.forward(input(again, x, 3, 2));
        again.forward();
        assertEquals((1L << 24) + 1, norm.parameters().get("num_batches_tracked").count());
        Graph graph = new Graph(Graph.Mode.TRAINING);
        Tensor single = input(graph, new float[2], 1, 2);
        assertEquals("BatchNorm needs more than one value per feature to train on: [1, 2]",
                assertThrows(IllegalArgumentException.class, () -> norm.forward(single)).getMessage());
    }

    private static float[] value(Layer layer, String name) {
        return layer.parameters().get(name).value();
    }

    @Test
    void freshNormsChangeNothingButTheScale() {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        float[] x = {-1, 1};
        Tensor y = new LayerNorm(2, 0.25f).forward(input(graph, x, 1, 2)).keep();
        Tensor z = new BatchNorm(2, 0.25f).forward(input(graph, x, 1, 2)).keep();
        graph.forward();
        float scaled = (float) (1 / Math.sqrt(1.25));
        assertArrayEquals(new float[]{-scaled, scaled}, y.value(), 1e-6f);
        assertArrayEquals(new float[]{-scaled, scaled}, z.value(), 1e-6f);
    }

    @Test
    void linearMixesEitherAxis() {
        Linear linear = new Linear(3, 2);
        System.arraycopy(random(1, 6), 0, linear.weight().value(), 0, 6);
        System.arraycopy(random(2, 2), 0, linear.bias().value(), 0, 2);
        linear.weight().changed();
        linear.bias().changed();
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        Tensor x = input(graph, random(3, 3), 1, 3);
        Tensor left = linear.forwardLeft(x.reshape(1, 3, 1)).keep();
        Tensor right = linear.forward(x).keep();
        Tensor leftGelu = linear.forwardLeftGelu(x.reshape(1, 3, 1)).keep();
        Tensor rightGelu = linear.forwardGelu(x).keep();
        graph.forward();
        assertArrayEquals(Arrays.copyOf(right.value(), 2), Arrays.copyOf(left.value(), 2), 1e-6f);
        assertArrayEquals(Arrays.copyOf(rightGelu.value(), 2), Arrays.copyOf(leftGelu.value(), 2), 1e-6f);
    }

    @Test
    void embeddingReadsItsTokensAtEveryRun() {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        int[] tokens = {6, 0};
        System.arraycopy(random(1, 14), 0, model.embedding.weight().value(), 0, 14);
        Tensor rows = model.embedding.forward(graph, tokens).keep();
        float[] table = model.embedding.weight().value();
        graph.forward();
        assertArrayEquals(new float[]{table[12], table[13], table[0], table[1]}, Arrays.copyOf(rows.value(), 4));
        tokens[0] = 1;
        graph.forward();
        assertArrayEquals(new float[]{table[2], table[3], table[0], table[1]}, Arrays.copyOf(rows.value(), 4));
        tokens[1] = 7;
        assertEquals("token 7 is outside the vocabulary of 7",
                assertThrows(IllegalArgumentException.class, graph::forward).getMessage());
    }

    @Test
    void aConvolutionSeesItsNeighboursAndZerosBeyond() {
        Convolution convolution = new Convolution(1, 1, 3);
        System.arraycopy(new float[]{1, 10, 100}, 0, convolution.weight().value(), 0, 3);
        convolution.bias().value()[0] = 0.5f;
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        Tensor y = convolution.forward(input(graph, new float[]{1, 2, 3, 4}, 2, 1, 2)).keep();
        graph.forward();
        assertArrayEquals(new float[]{210.5f, 21.5f, 430.5f, 43.5f}, Arrays.copyOf(y.value(), 4), 1e-4f);
        assertThrows(IllegalArgumentException.class, () -> new Convolution(2, 1, 3));
        assertThrows(IllegalArgumentException.class, () -> new Convolution(1, 1, 2));
    }
}
