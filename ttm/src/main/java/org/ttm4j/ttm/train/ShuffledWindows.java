package org.ttm4j.ttm.train;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Repeats the windows of a source endlessly, in each pass in another random order. Thread-safe. */
final class ShuffledWindows implements WindowSource {
    private final WindowSource source;
    private final int size;
    private final long seed;
    private final Map<Long, int[]> orders = new ConcurrentHashMap<>();

    ShuffledWindows(WindowSource source, int size, long seed) {
        this.source = source;
        this.size = size;
        this.seed = seed;
    }

    @Override
    public void fill(Window window, long index) {
        source.fill(window, number(index));
    }

    @Override
    public float[] hidden(long index) {
        return source.hidden(number(index));
    }

    private int number(long index) {
        long pass = index / size;
        int[] order = orders.computeIfAbsent(pass, this::order);
        // A batch can include windows of two successive passes, not more.
        orders.remove(pass - 2);
        return order[(int) (index % size)];
    }

    private int[] order(long pass) {
        SplittableRandom random = new SplittableRandom(seed + pass);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
