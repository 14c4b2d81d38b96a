package org.ttm4j.ttm.train;

import java.util.Arrays;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Parallel;

/** Windows with the outputs of a frozen backbone, which are computed once. Thread-safe. */
record EncodedWindows(WindowSource windows, float[][] hidden) implements WindowSource {
    /**
     * The windows with the outputs of the backbone. Returns only the windows if the backbone is trained, or if the
     * outputs need more than {@code mostBytes} of memory.
     */
    static WindowSource of(RowWindows windows, TtmModel model, long mostBytes, int threads)
            throws InterruptedException {
        if (!Backbone.isFrozen(model)) return windows;
        long each = new Backbone(model, 1, windows.channels()).hidden.shape().size();
        if (each * Float.BYTES * windows.size() > mostBytes) return windows;
        float[][] hidden = new float[windows.size()][];
        int tile = Backbone.tile(model.config(), windows.channels());
        Parallel.run(threads, (hidden.length + tile - 1) / tile, () -> {
            Backbone backbone = new Backbone(model, tile, windows.channels());
            Window window = Window.of(model.config(), windows.channels());
            return task -> encode(windows, task * tile, backbone, window, hidden);
        });
        return new EncodedWindows(windows, hidden);
    }

    private static void encode(WindowSource windows, int from, Backbone backbone, Window window, float[][] hidden) {
        int size = backbone.hidden.shape().size() / backbone.hidden.shape().dim(0);
        int count = Math.min(backbone.hidden.shape().dim(0), hidden.length - from);
        for (int i = 0; i < count; i++) {
            windows.fill(window, from + i);
            WindowBatch.copy(window, backbone.inputs, i);
        }
        float[] results = backbone.run(count);
        for (int i = 0; i < count; i++) hidden[from + i] = Arrays.copyOfRange(results, i * size, (i + 1) * size);
    }

    @Override
    public void fill(Window window, long index) {
        windows.fill(window, index);
    }

    @Override
    public float[] hidden(long index) {
        return hidden[(int) index];
    }
}
