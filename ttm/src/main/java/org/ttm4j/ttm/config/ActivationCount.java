package org.ttm4j.ttm.config;

/**
 * About how many floats a forward pass of one sample holds at a time, without gradients: the series and its patches
 * throughout, and the stage that holds most. In double, as {@link ParameterCount}. A sample is one channel where the model
 * does not mix channels, else all of them.
 *
 * @param total floats
 * @param largest the JSON key of the largest part
 */
record ActivationCount(double total, String largest) {

    static ActivationCount of(TtmConfig c) {
        if (c.decomposed()) {
            ActivationCount trend = of(c.trendForecaster());
            ActivationCount residual = of(c.residualForecaster());
            // The scaled context, its trend, the rest, and what smoothing works on.
            double series = (4.0 * channels(c) + 7) * c.contextLength();
            return new ActivationCount(trend.total + residual.total + series,
                    trend.total > residual.total ? trend.largest : residual.largest);
        }
        double channels = channels(c);
        double patches = c.numPatches();
        Largest stage = new Largest();
        stage.add("d_model", mixer(c, channels * patches, c.dModel(), c.adaptivePatchingLevels()));
        if (c.useDecoder()) {
            double rows = (channels + c.categoricalVocabSizeList().size()) * patches;
            stage.add("decoder_d_model", mixer(c, rows, c.decoderDModel(), c.decoderAdaptivePatchingLevels()));
        }
        stage.add("fft_length", 2 * channels * c.tokens().frequencyCount(c) * c.tokens().frequencyWidth(c));
        QuantileHeadConfig head = c.quantileHead();
        if (head.enabled()) {
            double step = head.kernelSize() + 2.0 * head.stepWidth() + 3.0 * head.levels().size();
            stage.add("mq_hidden", channels * (c.outputLength() * step + patches * head.decoderDModel()));
        }
        stage.add("prediction_length", channels * (c.predictionLength() + patches * c.headWidth()));
        if (c.enableForecastChannelMixing()) {
            double mixed = c.forecastChannelCount() + (double) c.exogenousChannelIndices().size();
            double rows = c.outputLength() * mixed;
            double window = rows * c.fcmWindow();
            stage.add("fcm_context_length",
                    c.fcmUseMixer()
                            ? window + attention(c, rows * mixed) + (3 + c.expansionFactor()) * 2 * window
                            : 3 * window);
        }
        Largest series = new Largest();
        // The series, its mask and its scaled copy.
        series.add("context_length", 3 * channels * c.modelContextLength());
        // Tables and work space of a Fourier transform, doubles of up to four times the length.
        if (c.tokens().fftLength() > 0) series.add("fft_length", 32.0 * c.contextLength());
        series.add("patch_length", channels * patches * c.patchLength());
        return new ActivationCount(stage.size + series.sum, stage.size > series.size ? stage.key : series.key);
    }

    private static double channels(TtmConfig c) {
        return c.mixesChannels() ? c.numInputChannels() : 1;
    }

    /** The mixers of a stack: what comes in, normalised, hidden, and out, with the weights of attention or gates. */
    private static double mixer(TtmConfig c, double rows, double width, int levels) {
        double most = c.numPatches();
        for (int factor : TtmConfig.levelFactors((int) width, levels)) {
            most = Math.max(most, (double) c.numPatches() * factor);
        }
        return rows * width * (3 + Math.max(c.gate().mapWidth(1), c.expansionFactor()))
                + attention(c, rows / c.numPatches() * most * most);
    }

    private static double attention(TtmConfig c, double pairs) {
        return c.selfAttn() ? pairs * c.selfAttnHeads() : 0;
    }

    /** The largest of some parts, and their sum. */
    private static final class Largest {
        private String key;
        private double size;
        private double sum;

        void add(String partKey, double part) {
            sum += part;
            if (part <= size) return;
            key = partKey;
            size = part;
        }
    }
}
