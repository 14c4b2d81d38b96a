package org.ttm4j.ttm.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.ttm4j.autograd.Graph;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Parallel;

/**
 * Measures a model on validation windows by its training loss, in contrast to
 * {@code org.ttm4j.forecast.rolling.ForecastErrors}, which measures forecasts. The result does not depend on the number
 * of threads, bit for bit.
 */
final class HeldOut {
    private static final int BLOCKS = 8;

    private final WindowSource windows;
    private final int size;
    private final int tile;
    /** One for each thread. */
    private final List<WindowBatch> batches = new ArrayList<>();

    /** Measures the current state of a model on {@code size} windows with the given number of channels. */
    HeldOut(TtmModel model, WindowSource windows, int size, int channels, int threads) {
        this.windows = windows;
        this.size = size;
        tile = Backbone.tile(model.config(), channels);
        for (int i = 0; i < threads; i++) batches.add(new WindowBatch(model, Graph.Mode.INFERENCE, tile, channels));
    }

    /**
     * Losses on windows in the order of series and time.
     *
     * @param mean the mean over all observed entries; NaN if nothing is observed
     * @param blocks the means over {@value #BLOCKS} consecutive parts of equal size, without those in which nothing is
     *     observed
     */
    record Losses(double mean, double[] blocks) {}

    /** The model's current loss: the mean over all observed entries; NaN if nothing is observed. */
    double loss() throws InterruptedException {
        return losses().mean();
    }

    Losses losses() throws InterruptedException {
        double[] sums = new double[(size + tile - 1) / tile];
        double[] counts = new double[sums.length];
        AtomicInteger next = new AtomicInteger();
        Parallel.run(batches.size(), sums.length, () -> {
            WindowBatch batch = batches.get(next.getAndIncrement());
            return task -> {
                double mean = batch.measure(windows, task * tile, Math.min(tile, size - task * tile));
                counts[task] = batch.observed();
                sums[task] = counts[task] == 0 ? 0 : mean * counts[task];
            };
        });
        double[] blockSums = new double[BLOCKS];
        double[] blockCounts = new double[BLOCKS];
        for (int i = 0; i < sums.length; i++) {
            int block = (int) ((long) i * BLOCKS / sums.length);
            blockSums[block] += sums[i];
            blockCounts[block] += counts[i];
        }
        double mean = Arrays.stream(blockSums).sum() / Arrays.stream(blockCounts).sum();
        return new Losses(mean,
                IntStream.range(0, BLOCKS)
                        .filter(block -> blockCounts[block] > 0)
                        .mapToDouble(block -> blockSums[block] / blockCounts[block])
                        .toArray());
    }
}
