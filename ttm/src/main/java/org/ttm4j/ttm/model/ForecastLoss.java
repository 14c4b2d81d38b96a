package org.ttm4j.ttm.model;

import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.PointwiseLoss;
import org.ttm4j.autograd.op.QuantileLoss;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.Smooth;
import org.ttm4j.autograd.op.WeightedSum;
import org.ttm4j.ttm.config.DecompositionConfig;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.config.TtmConfig;

/** The training loss: that of the forecast or of all quantiles; in a decomposed model also that of both parts. */
final class ForecastLoss {
    /** The weight of the loss of the trend's changes between steps, relative to that of the trend. */
    private static final float CHANGES = 0.1f;

    private ForecastLoss() {}

    /**
     * The configured loss of a forecast [B, Ct, n]. If there are quantiles [B, Ct, Q, n], it is instead their mean
     * pinball loss, plus the penalty on widths, plus point_extra_weight times the point_extra_loss of the forecast.
     */
    static Tensor of(TtmConfig config, Tensor forecast, Tensor quantiles, Tensor target, Tensor mask) {
        if (quantiles == null) return PointwiseLoss.of(function(config.loss(), config), forecast, target, mask);
        QuantileHeadConfig head = config.quantileHead();
        Tensor loss = QuantileLoss.of(quantiles, target, mask, head.floatLevels(), head.widthFactors());
        if (head.pointExtraWeight() == 0) return loss;
        Tensor point = PointwiseLoss.of(function(head.pointExtraLoss(), config), forecast, target, mask);
        return WeightedSum.of(new float[]{1, (float) head.pointExtraWeight()}, loss, point).keep();
    }

    /**
     * The loss of a decomposed model, on scaled series: the weighted losses of the sum, of the trend, of the changes of
     * the trend, and of the residual. The target of the trend is the end of the robust trend of context and target
     * together.
     */
    static Tensor decomposed(TtmConfig config, TtmModel.Outputs outputs, Tensor target, Tensor mask) {
        TtmModel.Parts parts = outputs.parts();
        Targets targets = Targets.of(outputs, target);
        Tensor joint = of(config, parts.forecast(), parts.quantiles(), targets.sum, mask);
        Tensor trend = of(config, parts.trend().forecast(), parts.trend().quantiles(), targets.trend, mask);
        Tensor rest = of(config, parts.residual().forecast(), parts.residual().quantiles(), targets.residual, mask);
        PointwiseLoss.Function change = parts.quantiles() == null
                ? function(config.loss(), config)
                : PointwiseLoss.Function.mae();
        Tensor changes = PointwiseLoss.of(change, changes(parts.trend().forecast()), changes(targets.trend),
                mask == null ? null : Select.range(mask, 2, 1, mask.shape().dim(2)));
        DecompositionConfig weights = config.decomposition();
        float ofTrend = (float) weights.trendLossWeight();
        float[] factors = {(float) weights.jointLossWeight(), ofTrend, CHANGES * ofTrend,
                (float) weights.residualLossWeight()};
        return WeightedSum.of(factors, joint, trend, changes, rest).keep();
    }

    /**
     * The targets of a decomposed model, scaled.
     *
     * @param sum [B, Ct, n]
     * @param trend [B, Ct, n]
     * @param residual [B, Ct, n]
     */
    record Targets(Tensor sum, Tensor trend, Tensor residual) {

        static Targets of(TtmModel.Outputs outputs, Tensor target) {
            Tensor sum = outputs.statistics().scaled(target);
            Tensor all = Smooth.of(Concat.of(2, outputs.parts().past(), sum)); // [B, Ct, T + n]
            int end = all.shape().dim(2);
            Tensor trend = Select.range(all, 2, end - sum.shape().dim(2), end);
            return new Targets(sum, trend, WeightedSum.difference(sum, trend));
        }
    }

    /** x[.., t + 1] − x[.., t]. */
    private static Tensor changes(Tensor x) {
        int n = x.shape().dim(2);
        return WeightedSum.difference(Select.range(x, 2, 1, n), Select.range(x, 2, 0, n - 1));
    }

    private static PointwiseLoss.Function function(TtmConfig.Loss loss, TtmConfig config) {
        return switch (loss) {
            case MSE -> PointwiseLoss.Function.mse();
            case MAE -> PointwiseLoss.Function.mae();
            case PINBALL -> PointwiseLoss.Function.pinball((float) config.quantile());
            case HUBER -> PointwiseLoss.Function.huber((float) config.huberDelta());
            case NONE ->
                throw new IllegalArgumentException("loss is null in this configuration: there is none to train on");
        };
    }
}
