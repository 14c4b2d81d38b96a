package org.ttm4j.ttm.series;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;

/**
 * Pieces of work that the calling thread and the threads of an executor share. The calling thread never waits for a
 * task that has not been started but does the piece itself. It therefore does not matter whether the executor rejects
 * or drops tasks, or whether all its threads are calling this method.
 */
public final class Tiles {
    private final int count;
    private final IntConsumer work;
    private int begun;
    private int running;
    private Throwable failure;

    /** The number of pieces, and the work on a piece of a given number. */
    public Tiles(int count, IntConsumer work) {
        this.count = count;
        this.work = work;
    }

    /**
     * Does all pieces, and throws the first exception of a piece.
     *
     * @param executor whose threads help; may be null
     * @param requireTime called by this thread before each of its pieces; an exception from it ends the work
     */
    public void run(Executor executor, Runnable requireTime) {
        try {
            Thread caller = Thread.currentThread();
            // Some executors run a task on the thread that submits it.
            Runnable help = () -> help(Thread.currentThread() == caller ? requireTime : () -> {});
            for (int i = 1; i < count && executor != null; i++) executor.execute(help);
        } catch (RejectedExecutionException shutDown) {
            // Tasks that were accepted may help; this thread does the rest.
        } catch (RuntimeException | Error e) {
            fail(e);
        }
        help(requireTime);
        awaitOthers();
        if (failure instanceof Error error) throw error;
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

    /** The next piece; −1 if all have been started or one has failed. */
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

    /** Waits for the pieces that other threads have started. */
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
