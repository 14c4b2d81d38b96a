package org.ttm4j.data.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShortSeriesTest {
    @Test
    void groupsAreEighteenOfFiveFrequencies() {
        assertEquals(18, Set.copyOf(ShortSeries.groups()).size());
        assertEquals(5, ShortSeries.groups().stream().map(ShortSeries.Group::name).collect(Collectors.toSet()).size());
        assertTrue(ShortSeries.groups().stream().allMatch(group -> group.rows() >= 12 && group.rows() <= 144));
    }

    @Test
    void theSeasonIsThereAndTheNoiseIsSmaller() {
        for (ShortSeries.Group group : ShortSeries.groups()) {
            for (int index = 0; index < 20; index += 2) {
                float[] series = ShortSeries.draw(group, 1, index);
                assertEquals(group.rows() + group.horizon(), series.length);
                assertArrayEquals(series, ShortSeries.draw(group, 1, index));
                assertFalse(Arrays.equals(series, ShortSeries.draw(group, 2, index)));
                double noise = IntStream.range(group.season(), series.length)
                        .mapToDouble(t -> Math.abs(series[t] - series[t - group.season()]))
                        .average()
                        .orElseThrow();
                assertTrue(noise > 0.5 && noise < 9, group + " " + index + ": " + noise);
            }
        }
    }
}
