package org.ttm4j.autograd.op;

import static org.ttm4j.autograd.TestOperations.input;
import static org.ttm4j.autograd.TestOperations.random;
import static org.ttm4j.autograd.op.Formulas.fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.ttm4j.autograd.GradCheck;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;

/** A check of every operation of this package, at odd sizes and at size 1. */
final class OperationChecks {
    private static final float EPS = 1e-5f;

    private OperationChecks() {}

    static List<GradCheck> all() {
        List<GradCheck> checks = new ArrayList<>();
        sums(checks);
        products(checks);
        gates(checks);
        norms(checks);
        layout(checks);
        losses(checks);
        scalers(checks);
        GateAndQuantileChecks.addTo(checks);
        return checks;
    }

    private static void sums(List<GradCheck> checks) {
        for (int[] s : new int[][]{{1}, {3, 5}, {2, 3, 17}}) {
            checks.add(GradCheck.of(Add.class, "", (g, x, w) -> Add.of(x[0], x[1]))
                    .tensor(s)
                    .tensor(s)
                    .equalTo((x, w) -> Formulas.add(x[0], x[1])));
        }
        checks.add(GradCheck.of(Add.class, "x + x", (g, x, w) -> Add.of(x[0], x[0]))
                .tensor(7)
                .equalTo((x, w) -> Formulas.add(x[0], x[0])));
        for (int[] s : new int[][]{{1, 1, 1}, {4, 3, 5}}) {
            checks.add(GradCheck.of(AddToRows.class, "", (g, x, w) -> AddToRows.of(x[0], w[0]))
                    .tensor(s)
                    .parameter(s[1], s[2])
                    .equalTo((x, w) -> fill(x[0].length, i -> x[0][i] + w[0][i % w[0].length])));
        }
    }

    /** Sizes: rows (or blocks), in, out and, from the left, d. */
    private static void products(List<GradCheck> checks) {
        for (int[] s : new int[][]{{1, 1, 1}, {1, 3, 5}, {2, 19, 7}, {5, 8, 17}}) {
            checks.add(GradCheck.of(Affine.class, "", (g, x, w) -> Affine.of(x[0], w[0], w[1]))
                    .tensor(s[0], 2, s[1])
                    .parameter(s[2], s[1])
                    .parameter(s[2])
                    .equalTo((x, w) -> Formulas.affine(x[0], w[0], w[1])));
            checks.add(GradCheck.of(Affine.class, "gelu", (g, x, w) -> Affine.gelu(x[0], w[0], w[1]))
                    .tensor(s[0], s[1])
                    .parameter(s[2], s[1])
                    .parameter(s[2])
                    .equalTo((x, w) -> Formulas.gelu(Formulas.affine(x[0], w[0], w[1]))));
        }
        for (int[] s : new int[][]{{1, 1, 1, 1}, {1, 3, 5, 1}, {2, 5, 3, 17}, {3, 4, 9, 8}}) {
            checks.add(GradCheck.of(LeftAffine.class, "", (g, x, w) -> LeftAffine.of(x[0], w[0], w[1]))
                    .tensor(s[0], s[1], s[3])
                    .parameter(s[2], s[1])
                    .parameter(s[2])
                    .equalTo((x, w) -> Formulas.leftAffine(x[0], w[0], w[1], s[3])));
            checks.add(GradCheck.of(LeftAffine.class, "gelu", (g, x, w) -> LeftAffine.gelu(x[0], w[0], w[1]))
                    .tensor(s[0], s[1], s[3])
                    .parameter(s[2], s[1])
                    .parameter(s[2])
                    .equalTo((x, w) -> Formulas.gelu(Formulas.leftAffine(x[0], w[0], w[1], s[3]))));
        }
        checks.add(GradCheck.of(LeftAffine.class, "without bias", (g, x, w) -> LeftAffine.of(x[0], w[0], null))
                .tensor(2, 3, 5)
                .parameter(4, 3, 1)
                .equalTo((x, w) -> Formulas.leftAffine(x[0], w[0], new double[4], 5)));
        // Batch, n, d, heads.
        for (int[] s : new int[][]{{1, 1, 1, 1}, {1, 5, 3, 1}, {2, 3, 6, 3}, {3, 4, 10, 2}}) {
            checks.add(GradCheck.of(Attention.class, s[3] + " heads", (g, x, w) -> Attention.of(x[0], x[1], x[2], s[3]))
                    .tensor(s[0], s[1], s[2])
                    .tensor(s[0], s[1], s[2])
                    .tensor(s[0], s[1], s[2])
                    .equalTo((x, w) -> Formulas.attention(x[0], x[1], x[2], s[1], s[2], s[3])));
        }
        checks.add(GradCheck.of(Attention.class, "of x with itself", (g, x, w) -> Attention.of(x[0], x[0], x[0], 2))
                .tensor(2, 3, 4)
                .equalTo((x, w) -> Formulas.attention(x[0], x[0], x[0], 3, 4, 2)));
    }

