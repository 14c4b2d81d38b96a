package org.ttm4j.ttm.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TilesTest {
    @Test
    void aDeadlineAlsoHoldsOnAnExecutorThatRunsTasksAtOnce() {
        AtomicInteger done = new AtomicInteger();
        Tiles tiles = new Tiles(5, tile -> done.incrementAndGet());
        assertThrows(CancellationException.class, () -> tiles.run(Runnable::run, () -> {
            if (done.get() == 2) throw new CancellationException("the deadline is past");
        }));
        assertEquals(2, done.get());
    }
}
