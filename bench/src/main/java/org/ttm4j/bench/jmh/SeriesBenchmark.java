package org.ttm4j.bench.jmh;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.kernel.LossKernels;
import org.ttm4j.engine.kernel.OptimizerKernels.AdamWSettings;
import org.ttm4j.engine.kernel.SeriesKernels;

/**
 * Kernels on a tile of contexts, among them those of models of several scales, with frequency tokens or of two parts; the
 * losses of a tile of forecasts and of their nine quantiles; and AdamW over as many weights as the published model has.
 */
public class SeriesBenchmark extends Measured {
    private static final int FREQUENCIES = 8;
    private static final int LEVELS = 9;
    private static final int WEIGHTS = 805_280;

    @Param({"standardize", "halve", "strongestFrequencies", "smooth", "softplus", "mse", "pinball", "quantiles",
            "adamW"})
    public String kernel;

    private Runnable work;

    @Setup
    public void setUp() {
        Kernels kernels = KernelSelection.active();
        SeriesKernels series = kernels.series();
        LossKernels loss = kernels.loss();
        int length = BenchModel.CONTEXT;
        int n = TILE * BenchModel.HORIZON;
        float[] x = BenchModel.contexts(TILE);
        float[] y = new float[x.length];
        float[] mask = new float[x.length];
        Arrays.fill(mask, 1);
        float[] loc = new float[TILE];
        float[] scale = new float[TILE];
        float[] scratch = new float[series.smoothScratch(length)];
        float[] target = random(n);
        float[] outputs = random(LEVELS * n);
        float[] positive = new float[LEVELS * n];
        float[] slopes = new float[LEVELS * n];
        float[] levels = new float[LEVELS];
        for (int i = 0; i < LEVELS; i++) levels[i] = (i + 1f) / (LEVELS + 1);
        float[] widths = new float[LEVELS];
        work = switch (kernel) {
            case "standardize" -> () -> kernels.norm().standardize(y, loc, scale, x, mask, TILE, length, 1e-5f);
            case "halve" -> () -> series.halve(y, x, TILE, length);
            case "strongestFrequencies" -> () -> series.strongestFrequencies(y, x, TILE, length, FREQUENCIES, false);
            case "smooth" -> () -> series.smooth(y, scratch, x, TILE, length);
            // Of the distances between the levels.
            case "softplus" -> () -> kernels.activation().softplus(positive, slopes, outputs, 1e-6f, (LEVELS - 1) * n);
            case "mse" -> () -> loss.mse(slopes, outputs, target, mask, n);
            case "pinball" -> () -> loss.pinball(slopes, outputs, target, mask, n, 0.5f);
            case "quantiles" ->
                () -> loss.quantiles(slopes, outputs, target, mask, levels, widths, TILE, BenchModel.HORIZON);
            case "adamW" -> adamW(kernels);
            default -> throw new IllegalArgumentException(kernel);
        };
    }

    private static Runnable adamW(Kernels kernels) {
        AdamWSettings settings = new AdamWSettings(0.9, 0.999, 1e-8, 0.01);
        float[] w = random(WEIGHTS);
        float[] m = new float[WEIGHTS];
        float[] v = new float[WEIGHTS];
        float[] g = random(WEIGHTS + 1);
        return () -> kernels.optimizer().adamW(w, m, v, g, WEIGHTS, 1, 1e-3, settings, 1);
    }

    @Benchmark
    public void run() {
        work.run();
    }
}
