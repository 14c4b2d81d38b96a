package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.ttm.model.TtmModel;

/** A host that reloads a program which forecasts, such as an application server, keeps its threads and loses the rest. */
class ClassLoaderTest {
    private static final String KERNELS = "ttm4j.kernels";

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void aThreadThatForecastKeepsNoClasses(String kernels) throws Exception {
        assumeTrue(kernels.equals("scalar") || ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
        Reference<ClassLoader> loader = new WeakReference<>(forecastInLoaderOfItsOwn(kernels), queue);
        // The JDK keeps a type softly that it has linked a record for: until memory runs out. What the compiler still works
        // on when it does is held once more, so once is not always enough.
        int halfOfMemory = (int) (Runtime.getRuntime().maxMemory() / 2 / Long.BYTES);
        Reference<?> collected = null;
        for (int i = 0; i < 60 && collected == null; i++) {
            assertThrows(OutOfMemoryError.class, () -> new long[halfOfMemory].clone());
            System.gc();
            collected = queue.remove(1000);
        }
        assertSame(loader, collected, "the class loader is still reachable");
    }

    private static ClassLoader forecastInLoaderOfItsOwn(String kernels) throws Exception {
        String before = System.setProperty(KERNELS, kernels);
        URL[] classes = {location(KernelSelection.class), location(Tensor.class), location(TtmModel.class),
                location(Forecaster.class)};
        try (URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass(Forecaster.class.getName());
            Object forecaster = type.getMethod("bundled").invoke(null);
            type.getMethod("forecast", float[][].class).invoke(forecaster, (Object) new float[1][600]);
            return loader;
        } finally {
            if (before == null) System.clearProperty(KERNELS);
            else System.setProperty(KERNELS, before);
        }
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
