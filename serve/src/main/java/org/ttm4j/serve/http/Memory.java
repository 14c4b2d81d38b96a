package org.ttm4j.serve.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ttm4j.serve.http.Problem.Type;

/**
 * The memory that all requests together may take. One half is for what they hold: bodies, series, forecasts and answers, of
 * which each request reserves its share before it takes it. The other half is for the batches that are being forecast, and
 * a part of it for forecasts that may be asked for again. Thread-safe.
 */
public final class Memory {
    /** The heap of a service that does nothing, and the part of the rest that can be full between two collections. */
    private static final long OWN = 56 << 20;
    private static final double USABLE = 0.75;
    private static final long LEAST = 16 << 20;
    private static final int UNIT = 1 << 10;
    /** The part of the second half that is for forecasts which may be asked for again. */
    private static final int CACHE_PART = 8;

    private final long half;
    private final Semaphore free;

    /** @param heap bytes, of which a part is for requests */
    public Memory(long heap) {
        half = (long) Math.max(LEAST, USABLE * (heap - OWN)) / 2;
        free = new Semaphore((int) Math.min(Integer.MAX_VALUE, half / UNIT));
    }

    /** Bytes that batches may take together. */
    public long ofBatches() {
        return half - ofCache();
    }

    /** Bytes that forecasts which may be asked for again take together. */
    public long ofCache() {
        return half / CACHE_PART;
    }

    /** Bytes that requests may hold together. */
    public long ofRequests() {
        return half;
    }

    /** Bytes that requests hold. */
    public long held() {
        return half - (long) UNIT * free.availablePermits();
    }

    /** The share of a request, which holds nothing yet. */
    public Share share() {
        return new Share();
    }

    /** The memory that one request holds; closing releases it. For one thread. */
    public final class Share implements AutoCloseable {
        private int held;

        /**
         * Takes more.
         *
         * @throws Problem when others hold it for longer than a second, or when there is never as much
         */
        public void reserve(long bytes) {
            long all = held() + bytes;
            if (all > half) throw tooLarge(all);
            int needed = (int) (bytes / UNIT);
            try {
                if (free.tryAcquire(needed, 1, TimeUnit.SECONDS)) {
                    held += needed;
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new Problem(Type.TOO_MANY_REQUESTS, "other requests take all memory").retryAfter(1);
        }

        /** Bytes that it holds. */
        public long held() {
            return (long) held * UNIT;
        }

        /** Gives back what is held beyond so many bytes. */
        public void shrinkTo(long bytes) {
            int more = (int) Math.max(0, held - bytes / UNIT);
            free.release(more);
            held -= more;
        }

        @Override
        public void close() {
            shrinkTo(0);
        }
    }

    /** The problem of a request that needs more bytes than there are for any. */
    public Problem tooLarge(long bytes) {
        return new Problem(Type.TOO_LARGE,
                "this takes " + Math.ceilDiv(bytes, 1 << 20) + " MB of memory, and the heap of this service has "
                        + (half >> 20) + " MB for it: send fewer series or steps at a time, or give it more (-Xmx)");
    }
}
