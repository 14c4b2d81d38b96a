package org.ttm4j.ttm.model;

import java.util.stream.IntStream;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.autograd.nn.Layer;
import org.ttm4j.autograd.nn.Linear;
import org.ttm4j.autograd.op.Add;
import org.ttm4j.autograd.op.Concat;
import org.ttm4j.autograd.op.Select;
import org.ttm4j.autograd.op.SwapAxes;
import org.ttm4j.autograd.op.Unfold;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * Forecast channel mixing with exogenous infusion: refines the forecast of each step by the forecasts and the known
 * future values of the neighbouring steps, over all channels.
 *
 * <p>The known values and the past are not instance-scaled, although the forecast is, as in the reference library,
 * which expects globally scaled data.
 */
final class ExogenousMixer extends Layer {
    private final TtmConfig config;
    private final int channels;
    private final Linear embedding;
    private final MixerStack mixer;
    private final GatedAttention gate;
    private final Linear mlp;

    ExogenousMixer(TtmConfig config) {
        this.config = config;
        int forecast = config.forecastChannelCount();
        channels = forecast + config.exogenousChannels().length;
        int window = config.fcmWindow();
        boolean mixes = config.fcmUseMixer();
        int width = mixes ? 2 * window : window;
        embedding = mixes ? child("fcm_embedding", new Linear(window, width)) : null;
        // The channels are on the patch axis of this stack.
        mixer = mixes
                ? child("exog_mixer",
                        new MixerStack(config,
                                new MixerStack.Spec(channels, width, 1, config.fcmMixLayers(), 0, false,
                                        config.fcmGatedAttn(), config.headDropout())))
                : null;
        gate = config.fcmGatedAttn() ? child("fcm_gating_block", new GatedAttention(config, channels * width)) : null;
        mlp = child("mlp", new Linear(channels * width, forecast));
    }

    /** forecast [B, Ct, Hf], past [B, C, L] unscaled, known [B, Cx, Hf] or null → [B, Ct, Hf]. */
    Tensor forward(Tensor forecast, Tensor past, Tensor known) {
        int batch = forecast.shape().dim(0);
        int steps = forecast.shape().dim(2);
        Tensor all = known == null ? forecast : Concat.of(1, forecast, known); // [B, Ct + Cx, Hf]
        Tensor windows = Unfold.of(withContext(all, past), 0, steps, config.fcmWindow(), 1); // [B, Ct + Cx, Hf, w]
        Tensor x = SwapAxes.of(windows, 1); // [B, Hf, Ct + Cx, w]
        if (mixer != null) x = mixer.forward(embedding.forward(x));
        x = x.reshape(batch, steps, channels * x.shape().dim(3));
        if (gate != null) x = gate.forward(x, null);
        return shown(Add.of(SwapAxes.of(mlp.forward(x), 1), forecast));
    }

    /** Adds l steps before x, from the past or zeros, and l zero steps after it: [B, Ct + Cx, l + Hf + l]. */
    private Tensor withContext(Tensor x, Tensor past) {
        int l = config.fcmContextLength();
        if (l == 0) return x;
        Tensor zeros = x.graph().constant(x.shape().with(2, l), 0);
        Tensor front = zeros;
        if (config.fcmPrependPast()) {
            int end = past.shape().dim(2) - config.fcmPastOffset();
            // The forecast channels, followed by the exogenous ones.
            IntStream forecast = IntStream.of(config.predictionChannels(past.shape().dim(1)));
            int[] order = IntStream.concat(forecast, IntStream.of(config.exogenousChannels())).toArray();
            front = Select.of(Select.range(past, 2, end - l, end), 1, order);
        }
        return Concat.of(2, front, x, zeros);
    }
}
