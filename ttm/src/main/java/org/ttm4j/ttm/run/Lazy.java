package org.ttm4j.ttm.run;

import java.util.function.Supplier;

/** A value that is computed once, at the first request; after an exception the next one tries again. Thread-safe. */
public final class Lazy<T> implements Supplier<T> {
    private final Supplier<T> source;
    private volatile T value;

    public Lazy(Supplier<T> source) {
        this.source = source;
    }

    @Override
    public T get() {
        T made = value;
        return made == null ? make() : made;
    }

    private synchronized T make() {
        if (value == null) value = source.get();
        return value;
    }
}
