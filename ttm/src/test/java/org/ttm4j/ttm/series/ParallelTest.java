package org.ttm4j.ttm.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void eachTaskRunsOnce() throws InterruptedException {
        for (int threads : new int[]{1, 2, 5}) {
            for (int count : new int[]{0, 1, 3, 100}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(100);
                AtomicInteger workers = new AtomicInteger();
                Parallel.run(threads, count, () -> {
                    workers.incrementAndGet();
                    return runs::incrementAndGet;
                });
                for (int i = 0; i < 100; i++) assertEquals(i < count ? 1 : 0, runs.get(i));
                assertEquals(Math.min(threads, count), workers.get());
            }
        }
    }

    @Test
    void afterAFailureOrAnInterruptNoTaskBegins() throws InterruptedException {
        for (int threads : new int[]{1, 3}) {
            AtomicInteger begun = new AtomicInteger();
            assertEquals("5",
                    assertThrows(IllegalStateException.class, () -> Parallel.run(threads, 2_000_000_000, () -> i -> {
                        begun.incrementAndGet();
                        if (i == 5) throw new IllegalStateException("5");
                        Thread.yield();
                    })).getMessage());
            assertTrue(begun.get() < 2_000_000_000, "begun " + begun.get());
        }
        Thread caller = Thread.currentThread();
        for (int threads : new int[]{1, 2}) {
            AtomicInteger begun = new AtomicInteger();
            assertThrows(InterruptedException.class, () -> Parallel.run(threads, 2_000_000_000, () -> i -> {
                begun.incrementAndGet();
                if (i == 5) caller.interrupt();
                Thread.yield();
            }));
            assertTrue(begun.get() < 2_000_000_000, "begun " + begun.get());
        }
    }
}
