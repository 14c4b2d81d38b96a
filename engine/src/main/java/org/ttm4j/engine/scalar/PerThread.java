package org.ttm4j.engine.scalar;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * One object for each thread, such as its working memory. A plain {@link ThreadLocal} would keep the object's class
 * loader reachable for as long as the thread lives, so a server that reloads programs and keeps its threads would keep
 * every version. Here the thread holds its object only weakly; this instance holds it softly, until the thread ends or
 * memory runs short. Thread-safe.
 */
public final class PerThread<T> {
    private final Supplier<T> make;
    private final ThreadLocal<WeakReference<T>> local = new ThreadLocal<>();
    private final Map<Thread, SoftReference<T>> held = Collections.synchronizedMap(new WeakHashMap<>());

    /** The supplier makes the object when a thread first asks for it. The object must not refer to its thread. */
    public PerThread(Supplier<T> make) {
        this.make = make;
    }

    /** The object of the calling thread. */
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
