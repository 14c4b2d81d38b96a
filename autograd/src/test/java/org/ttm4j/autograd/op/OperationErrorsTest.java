package org.ttm4j.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ttm4j.autograd.TestOperations.parameter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/** Shapes that do not fit are refused when they are recorded, with both shapes in the message. */
class OperationErrorsTest {
    private final Graph graph = new Graph(Graph.Mode.GRADIENT);
    private final Tensor x = graph.input(Shape.of(2, 3, 5));
    private final Tensor wide = graph.input(Shape.of(2, 3, 6));
    private final Tensor trained = graph.leaf(parameter(1, 2, 3, 5));
    private final Parameter three = parameter(2, 3, 3);
    private final Parameter row = parameter(3, 3);

    private static void refused(String message, Executable recording) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, recording).getMessage());
    }

    @Test
    void elementwise() {
        refused("second term [2, 3, 6]: expected [2, 3, 5]", () -> Add.of(x, wide));
        refused("cannot add [3] to the rows of [2, 3, 5]", () -> AddToRows.of(x, row));
        refused("cannot add [1, 2, 3, 5] to the rows of [2, 3, 5]", () -> AddToRows.of(x, parameter(4, 1, 2, 3, 5)));
        refused("scale [4] does not fit the rows of [2, 3, 5]",
                () -> ScaleRows.of(x, graph.input(Shape.of(4)), graph.input(Shape.of(4))));
        refused("loc [4]: expected [6]", () -> ScaleRows.of(x, graph.input(Shape.of(6)), graph.input(Shape.of(4))));
    }

    @Test
    void products() {
        refused("input [2, 3, 5]: expected 3 in dimension -1", () -> Affine.of(x, three, row));
        refused("input [2, 3, 6]: expected 4 in dimension -2", () -> LeftAffine.of(wide, parameter(4, 2, 4), row));
        refused("gate weight [3, 5]: expected a square matrix", () -> Gate.of(x, parameter(4, 3, 5), row, null));
        refused("gate input [2, 3, 5]: expected 3 in dimension -1", () -> Gate.of(x, three, row, null));
        refused("residual [2, 3, 6]: expected [2, 3, 5]", () -> LeftGate.of(x, three, row, wide));
        refused("gate input [2, 3, 5]: expected 5 in dimension -2", () -> LeftGate.of(x, parameter(4, 5, 5), row, x));
        refused("keys [2, 3, 6]: expected [2, 3, 5]", () -> Attention.of(x, wide, x, 1));
        refused("values [2, 3, 6]: expected [2, 3, 5]", () -> Attention.of(x, x, wide, 1));
        refused("5 features cannot be shared by 2 heads", () -> Attention.of(x, x, x, 2));
        refused("5 features cannot be shared by 0 heads", () -> Attention.of(x, x, x, 0));
    }

    @Test
    void norms() {
        refused("LayerNorm input [2, 3, 5]: expected 3 in dimension -1",
                () -> LayerNormalization.of(x, row, row, 1e-5f));
        refused("BatchNorm input [2, 3, 5]: expected 3 in dimension -1",
                () -> BatchNormalization.of(x, row, row, row, row, row, 1e-5f));
        refused("mask [2, 3, 6]: expected [2, 3, 5]", () -> Standardize.of(x, wide, 1e-5f));
        refused("mask [2, 3, 6]: expected [2, 3, 5]", () -> ScaleByMean.of(x, wide));
    }

    @Test
    void layout() {
        refused("part [2, 3, 6]: expected [2, 3, 5]", () -> Concat.of(1, x, wide));
        refused("index 3 is outside dimension 1 of [2, 3, 5]", () -> Select.of(x, 1, 0, 3));
        refused("index -1 is outside dimension 1 of [2, 3, 5]", () -> Select.of(x, 1, -1));
        refused("expanded tensor [2, 3, 5]: expected 1 in dimension 1", () -> Expand.of(x, 1, 4));
        refused("2 windows of 3 at stride 3 from 0 do not fit in the last dimension of [2, 3, 5]",
                () -> Unfold.of(x, 0, 2, 3, 3));
        refused("no axis 3 in [2, 3, 5]", () -> SwapAxes.of(x, 2));
        assertSame(x, Select.range(x, 2, 0, 5), "all of an axis in order needs no copy");
    }

    @Test
    void frequencies() {
        refused("4 frequencies: [2, 3, 5] has 3", () -> StrongestFrequencies.of(x, 4, false));
        refused("0 frequencies: [2, 3, 5] has 3", () -> StrongestFrequencies.of(x, 0, false));
        refused("1 frequencies: [2, 0] has 0", () -> StrongestFrequencies.of(graph.input(Shape.of(2, 0)), 1, false));
        refused("no steps to smooth in [2, 0]", () -> Smooth.of(graph.input(Shape.of(2, 0))));
    }

    @Test
    void losses() {
        PointwiseLoss.Function mse = PointwiseLoss.Function.mse();
        refused("target [2, 3, 6]: expected [2, 3, 5]", () -> PointwiseLoss.of(mse, trained, wide, null));
        refused("mask [2, 3, 6]: expected [2, 3, 5]", () -> PointwiseLoss.of(mse, trained, x, wide));
        refused("no gradient passes to a target", () -> PointwiseLoss.of(mse, x, trained, null));
    }
}
