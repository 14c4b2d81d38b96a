package org.ttm4j.autograd.op;

import static org.ttm4j.autograd.TestOperations.input;
import static org.ttm4j.autograd.TestOperations.random;
import static org.ttm4j.autograd.op.Formulas.fill;

import java.util.List;
import org.ttm4j.autograd.GradCheck;
import org.ttm4j.autograd.Tensor;

/** Checks of the sigmoid gates, of what quantiles are made and judged by, and of what is computed of whole series. */
final class GateAndQuantileChecks {
    private GateAndQuantileChecks() {}

    static void addTo(List<GradCheck> checks) {
        sigmoids(checks);
        quantiles(checks);
        series(checks);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static void sigmoids(List<GradCheck> checks) {
        for (int[] s : new int[][]{{1}, {3, 5}, {2, 3, 17}}) {
            checks.add(GradCheck.of(SigmoidGate.class, "", (g, x, w) -> SigmoidGate.of(x[0], x[1], null))
                    .tensor(s)
                    .tensor(s)
                    .equalTo((x, w) -> fill(x[0].length, i -> x[0][i] * sigmoid(x[1][i]))));
            checks.add(GradCheck.of(SigmoidGate.class, "with residual", (g, x, w) -> SigmoidGate.of(x[0], x[1], x[2]))
                    .tensor(s)
                    .tensor(s)
                    .tensor(s)
                    .equalTo((x, w) -> fill(x[0].length, i -> x[0][i] * sigmoid(x[1][i]) + x[2][i])));
            checks.add(GradCheck.of(Softplus.class, "", (g, x, w) -> Softplus.of(x[0], 0.5f))
                    .tensor(s)
                    .equalTo((x, w) -> fill(x[0].length, i -> Math.log1p(Math.exp(x[0][i])) + 0.5)));
        }
        // A constant keeps x away from the kink at 0.
        checks.add(GradCheck.of(Relu.class, "", (g, x, w) -> {
            float[] far = {3, -3, 3, 3, -3};
            return Relu.of(Add.of(x[0], input(g, far, 5)));
        }).tensor(5).equalTo((x, w) -> fill(5, i -> i == 1 || i == 4 ? 0 : x[0][i] + 3)));
        checks.add(GradCheck.of(SigmoidGate.class, "of x by itself", (g, x, w) -> SigmoidGate.of(x[0], x[0], x[0]))
                .tensor(7)
                .equalTo((x, w) -> fill(7, i -> x[0][i] * (1 + sigmoid(x[0][i])))));
        for (int[] s : new int[][]{{1, 2, 1}, {2, 4, 3}, {3, 10, 17}}) {
            int half = s[1] / 2 * s[2];
            checks.add(GradCheck
                    .of(GatedLinearUnit.class, "from the left", (g, x, w) -> GatedLinearUnit.of(x[0], -2, x[1]))
                    .tensor(s)
                    .tensor(s[0], s[1] / 2, s[2])
                    .equalTo((x, w) -> fill(x[1].length, i -> {
                        int u = i / half * 2 * half + i % half;
                        return x[0][u] * sigmoid(x[0][u + half]) + x[1][i];
                    })));
            checks.add(GradCheck.of(GatedLinearUnit.class, "", (g, x, w) -> GatedLinearUnit.of(x[0], -1, null))
                    .tensor(s[0], s[1])
                    .equalTo((x, w) -> fill(x[0].length / 2, i -> {
                        int u = i / (s[1] / 2) * s[1] + i % (s[1] / 2);
                        return x[0][u] * sigmoid(x[0][u + s[1] / 2]);
                    })));
        }
        // Shape, axis, groups.
        for (int[] s : new int[][]{{2, 6, 3, 1, 3}, {1, 4, 2, 1, 1}, {3, 2, 6, 2, 2}, {2, 3, 5, 1, 3}}) {
            int inner = s[3] == 1 ? s[2] : 1;
            int size = s[1 + s[3] - 1] / s[4];
            checks.add(GradCheck.of(GroupMeans.class, s[4] + " groups", (g, x, w) -> {
                Tensor y = GroupMeans.of(x[0], s[3], s[4]);
                return y == x[0] ? Add.of(y, GroupMeans.of(y, 0, 1)) : y;
            }).tensor(s[0], s[1], s[2]).equalTo(s[1 + s[3] - 1] == s[4] ? null : (x, w) -> fill(x[0].length, i -> {
                int first = i / (size * inner) * size * inner + i % inner;
                double sum = 0;
                for (int j = 0; j < size; j++) sum += x[0][first + j * inner];
                return sum / size;
            })));
        }
        for (int[] s : new int[][]{{1, 1, 1}, {2, 3, 5}}) {
            checks.add(GradCheck.of(MeanOfRows.class, "", (g, x, w) -> MeanOfRows.of(x[0]))
                    .tensor(s)
                    .equalTo((x, w) -> fill(s[0] * s[2], i -> {
                        double sum = 0;
                        for (int j = 0; j < s[1]; j++) sum += x[0][(i / s[2] * s[1] + j) * s[2] + i % s[2]];
                        return sum / s[1];
                    })));
        }
    }

    private static void quantiles(List<GradCheck> checks) {
        checks.add(GradCheck
                .of(WeightedSum.class, "", (g, x, w) -> WeightedSum.of(new float[]{0.5f, -2, 0}, x[0], x[1], x[1]))
                .tensor(2, 5)
                .tensor(2, 5)
                .equalTo((x, w) -> fill(10, i -> 0.5 * x[0][i] - 2 * x[1][i])));
        checks.add(GradCheck.of(WeightedSum.class, "difference", (g, x, w) -> WeightedSum.difference(x[0], x[1]))
                .tensor(3)
                .tensor(3)
                .equalTo((x, w) -> fill(3, i -> x[0][i] - x[1][i])));
        // A constant keeps a + b away from the kink at 0.
        checks.add(GradCheck.of(SignedNorm.class, "", (g, x, w) -> {
            float[] far = {3, -3, 3, 3, -3, -3, 3};
            return SignedNorm.of(Add.of(x[0], input(g, far, 7)), x[1], 0.5f);
        }).tensor(7).tensor(7));
        checks.add(GradCheck.of(SignedNorm.class, "of x with itself", (g, x, w) -> SignedNorm.of(x[0], x[0], 0.5f))
                .tensor(1)
                .equalTo((x, w) -> fill(1, i -> Math.signum(x[0][i]) * Math.sqrt(2 * x[0][i] * x[0][i] + 0.5))));
        float[] target = {3, -3, 3, 3, -3, 3};
        float[] levels = {0.25f, 0.5f, 0.75f};
        float[] widths = {-0.2f, 0, 0.3f};
        for (float[] mask : new float[][]{null, {1, 0, 1, 1, 0, 1}, new float[6]}) {
            checks.add(GradCheck
                    .of(QuantileLoss.class, mask == null ? "" : "masked",
                            (g, x, w) -> QuantileLoss.of(x[0], input(g, target, 2, 3),
                                    mask == null ? null : input(g, mask, 2, 3), levels, widths))
                    .tensor(2, 3, 3)
                    .equalTo((x, w) -> {
                        double sum = 0;
                        double count = 0;
                        for (int i = 0; i < 18; i++) {
                            int entry = i / 9 * 3 + i % 3;
                            if (mask != null && mask[entry] == 0) continue;
                            double q = levels[i / 3 % 3];
                            double e = target[entry] - x[0][i];
                            sum += Math.max(q * e, (q - 1) * e) / 3 + widths[i / 3 % 3] * x[0][i];
                            count += 1 / 3.0;
                        }
                        return new double[]{sum / Math.max(1, count)};
                    }));
        }
    }

    private static void series(List<GradCheck> checks) {
        checks.add(GradCheck.of(Halve.class, "", (g, x, w) -> Halve.of(x[0]))
                .tensor(2, 5)
                .equalTo((x, w) -> fill(4, i -> (x[0][i / 2 * 5 + i % 2 * 2] + x[0][i / 2 * 5 + i % 2 * 2 + 1]) / 2)));
        // The strength of bin 1 of two steps is their difference, that of bin 0 their sum. Only x itself has a gradient.
        checks.add(GradCheck
                .of(StrongestFrequencies.class, "added to x",
                        (g, x, w) -> Add.of(x[0], StrongestFrequencies.of(x[0], 2, false)))
                .tensor(4, 2)
                .equalTo((x, w) -> fill(8, i -> {
                    double first = x[0][i / 2 * 2];
                    double second = x[0][i / 2 * 2 + 1];
                    int bin = Math.abs(first + second) >= Math.abs(first - second) == (i % 2 == 0) ? 0 : 1;
                    return x[0][i] + bin;
                })));
        // Of one step the trend is that step.
        checks.add(GradCheck.of(Smooth.class, "", (g, x, w) -> Smooth.of(x[0])).tensor(3, 1).equalTo((x, w) -> x[0]));
        float[] scale = random(41, 2);
        float[] loc = random(42, 2);
        checks.add(GradCheck
                .of(UnscaleRows.class, "", (g, x, w) -> UnscaleRows.of(x[0], input(g, scale, 2), input(g, loc, 2)))
                .tensor(2, 5)
                .noGradient()
                .equalTo((x, w) -> fill(10, i -> (x[0][i] - loc[i / 5]) / scale[i / 5])));
    }
}
