package org.ttm4j.ttm.run;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;

/**
 * Pieces of work, each done once, by the thread that asks and those of an executor. Nobody waits for a task that has not
 * begun: the calling thread takes on what is left, so that it does not matter whether the executor rejects tasks, drops
 * them, or is busy with those that called.
 */
public final class Tiles {
    private final int count;
    private final IntConsumer work;
    private int begun;
    private int running;
    private Throwable failure;

    /** So many pieces; {@code work} takes the number of one. */
    public Tiles(int count, IntConsumer work) {
        this.count = count;
        this.work = work;
    }

    /**
     * Does all of them and throws what the first of them threw.
     *
     * @param executor null for none
     * @param requireTime called by this thread before each piece that it does; what it throws ends the work
     */
    public void run(Executor executor, Runnable requireTime) {
        try {
            for (int i = 1; i < count && executor != null; i++) executor.execute(() -> help(() -> {}));
        } catch (RejectedExecutionException shutDown) {
            // Those that it accepted may help; the rest is done here.
        } catch (RuntimeException | Error e) {
            fail(e);
        }
        help(requireTime);
        awaitOthers();
        if (failure instanceof Error) throw (Error) failure;
        if (failure != null) throw (RuntimeException) failure;
    }

    private void help(Runnable requireTime) {
        for (int tile = begin(); tile >= 0; tile = begin()) {
            try {
                requireTime.run();
                work.accept(tile);
            } catch (RuntimeException | Error e) {
                fail(e);
            } finally {
                end();
            }
        }
    }

    /** The next piece; −1 when all are begun, or one has failed. */
    private synchronized int begin() {
        if (begun == count || failure != null) return -1;
        running++;
        return begun++;
    }

    private synchronized void fail(Throwable thrown) {
        if (failure == null) failure = thrown;
    }

    private synchronized void end() {
        running--;
        notifyAll();
    }

    /** Waits for what others have begun, which ends whatever becomes of the executor. */
    private synchronized void awaitOthers() {
        boolean interrupted = false;
        while (running > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
