package org.ttm4j.engine.shared;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * One object for each thread, such as its working memory. A thread holds what its {@link ThreadLocal}s hold, and so the
 * class loader of an object's class: a host that reloads programs and keeps its threads would keep every version. Here a
 * thread holds the object weakly, and this holds it for as long as the thread lives and memory suffices. Thread-safe.
 */
public final class PerThread<T> {
    private final Supplier<T> make;
    private final ThreadLocal<WeakReference<T>> local = new ThreadLocal<>();
    private final Map<Thread, SoftReference<T>> held = Collections.synchronizedMap(new WeakHashMap<>());

    /** Objects that are made when a thread first asks; none may lead to its thread. */
    public PerThread(Supplier<T> make) {
        this.make = make;
    }

    /** The object of the thread that asks. */
    public T get() {
        WeakReference<T> reference = local.get();
        T object = reference == null ? null : reference.get();
        return object == null ? first() : object;
    }

    private T first() {
        T object = make.get();
        held.put(Thread.currentThread(), new SoftReference<>(object));
        local.set(new WeakReference<>(object));
        return object;
    }
}
