package org.ttm4j.ttm.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.TtmModel;

/** Windows that a model is measured on. The result is the same, bit for bit, on any number of threads. */
final class HeldOut {
    private final WindowSource windows;
    private final int size;
    private final int tile;
    /** One for each thread. */
    private final List<Tile> tiles = new ArrayList<>();

    /** Measures a model, as it is at each measurement, on {@code size} windows of so many channels. */
    HeldOut(TtmModel model, WindowSource windows, int size, int channels, int threads) {
        this.windows = windows;
        this.size = size;
        tile = Backbone.tile(model.config(), channels);
        for (int i = 0; i < threads; i++) tiles.add(new Tile(model, tile, channels));
    }

    /** The model's loss: the mean over all observed entries. NaN when nothing is observed. */
    double loss() throws InterruptedException {
        double[] sums = new double[(size + tile - 1) / tile];
        double[] counts = new double[sums.length];
        AtomicInteger next = new AtomicInteger();
        Parallel.run(tiles.size(), sums.length, () -> {
            Tile own = tiles.get(next.getAndIncrement());
            return task -> {
                own.run(windows, task * tile, Math.min(tile, size - task * tile));
                counts[task] = own.observed();
                sums[task] = own.mean() * counts[task];
            };
        });
        double sum = 0;
        double count = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += sums[i];
            count += counts[i];
        }
        return sum / count;
    }

    /** A graph of a few windows. */
    private static final class Tile {
        private final Graph graph = new Graph(Graph.Mode.INFERENCE);
        private final WindowBatch batch;
        private final Tensor loss;

        Tile(TtmModel model, int windows, int channels) {
            batch = new WindowBatch(model, graph, windows, channels);
            loss = model.loss(batch.forecast(), batch.target(), batch.targetMask());
        }

        void run(WindowSource source, int first, int count) {
            batch.fill(source, first, count);
            graph.forward();
        }

        double mean() {
            return loss.value()[0];
        }

        double observed() {
            double count = 0;
            for (float observed : batch.targetMask().value()) count += observed;
            return count;
        }
    }
}
