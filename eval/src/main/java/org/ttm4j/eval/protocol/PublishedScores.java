package org.ttm4j.eval.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Published zero-shot errors on the long-horizon benchmark: MSE of standardised values at horizon 96 over all windows.
 * TTM: Ekambaram et al. 2024, arXiv:2401.03955 (research models, few-shot results, and their results for TimesFM) and
 * the model cards of the released checkpoints r1 and r2. Moirai: Woo et al. 2024, arXiv:2402.02592.
 */
public final class PublishedScores {
    public static final int HORIZON = 96;

    /** The data sets of the benchmark with their numbers of channels. */
    private static final Map<String, Integer> CHANNELS = new LinkedHashMap<>();
    /** The mean squared errors of each model in the order of the data sets; NaN if not published. */
    private static final Map<String, double[]> ROWS = new LinkedHashMap<>();

    static {
        CHANNELS.put("ETTh1", 7);
        CHANNELS.put("ETTh2", 7);
        CHANNELS.put("ETTm1", 7);
        CHANNELS.put("ETTm2", 7);
        CHANNELS.put("Weather", 21);
        CHANNELS.put("Electricity", 321);
        CHANNELS.put("Traffic", 862);
        double none = Double.NaN;
        ROWS.put("TTM r1 512 (806 k)", new double[]{.363, .286, .415, .186, .152, .170, .509});
        ROWS.put("TTM r2 512 (806 k)", new double[]{.363, .276, .338, .176, .150, .180, .518});
        ROWS.put("TTM research 512 (855 k)", new double[]{.364, .277, .322, .171, .158, .166, .514});
        ROWS.put("TTM research 1536 (5 M)", new double[]{.359, .264, .318, .169, .159, .152, .462});
        ROWS.put("Moirai small (14 M)", new double[]{.375, .281, .404, .205, .173, .205, none});
        ROWS.put("Moirai base (91 M)", new double[]{.384, .277, .335, .195, .167, .158, none});
        ROWS.put("Moirai large (311 M)", new double[]{.380, .287, .353, .189, .177, .152, none});
        ROWS.put("TimesFM (200 M)", new double[]{.421, .326, .363, .206, none, none, none});
        ROWS.put("TTM r1 512, 5 % few-shot", new double[]{.363, .285, .360, .175, .150, .144, .401});
    }

    private PublishedScores() {}

    public static List<String> models() {
        return List.copyOf(ROWS.keySet());
    }

    /**
     * The benchmark's name of a data set.
     *
     * @param stem the name of its file without extension, in upper or lower case
     * @return null if it is not a data set of the benchmark
     */
    public static String dataSet(String stem, int channels) {
        return CHANNELS.keySet()
                .stream()
                .filter(name -> name.equalsIgnoreCase(stem) && CHANNELS.get(name) == channels)
                .findFirst()
                .orElse(null);
    }

    /** The error of a model on a data set of the benchmark; NaN if not published. */
    public static double mse(String model, String dataSet) {
        return ROWS.get(model)[List.copyOf(CHANNELS.keySet()).indexOf(dataSet)];
    }
}