    private static void gates(List<GradCheck> checks) {
        for (int[] s : new int[][]{{1, 1}, {1, 3}, {5, 7}, {3, 17}}) {
            checks.add(GradCheck.of(Gate.class, "", (g, x, w) -> Gate.of(x[0], w[0], w[1], null))
                    .tensor(s)
                    .parameter(s[1], s[1])
                    .parameter(s[1])
                    .equalTo((x, w) -> Formulas.gate(x[0], w[0], w[1])));
            checks.add(GradCheck.of(Gate.class, "with residual", (g, x, w) -> Gate.of(x[0], w[0], w[1], x[1]))
                    .tensor(s)
                    .tensor(s)
                    .parameter(s[1], s[1])
                    .parameter(s[1])
                    .equalTo((x, w) -> Formulas.add(Formulas.gate(x[0], w[0], w[1]), x[1])));
        }
        checks.add(GradCheck.of(Gate.class, "x its own residual", (g, x, w) -> Gate.of(x[0], w[0], w[1], x[0]))
                .tensor(3, 5)
                .parameter(5, 5)
                .parameter(5)
                .equalTo((x, w) -> Formulas.add(Formulas.gate(x[0], w[0], w[1]), x[0])));
        for (int[] s : new int[][]{{1, 1, 1}, {1, 3, 1}, {2, 5, 17}, {3, 4, 7}}) {
            checks.add(GradCheck.of(LeftGate.class, "", (g, x, w) -> LeftGate.of(x[0], w[0], w[1], null))
                    .tensor(s)
                    .parameter(s[1], s[1])
                    .parameter(s[1])
                    .equalTo((x, w) -> leftGate(x[0], w, s[1], s[2])));
            checks.add(GradCheck.of(LeftGate.class, "with residual", (g, x, w) -> LeftGate.of(x[0], w[0], w[1], x[1]))
                    .tensor(s)
                    .tensor(s)
                    .parameter(s[1], s[1])
                    .parameter(s[1])
                    .equalTo((x, w) -> Formulas.add(leftGate(x[0], w, s[1], s[2]), x[1])));
        }
        checks.add(GradCheck.of(LeftGate.class, "x its own residual", (g, x, w) -> LeftGate.of(x[0], w[0], w[1], x[0]))
                .tensor(2, 3, 5)
                .parameter(3, 3)
                .parameter(3)
                .equalTo((x, w) -> Formulas.add(leftGate(x[0], w, 3, 5), x[0])));
    }

    private static double[] leftGate(double[] x, double[][] w, int n, int d) {
        return Formulas.transpose(Formulas.gate(Formulas.transpose(x, n, d), w[0], w[1]), d, n);
    }

