package org.ttm4j.ttm.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The quantile head, and the loss that trains it.
 *
 * @param enabled whether there is one
 * @param levels Q levels, ascending: an odd number, 0.5 in the middle
 * @param hidden features of a step inside
 * @param kernelSize steps that its convolution sees at once; odd
 * @param eps least distance of neighbouring quantiles, in the scaled space
 * @param useDecoderPool whether it also sees what the decoder made
 * @param path how: as the mean over tokens, or all tokens flattened
 * @param mode whether that is added to the features of a step or put beside them
 * @param decoderDModel features of a token on the flattened path
 * @param middle where the middle quantile comes from
 * @param stepWidths whether what the decoder made also widens or narrows each step; a key of ours ({@code mq_step_widths}), not
 *     of the published models, whose quantiles lie as far apart at the first step as at the last
 * @param pointExtraWeight weight of an extra loss of the point forecast in the loss
 * @param pointExtraLoss which; published models know the absolute error alone, other ones are ours ({@code point_extra_loss})
 * @param widthPenalty weight of the distances of quantiles in the loss
 * @param penalizedWidth which distances those are
 */
public record QuantileHeadConfig(boolean enabled, List<Double> levels, int hidden, int kernelSize, double eps,
        boolean useDecoderPool, Path path, Mode mode, int decoderDModel, Middle middle, boolean stepWidths,
        double pointExtraWeight, TtmConfig.Loss pointExtraLoss, double widthPenalty, Width penalizedWidth) {
    static final QuantileHeadConfig DEFAULT = new QuantileHeadConfig(false,
            List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), 8, 3, 1e-6, false, Path.POOL, Mode.ADD, 8,
            Middle.MEDIAN, false, 0, TtmConfig.Loss.MAE, 0, Width.BOUNDARY);

    /** Far more than anyone asks for. Kernels keep working memory for each. */
    private static final int MAX_LEVELS = 255;
    private static final int MAX_HIDDEN = 1024;

    /** How the head sees the decoder. */
    public enum Path {
        POOL, FLATTEN
    }

    /** How that joins the features of a step. */
    public enum Mode {
        ADD, CONCAT
    }

    /** The middle quantile: the forecast moved by an offset of its own, or the forecast itself. */
    public enum Middle {
        MEDIAN, MEAN
    }

    /** The distance of the outermost quantiles, or the mean distance of all pairs around the middle. */
    public enum Width {
        BOUNDARY, WIS
    }

    /** Sorts the levels. */
    public QuantileHeadConfig {
        levels = levels.stream().sorted().toList();
    }

    static QuantileHeadConfig read(Map<String, ?> json) {
        return new QuantileHeadConfig(ConfigJson.flagOrNull(json, "multi_quantile_head", false), levels(json),
                ConfigJson.integer(json, "mq_hidden", DEFAULT.hidden),
                ConfigJson.integer(json, "mq_kernel_size", DEFAULT.kernelSize),
                ConfigJson.number(json, "mq_eps", DEFAULT.eps),
                ConfigJson.flagOrNull(json, "mq_use_decoder_pool", false),
                ConfigJson.word(json, "mq_cond_path", DEFAULT.path),
                ConfigJson.word(json, "mq_cond_mode", DEFAULT.mode),
                ConfigJson.integer(json, "mq_decoder_d_model", DEFAULT.decoderDModel),
                ConfigJson.word(json, "mq_q50_type", DEFAULT.middle),
                ConfigJson.flagOrNull(json, "mq_step_widths", false), ConfigJson.number(json, "point_extra_weight", 0),
                ConfigJson.word(json, "point_extra_loss", DEFAULT.pointExtraLoss),
                ConfigJson.number(json, "penalize_large_width_ratio", 0),
                ConfigJson.word(json, "width_penalty_mode", DEFAULT.penalizedWidth));
    }

    /** {@code quantile_levels}, or {@code quantile_list} as earlier files have it. */
    private static List<Double> levels(Map<String, ?> json) {
        String key = json.get("quantile_levels") != null ? "quantile_levels" : "quantile_list";
        Object value = json.get(key);
        if (value == null) return DEFAULT.levels;
        String expected = "a list of an odd number of levels between 0 and 1, each once, with 0.5 in the middle";
        if (!(value instanceof List) || ((List<?>) value).size() > MAX_LEVELS) {
            throw ConfigJson.wrong(key, value, expected);
        }
        List<Double> levels = new ArrayList<>();
        for (Object level : (List<?>) value) {
            if (!(level instanceof Number)) throw ConfigJson.wrong(key, value, expected);
            levels.add(((Number) level).doubleValue());
        }
        Collections.sort(levels);
        for (int i = 0; i < levels.size(); i++) {
            boolean ascends = i == 0 || levels.get(i - 1).floatValue() < levels.get(i).floatValue();
            boolean inside = levels.get(i).floatValue() > 0 && levels.get(i).floatValue() < 1;
            if (!ascends || !inside) throw ConfigJson.wrong(key, value, expected);
        }
        boolean centred = levels.size() % 2 == 1 && levels.get(levels.size() / 2) == 0.5;
        if (!centred) throw ConfigJson.wrong(key, value, expected);
        return levels;
    }

    void write(Map<String, Object> json) {
        json.put("multi_quantile_head", enabled);
        json.put("quantile_levels", new ArrayList<Object>(levels));
        json.put("mq_hidden", (long) hidden);
        json.put("mq_kernel_size", (long) kernelSize);
        json.put("mq_eps", eps);
        json.put("mq_use_decoder_pool", useDecoderPool);
        json.put("mq_cond_path", ConfigJson.name(path));
        json.put("mq_cond_mode", ConfigJson.name(mode));
        json.put("mq_decoder_d_model", (long) decoderDModel);
        json.put("mq_q50_type", ConfigJson.name(middle));
        if (stepWidths) json.put("mq_step_widths", true);
        json.put("point_extra_weight", pointExtraWeight);
        if (pointExtraLoss != DEFAULT.pointExtraLoss) json.put("point_extra_loss", ConfigJson.name(pointExtraLoss));
        json.put("penalize_large_width_ratio", widthPenalty);
        json.put("width_penalty_mode", ConfigJson.name(penalizedWidth));
    }

    /** The rules that hold by themselves. */
    void check() {
        ConfigRules.between("mq_hidden", hidden, 1, MAX_HIDDEN);
        ConfigRules.between("mq_kernel_size", kernelSize, 1, MAX_HIDDEN);
        ConfigRules.require(kernelSize % 2 == 1, "mq_kernel_size", kernelSize, "an odd number");
        ConfigRules.between("mq_decoder_d_model", decoderDModel, 1, ConfigRules.MAX_SIZE);
        ConfigRules.requireNonNegative("mq_eps", eps);
        ConfigRules.requireNonNegative("point_extra_weight", pointExtraWeight);
        ConfigRules.require(pointExtraLoss != TtmConfig.Loss.NONE, "point_extra_loss", null, "one to train on");
        ConfigRules.requireNonNegative("penalize_large_width_ratio", widthPenalty);
        ConfigRules.require(!enabled || widthPenalty == 0 || levels.size() >= 3, "penalize_large_width_ratio",
                widthPenalty, "0, as a single quantile has no width, or at least 3 quantile_levels");
    }

    /** The rules that depend on the model around; not for a decomposed one, but for each of its forecasters. */
    void check(TtmConfig c) {
        if (!enabled) return;
        ConfigRules.require(!useDecoderPool || c.useDecoder() || c.decoderDModel() == c.dModel(), "mq_use_decoder_pool",
                true, "false, a decoder, or decoder_d_model = d_model = " + c.dModel() + " without one");
        ConfigRules.require(!stepWidths || useDecoderPool && levels.size() >= 3, "mq_step_widths", true,
                "false, or mq_use_decoder_pool true and at least 3 quantile_levels");
        ConfigRules.require(c.outputLength() > 1,
                c.predictionFilterLength().isPresent() ? "prediction_filter_length" : "prediction_length",
                c.outputLength(), "at least 2 with multi_quantile_head, which normalises over the steps");
    }

    /** Whether there is a head, and each of these ascending levels, at least one, lies among its own or between two of them. */
    public boolean covers(double[] wanted) {
        return enabled && wanted.length > 0 && wanted[0] >= levels.get(0)
                && wanted[wanted.length - 1] <= levels.get(levels.size() - 1);
    }

    /** Levels as floats, as a loss reads them. */
    public float[] floatLevels() {
        float[] floats = new float[levels.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = levels.get(i).floatValue();
        return floats;
    }

    /** Features of a step in front of the last layer. */
    public int stepWidth() {
        return useDecoderPool && mode == Mode.CONCAT ? 2 * hidden : hidden;
    }

    /** The factor of each quantile in the penalty on widths: mean over steps of Σ factor·quantile. */
    public float[] widthFactors() {
        int count = levels.size();
        int pairs = count / 2;
        float[] factors = new float[count];
        int counted = penalizedWidth == Width.BOUNDARY ? Math.min(1, pairs) : pairs;
        for (int i = 0; i < counted; i++) {
            factors[count - 1 - i] = (float) (widthPenalty / counted);
            factors[i] = -factors[count - 1 - i];
        }
        return factors;
    }
}