    private static void norms(List<GradCheck> checks) {
        for (int[] s : new int[][]{{1, 1}, {1, 5}, {3, 2, 7}, {2, 17}}) {
            int d = s[s.length - 1];
            checks.add(GradCheck
                    .of(LayerNormalization.class, "", (g, x, w) -> LayerNormalization.of(x[0], w[0], w[1], EPS))
                    .tensor(s)
                    .parameter(d)
                    .parameter(d)
                    .equalTo((x, w) -> Formulas.layerNorm(x[0], w[0], w[1], EPS)));
            Parameter mean = new Parameter("mean", Parameter.Kind.BUFFER, Shape.of(d));
            Parameter variance = new Parameter("variance", Parameter.Kind.BUFFER, Shape.of(d));
            Parameter batches = new Parameter("batches", Parameter.Kind.COUNTER, Shape.of());
            Arrays.fill(mean.value(), 0.25f);
            Arrays.fill(variance.value(), 0.5f);
            checks.add(GradCheck
                    .of(BatchNormalization.class, "",
                            (g, x, w) -> BatchNormalization.of(x[0], w[0], w[1], mean, variance, batches, EPS))
                    .tensor(s)
                    .parameter(d)
                    .parameter(d)
                    .equalTo((x, w) -> fill(x[0].length,
                            i -> (x[0][i] - 0.25) / Math.sqrt(0.5 + EPS) * w[0][i % d] + w[1][i % d])));
        }
        for (int[] s : new int[][]{{2, 1}, {3, 2, 5}, {7, 17}}) {
            int d = s[s.length - 1];
            checks.add(GradCheck
                    .of(BatchNormalization.class, "in training",
                            (g, x, w) -> BatchNormalization.of(x[0], w[0], w[1],
                                    new Parameter("mean", Parameter.Kind.BUFFER, Shape.of(d)),
                                    new Parameter("variance", Parameter.Kind.BUFFER, Shape.of(d)),
                                    new Parameter("batches", Parameter.Kind.COUNTER, Shape.of()), EPS))
                    .tensor(s)
                    .parameter(d)
                    .parameter(d)
                    .training()
                    .equalTo((x, w) -> Formulas.batchNorm(x[0], w[0], w[1], EPS)));
        }
    }

    private static void layout(List<GradCheck> checks) {
        checks.add(GradCheck.of(Concat.class, "", (g, x, w) -> Concat.of(1, x))
                .tensor(2, 1, 3)
                .tensor(2, 4, 3)
                .tensor(2, 2, 3)
                .equalTo((x, w) -> fill(42, i -> {
                    int row = i % 21;
                    if (row < 3) return x[0][i / 21 * 3 + row];
                    return row < 15 ? x[1][i / 21 * 12 + row - 3] : x[2][i / 21 * 6 + row - 15];
                })));
        checks.add(GradCheck.of(Concat.class, "x behind x", (g, x, w) -> Concat.of(-1, x[0], x[0]))
                .tensor(3, 1)
                .equalTo((x, w) -> fill(6, i -> x[0][i / 2])));
        checks.add(GradCheck.of(Select.class, "", (g, x, w) -> Select.of(x[0], 1, 3, 0, 3))
                .tensor(2, 5, 3)
                .equalTo((x, w) -> fill(18, i -> x[0][i / 9 * 15 + (i % 9 / 3 == 1 ? 0 : 9) + i % 3])));
        checks.add(GradCheck.of(Select.class, "range", (g, x, w) -> Select.range(x[0], -1, 2, 5))
                .tensor(3, 7)
                .equalTo((x, w) -> fill(9, i -> x[0][i / 3 * 7 + 2 + i % 3])));
        checks.add(GradCheck.of(Expand.class, "", (g, x, w) -> Expand.of(x[0], 1, 4))
                .tensor(2, 1, 3)
                .equalTo((x, w) -> fill(24, i -> x[0][i / 12 * 3 + i % 3])));
        checks.add(GradCheck.of(Expand.class, "along the last axis", (g, x, w) -> Expand.of(x[0], 2, 19))
                .tensor(2, 3, 1)
                .equalTo((x, w) -> fill(114, i -> x[0][i / 19])));
        checks.add(GradCheck.of(Expand.class, "once", (g, x, w) -> Expand.of(x[0], 0, 1))
                .tensor(1, 5)
                .equalTo((x, w) -> x[0]));
        checks.add(GradCheck.of(SwapAxes.class, "", (g, x, w) -> SwapAxes.of(x[0], 1))
                .tensor(2, 3, 5)
                .equalTo((x, w) -> Formulas.transpose(x[0], 3, 5)));
        checks.add(GradCheck.of(SwapAxes.class, "outer", (g, x, w) -> SwapAxes.of(x[0], 0))
                .tensor(3, 5, 2)
                .equalTo((x, w) -> fill(30, i -> x[0][i / 2 % 3 * 10 + i / 6 * 2 + i % 2])));
        checks.add(GradCheck.of(SwapAxes.class, "of one", (g, x, w) -> SwapAxes.of(x[0], 0))
                .tensor(1, 1)
                .equalTo((x, w) -> x[0]));
        checks.add(GradCheck.of(Unfold.class, "with overlap", (g, x, w) -> Unfold.of(x[0], 1, 3, 4, 2))
                .tensor(2, 10)
                .equalTo((x, w) -> fill(24, i -> x[0][i / 12 * 10 + 1 + i % 12 / 4 * 2 + i % 4])));
        checks.add(GradCheck.of(Unfold.class, "with gaps", (g, x, w) -> Unfold.of(x[0], 0, 3, 1, 3))
                .tensor(7)
                .equalTo((x, w) -> fill(3, i -> x[0][i * 3])));
        int[] tokens = {2, 0, 2};
        checks.add(GradCheck.of(Lookup.class, "", (g, x, w) -> Lookup.of(g, tokens, w[0]))
                .parameter(4, 3)
                .equalTo((x, w) -> fill(9, i -> w[0][tokens[i / 3] * 3 + i % 3])));
        checks.add(GradCheck.of(Lookup.class, "of one", (g, x, w) -> Lookup.of(g, new int[]{0}, w[0]))
                .parameter(1, 1)
                .equalTo((x, w) -> w[0]));
        checks.add(GradCheck
                .of(Lookup.class, "of a tensor", (g, x, w) -> Lookup.of(input(g, new float[]{3, 0}, 2, 1), w[0]))
                .parameter(4, 3)
                .equalTo((x, w) -> fill(6, i -> w[0][(i < 3 ? 9 : 0) + i % 3])));
        float[] scale = random(41, 6);
        float[] loc = random(42, 6);
        checks.add(GradCheck
                .of(ScaleRows.class, "", (g, x, w) -> ScaleRows.of(x[0], input(g, scale, 2, 3), input(g, loc, 2, 3)))
                .tensor(2, 3, 5)
                .equalTo((x, w) -> fill(30, i -> x[0][i] * scale[i / 5] + loc[i / 5])));
        checks.add(GradCheck.of(Dropout.class, "", (g, x, w) -> Dropout.of(x[0], 0.4f)).tensor(3, 17).training());
        checks.add(GradCheck.of(Dropout.class, "twice", (g, x, w) -> Dropout.of(Dropout.of(x[0], 0.3f), 0.5f))
                .tensor(23)
                .training());
    }

    /** Targets at ±3 or near 0.1 keep |e| of the outputs in ±1 away from the kinks at 0 and at δ. */
    private static void losses(List<GradCheck> checks) {
        float[] far = {3, -3, 3, 3, -3, 3, -3};
        float[] mask = {1, 0, 1, 1, 0, 0, 1};
        for (int n : new int[]{1, 7}) {
            for (float[] m : new float[][]{null, mask}) {
                String name = m == null ? "" : ", masked";
                checks.add(loss("mse" + name, PointwiseLoss.Function.mse(), n, far, m, e -> e * e));
                checks.add(loss("mae" + name, PointwiseLoss.Function.mae(), n, far, m, Math::abs));
                checks.add(loss("pinball" + name, PointwiseLoss.Function.pinball(0.75f), n, far, m,
                        e -> Math.max(0.75 * e, -0.25 * e)));
                checks.add(loss("huber, outside" + name, PointwiseLoss.Function.huber(1.5f), n, far, m,
                        e -> 1.5 * (Math.abs(e) - 0.75)));
                checks.add(loss("huber, inside" + name, PointwiseLoss.Function.huber(1.5f), n, new float[7], m,
                        e -> e * e / 2));
            }
        }
        checks.add(loss("nothing observed", PointwiseLoss.Function.mse(), 7, far, new float[7], e -> e * e));
        float[] missing = {Float.NaN, 3, Float.NaN};
        checks.add(loss("NaN where masked", PointwiseLoss.Function.huber(1.5f), 3, missing, new float[]{0, 1, 0},
                e -> 1.5 * (Math.abs(e) - 0.75)));
    }

    private static GradCheck loss(String name, PointwiseLoss.Function function, int n, float[] target, float[] mask,
            DoubleUnaryOperator formula) {
        return GradCheck
                .of(PointwiseLoss.class, name,
                        (g, x, w) -> PointwiseLoss.of(function, x[0], input(g, Arrays.copyOf(target, n), n),
                                mask == null ? null : input(g, Arrays.copyOf(mask, n), n)))
                .tensor(n)
                .equalTo((x, w) -> {
                    double sum = 0;
                    double count = 0;
                    for (int i = 0; i < n; i++) {
                        if (mask != null && mask[i] == 0) continue;
                        sum += formula.applyAsDouble(target[i] - x[0][i]);
                        count++;
                    }
                    return new double[]{sum / Math.max(1, count)};
                });
    }

    private static void scalers(List<GradCheck> checks) {
        // Rows of 5: all observed, some, one, none.
        float[] mask = {1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
        // Away from 0, where |x| has no derivative.
        float[] away = {2, 2, -2, 2, -2, 2, -2, 2, 2, 2, -2, 2, 2, -2, 2, 2, 2, -2, 2, -2};
        for (float[] m : new float[][]{null, mask}) {
            String name = m == null ? "" : "masked";
            checks.add(GradCheck.of(Standardize.class, name, (g, x, w) -> standardize(g, x[0], m).scaled())
                    .tensor(2, 2, 5)
                    .equalTo((x, w) -> standardized(x[0], m)));
            checks.add(GradCheck.of(Standardize.class, name + " statistics", (g, x, w) -> {
                Standardize.Result result = standardize(g, x[0], m);
                return ScaleRows.of(x[1], result.scale(), result.loc());
            }).tensor(2, 2, 5).tensor(2, 2, 3));
            checks.add(GradCheck.of(Standardize.class, name + " and back", (g, x, w) -> {
                Standardize.Result result = standardize(g, x[0], m);
                return ScaleRows.of(result.scaled(), result.scale(), result.loc());
            }).tensor(2, 2, 5).equalTo((x, w) -> x[0]));
            checks.add(GradCheck.of(ScaleByMean.class, name, (g, x, w) -> scaleByMean(g, x[0], away, m).scaled())
                    .tensor(2, 2, 5)
                    .equalTo((x, w) -> overMean(fill(20, i -> x[0][i] + away[i]), m)));
            checks.add(GradCheck.of(ScaleByMean.class, name + " statistics", (g, x, w) -> {
                Standardize.Result result = scaleByMean(g, x[0], away, m);
                return ScaleRows.of(x[1], result.scale(), result.loc());
            }).tensor(2, 2, 5).tensor(2, 2, 3));
        }
        checks.add(GradCheck.of(ScaleRows.class, "with statistics", (g, x, w) -> ScaleRows.of(x[0], x[1], x[2]))
                .tensor(2, 3, 5)
                .tensor(2, 3)
                .tensor(2, 3)
                .equalTo((x, w) -> fill(30, i -> x[0][i] * x[1][i / 5] + x[2][i / 5])));
    }

    private static Standardize.Result standardize(Graph graph, Tensor x, float[] mask) {
        return Standardize.of(x, mask == null ? null : input(graph, mask, 2, 2, 5), EPS);
    }

    private static Standardize.Result scaleByMean(Graph graph, Tensor x, float[] away, float[] mask) {
        return ScaleByMean.of(Add.of(x, input(graph, away, 2, 2, 5)),
                mask == null ? null : input(graph, mask, 2, 2, 5));
    }

    private static double[] standardized(double[] x, float[] mask) {
        return fill(x.length, i -> {
            double n = 0;
            double sum = 0;
            double squares = 0;
            for (int t = i / 5 * 5; t < i / 5 * 5 + 5; t++) {
                double m = mask == null ? 1 : mask[t];
                n += m;
                sum += m * x[t];
            }
            double loc = sum / Math.max(1, n);
            for (int t = i / 5 * 5; t < i / 5 * 5 + 5; t++) {
                squares += (mask == null ? 1 : mask[t]) * Math.pow(x[t] - loc, 2);
            }
            return (x[i] - loc) / Math.sqrt(squares / Math.max(1, n) + EPS);
        });
    }

    /** Channel 1 of sample 1 is empty under the mask: the mean over both samples stands in. */
    private static double[] overMean(double[] x, float[] mask) {
        return fill(x.length, i -> {
            double[] own = absolute(x, mask, i / 5);
            double[] other = absolute(x, mask, (i / 5 + 2) % 4);
            if (own[1] == 0) return x[i] / ((own[0] + other[0]) / Math.max(1, own[1] + other[1]));
            return x[i] / (own[0] / own[1]);
        });
    }

    /** Σ|x·m| and Σm of a row. */
    private static double[] absolute(double[] x, float[] mask, int row) {
        double[] sums = new double[2];
        for (int t = row * 5; t < row * 5 + 5; t++) {
            double m = mask == null ? 1 : mask[t];
            sums[0] += Math.abs(x[t]) * m;
            sums[1] += m;
        }
        return sums;
    }
}
